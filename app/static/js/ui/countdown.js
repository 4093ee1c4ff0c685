// @ts-check
/** Lets what `ui.time_left` drew go on counting, without asking the server. */

import { element, icon } from "./dom.js";
import { words } from "./words.js";

const HOUR_S = 3600;
const WORKING_DAY_S = 8 * HOUR_S;
const LAST_SHARE = 0.25;

/**
 * What app/blueprints/cases/deadline_view.py says of a case; times in ms since 1970.
 * @typedef {{ words: string, share: number, tone: string, unit: string, due_at: number | null,
 *   spans: [number, number][], after_s: number, whole_s: number, over: string }} TimeLeft
 */

/**
 * Seconds of the limit that are left.
 * @param {[number, number][]} spans @param {number} after_s @param {number} now_ms
 */
export function leftAt(spans, after_s, now_ms) {
  const ahead = spans.map(([start, end]) => Math.max(0, end - Math.max(start, now_ms)));
  return Math.floor(ahead.reduce((sum, ms) => sum + ms, 0) / 1000) + after_s;
}

/**
 * The key of the words for so much time, and what goes into them.
 * @param {number} seconds @param {string} unit
 * @returns {[string, Record<string, number>]}
 */
export function sayLeft(seconds, unit) {
  if (unit !== "urgent_hours" && seconds >= WORKING_DAY_S) {
    const days = Math.floor(seconds / WORKING_DAY_S);
    return ["left_days", { days, hours: Math.floor((seconds % WORKING_DAY_S) / HOUR_S) }];
  }
  if (seconds >= HOUR_S) {
    const key = unit === "urgent_hours" ? "left_hours" : "left_working";
    return [key, { hours: Math.floor(seconds / HOUR_S), minutes: Math.floor((seconds % HOUR_S) / 60) }];
  }
  return ["left_minutes", { minutes: Math.floor(seconds / 60), seconds: seconds % 60 }];
}

/** @param {HTMLElement} shown @param {number} now_ms */
function tick(shown, now_ms) {
  const { due, spans, after, whole, unit, over } = shown.dataset;
  const left = leftAt(JSON.parse(spans ?? "[]"), Number(after), now_ms);
  const late = now_ms >= Number(due);
  const share = late ? 0 : Math.min(1, left / (Number(whole) || 1));
  draw(shown, late ? over ?? "" : words(...sayLeft(left, unit ?? "")), share, late);
  if (late) delete shown.dataset.spans; // nothing more to count
}

/** @param {HTMLElement} shown @param {string} text @param {number} share @param {boolean} late */
function draw(shown, text, share, late) {
  const tone = late ? "bad" : share <= LAST_SHARE ? "wait" : "ok";
  if (!shown.classList.contains(tone)) {
    shown.classList.remove("ok", "wait", "bad");
    shown.classList.add(tone);
    shown.querySelector(".icon")?.replaceWith(icon(late ? "triangle-alert" : "clock"));
  }
  const place = shown.querySelector(".time-words");
  if (place && place.textContent !== text) place.textContent = text;
  const bar = shown.querySelector("meter");
  if (bar) bar.value = share;
}

/** @param {TimeLeft} time @returns {HTMLElement} the same as the macro `ui.time_left` draws */
export function timeLeft(time) {
  const symbol = time.tone === "bad" ? "triangle-alert" : time.tone === "still" ? "pause" : "clock";
  const bar = element("meter", { min: "0", max: "1", value: String(time.share), "aria-hidden": "true" });
  const said = element("span", { class: "time-words" }, time.words);
  const made = element("span", { class: `time-left ${time.tone}` }, icon(symbol), said, bar);
  if (!time.spans.length) return made;
  Object.assign(made.dataset, {
    due: time.due_at, spans: JSON.stringify(time.spans), after: time.after_s, whole: time.whole_s,
    unit: time.unit, over: time.over,
  });
  return made;
}

/**
 * Lets every countdown on the page tick, those that come later too.
 * @param {() => number} now_ms the time, corrected for a wrong clock where the page knows better
 */
export function startCountdowns(now_ms = Date.now) {
  const all = () => {
    const shown = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".time-left[data-spans]"));
    const now = now_ms();
    for (const one of shown) tick(one, now);
  };
  all();
  setInterval(all, 1000);
}
