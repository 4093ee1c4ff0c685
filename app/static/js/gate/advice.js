// @ts-check
/** What the screen says for a verdict: one word, and one line on what to do. Pure. */

/**
 * @typedef {{icon: string, word: string, line: string, values: Record<string, string | number>}} Advice
 *   word and line are keys of the page's words
 */

const ICONS = { green: "shield-check", amber: "shield-alert", red: "shield-x" };
const HOUR_S = 3600;
/** Reasons whose line names the compound's number, if it has one. */
const CALLS = ["bad_signature", "revoked"];
/** @type {Record<string, string | number>} */
const NO_VALUES = {};

/**
 * @param {import("./judging.js").Judged} judged
 * @param {{rules: import("./rules.js").Rules, call: string, list_iat: number, now_s: number}} gate
 * @returns {Advice}
 */
export function adviceFor(judged, gate) {
  const { verdict, direction } = judged;
  const icon = ICONS[verdict.level];
  if (verdict.level === "green") return { icon, word: direction, line: greenLine(direction, gate.rules), values: NO_VALUES };
  const word = verdict.level === "amber" ? "check" : "stop";
  const values = { ...valuesFor(judged, gate), call: gate.call };
  const line = verdict.reason === "gate_closed" ? `why_${verdict.detail}` : `why_${verdict.reason}`;
  return { icon, word, line: gate.call && CALLS.includes(verdict.reason) ? `${line}_call` : line, values };
}

/** What to mind about the e-bike. @param {"entry" | "exit"} direction @param {import("./rules.js").Rules} rules */
export function greenLine(direction, { vehicles }) {
  return direction === "exit" || vehicles === "any" ? "" : `vehicle_${vehicles}`;
}

/**
 * @param {import("./judging.js").Judged} judged
 * @param {{rules: import("./rules.js").Rules, list_iat: number, now_s: number}} gate
 */
function valuesFor({ off_s }, { rules, list_iat, now_s }) {
  return {
    minutes: Math.round(Math.abs(off_s ?? 0) / 60),
    seconds: Math.abs(off_s ?? 0),
    hours: Math.max(Math.round((now_s - list_iat) / HOUR_S), 0),
    opens: clock(rules.opens),
    closes: clock(rules.closes),
    cap: rules.printed_cap ?? 0,
  };
}

/** @param {number} minutes of the day */
function clock(minutes) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
