// @ts-check
/** Pieces of the field page: state, deadline, what waits, photos. */
import { sayLeft, timeLeft } from "../ui/countdown.js";
import { element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { leftOf } from "./clock.js";
import { sourceOf } from "./pictures.js";

/** @typedef {import("./shown.js").Shown} Shown */
/** @typedef {import("../outbox/database.js").Item} Item */

/** @param {{word: string, icon: string, tone: string}} look */
export function stateMark(look) {
  return element("span", { class: `status ${look.tone}` }, icon(look.icon), look.word);
}

/** The deadline as words and a bar, which ticks. @param {Shown} one @param {number} now_ms by the centre's clock */
export function deadline(one, now_ms) {
  const left = leftOf(one.clock, now_ms);
  if (!left) return [];
  const { unit, whole_s, due_at = null, spans = [], over = "" } = one.clock;
  const said = words(...sayLeft(left.seconds, unit));
  const text = { bad: over, still: words("clock_stopped", { left: said }) }[/** @type {string} */ (left.tone)] ?? said;
  const runs = left.tone !== "bad" && left.tone !== "still";
  return [timeLeft({ words: text, share: left.share, tone: left.tone, unit, due_at, spans: runs ? spans : [], after_s: 0, whole_s: whole_s ?? 0, over })];
}

/** What of a case is still on this phone, in a line. @param {Shown} one @returns {HTMLElement[]} */
export function waitingMarks(one) {
  const marks = one.waiting.slice(-1).map((item) => (
    item.state === "needs_login" ? mark("wait", "lock", words("saved_login")) : mark("wait", "smartphone", words("saved_here"))
  ));
  if (!marks.length && one.arrived) marks.push(mark("ok", "circle-check", words("arrived")));
  return marks;
}

/** @param {string} tone @param {string} symbol @param {string} text */
export function mark(tone, symbol, text) {
  return element("p", { class: `saved ${tone}` }, icon(symbol), element("span", {}, text));
}

/** The words of the centre on what it did not take. @param {Item} item */
export function refusalWords(item) {
  const texts = Object.values(item.errors ?? {}).flat();
  return texts.length ? texts : [words("refused_conflict")];
}

/**
 * @param {number} owner
 * @param {import("./pictures.js").Picture | undefined} picture
 * @param {"thumb" | "large"} size
 * @param {string} alt
 */
export function pictureOf(owner, picture, size, alt) {
  if (!picture?.ready) return element("span", { class: `${size}-none` }, icon("image"));
  const image = /** @type {HTMLImageElement} */ (element("img", { class: size, alt, ...(size === "large" ? { width: String(picture.width), height: String(picture.height) } : { width: "76", height: "76" }) }));
  image.addEventListener("error", () => image.replaceWith(element("span", { class: `${size}-none` }, icon("image"), size === "large" ? words("picture_later") : "")));
  sourceOf(owner, picture[size]).then((source) => { image.src = source; });
  return image;
}
