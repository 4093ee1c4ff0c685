// @ts-check
/** Pieces of the tasks' pages: state, proof, time, a card. */
import { nowMs } from "../badge/clock.js";
import { sayLeft, timeLeft } from "../ui/countdown.js";
import { element, icon, localTime } from "../ui/dom.js";
import { distanceWords } from "../ui/here.js";
import { words } from "../ui/words.js";
import { isMine } from "./shown.js";
import { spanWords } from "./time.js";
import { awayM, placeWords } from "./where.js";

/**
 * @typedef {import("./shown.js").Shown} Shown
 * @typedef {{word: string, icon: string, tone: string}} Look
 */

/** Its seconds are counted before the eyes when so much or less is left. */
const TICKS_BELOW_S = 2 * 86_400;

/** @type {{states: Record<string, Look>, roles: Record<string, string>}} */
const table = JSON.parse(document.getElementById("task-table")?.textContent ?? "{}");

/** One of the five roles. @param {string} name in the data */
export const roleWord = (name) => table.roles[name] ?? name;

/** @param {string} state of a claim */
export function stateMark(state) {
  const look = table.states[state];
  return element("span", { class: `status ${look.tone}` }, icon(look.icon), look.word);
}

/** @param {number} points */
export function pointsMark(points) {
  return element("span", { class: "points number" }, icon("star"), words("points", { points }));
}

/** How long the claim still runs, ticking. @param {Shown} task @returns {HTMLElement[]} */
export function dueMark(task) {
  const now = nowMs();
  const left_s = Math.floor((task.claim.due_at - now) / 1000);
  const whole_s = Math.max(1, Math.round((task.claim.due_at - task.claim.claimed_at) / 1000));
  if (left_s > TICKS_BELOW_S) return [line("clock", words("due_at", { time: localTime(task.claim.due_at) }))];
  const over = words("due_over");
  const share = Math.max(0, Math.min(1, left_s / whole_s));
  const said = left_s > 0 ? words(...sayLeft(left_s, "urgent_hours")) : over;
  return [timeLeft({
    words: said, share, tone: left_s <= 0 ? "bad" : share <= 0.25 ? "wait" : "ok", unit: "urgent_hours",
    due_at: task.claim.due_at, spans: left_s > 0 ? [[task.claim.claimed_at, task.claim.due_at]] : [], after_s: 0, whole_s, over,
  })];
}

/** Until when somebody may still do it. @param {Shown} task */
export function endWords(task) {
  const now = nowMs();
  if (task.starts_at > now) return words("begins", { time: localTime(task.starts_at) });
  if (task.ends_at <= now) return words("ended");
  return words("ends_in", { span: words(...spanWords(task.ends_at - now)) });
}

/** @param {Shown} task */
export function leftWords({ left }) {
  return left > 0 ? words("places_left", { count: left }) : words("places_none");
}

/** What must be shown, as icons with short words. @param {Shown} task */
export function proofMarks({ proof }) {
  const marks = [];
  if (proof.photos) marks.push(["camera", words("proof_photos", { count: proof.photos })]);
  if (proof.place) marks.push(["map-pin", words("proof_place")]);
  if (proof.check_in) marks.push(["coffee", words("proof_check_in")]);
  if (proof.questions.length) marks.push(["list-checks", words("proof_questions", { count: proof.questions.length })]);
  return element("span", { class: "proof-marks small" }, ...marks.map(([symbol, text]) => element("span", {}, icon(symbol), text)));
}

/** What of a task is still on this phone, in a line. @param {Shown} task @returns {HTMLElement[]} */
export function waitingMarks(task) {
  const last = task.waiting.at(-1);
  if (last) return [mark("wait", last.state === "needs_login" ? "lock" : "smartphone", words(last.state === "needs_login" ? "saved_login" : "saved_here"))];
  return task.arrived ? [mark("ok", "circle-check", words("arrived"))] : [];
}

/** @param {string} tone @param {string} symbol @param {string} text */
export function mark(tone, symbol, text) {
  return element("p", { class: `saved ${tone}` }, icon(symbol), element("span", {}, text));
}

/** @param {string} symbol @param {string} text */
export function line(symbol, text) {
  return element("span", { class: "with-icon" }, icon(symbol), element("span", {}, text));
}

/** The words of the centre on what it did not take. @param {import("../outbox/database.js").Item} item */
export function refusalWords(item) {
  const texts = Object.values(item.errors ?? {}).flat();
  return texts.length ? texts : [words("refused_conflict")];
}

/** A task in a list. @param {Shown} task */
export function taskCard(task) {
  const away = awayM(task);
  const where = [away === null ? "" : distanceWords(away), placeWords(task)].filter(Boolean).join(" · ");
  const card = element("a", { class: "task-card", href: `#t=${task.id}`, "data-task": String(task.id), "data-state": task.state },
    element("strong", {}, task.title), pointsMark(task.points),
    element("span", { class: "muted small where" }, icon("map-pin"), element("span", {}, where)));
  if (task.state === "open" || task.state === "released") card.append(offered(task));
  else card.append(element("span", { class: "row tight claim-line" }, stateMark(task.state), ...(isMine(task) ? dueMark(task) : [])));
  card.append(...(isMine(task) && task.claim.reason ? [mark("bad", "undo-2", task.claim.reason)] : []), ...waitingMarks(task));
  for (const item of task.refused) card.append(mark("bad", "triangle-alert", refusalWords(item)[0]));
  return card;
}

/** @param {Shown} task */
function offered(task) {
  const bar = task.why ? [element("span", { class: "small bar-words" }, icon("lock"), words(`why_${task.why}`, { count: task.min_star }))] : [];
  return element("span", { class: "offered" },
    proofMarks(task), element("span", { class: "small number" }, `${leftWords(task)} · ${endWords(task)}`), ...bar);
}
