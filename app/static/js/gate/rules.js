// @ts-check
/**
 * What a gate's own rules refuse, whoever issued the code. The server has the same rules in
 * app/blueprints/gates/rules.py; tests/vectors/gate_rules.json holds both to the same answers.
 *
 * Hours, "live only" and the cap bind who comes in: whoever is inside may always leave.
 */
import { localDay } from "./local_day.js";

/**
 * @typedef {"entry" | "exit"} Direction
 * @typedef {"hours" | "live_only" | "printed_cap" | "direction"} Refusal
 * @typedef {object} Rules
 * @property {number} weekdays bit 0 is Monday
 * @property {number} opens minutes of the local day; the same as `closes` means always
 * @property {number} closes earlier than `opens` means over night
 * @property {boolean} live_only
 * @property {number | null} printed_cap entries a day of one printed badge
 * @property {"any" | "push" | "foot"} vehicles
 * @property {"both" | "entry" | "exit"} direction
 *
 * @typedef {object} Known what the gate knows
 * @property {Rules} rules
 * @property {Record<string, number>} printed_today entries of today by badge, 16 hexadecimal digits
 *
 * @typedef {object} Shown what was shown
 * @property {string | null} printed the badge when it is a printed one, 16 hexadecimal digits
 * @property {Direction} direction
 */

/**
 * Why this gate refuses, or null.
 * @param {Shown} shown
 * @param {Known} known
 * @param {number} now_s seconds since 1970
 * @returns {Refusal | null}
 */
export function refusal({ printed, direction }, { rules, printed_today }, now_s) {
  if (rules.direction !== "both" && rules.direction !== direction) return "direction";
  if (direction === "exit") return null;
  if (!isOpen(rules, now_s)) return "hours";
  if (printed === null) return null;
  if (rules.live_only) return "live_only";
  const { printed_cap: cap } = rules;
  return cap !== null && (printed_today[printed] ?? 0) >= cap ? "printed_cap" : null;
}

/**
 * Whether the gate is open. Over night the weekday is that of the evening.
 * @param {Rules} rules
 * @param {number} now_s
 */
export function isOpen({ weekdays, opens, closes }, now_s) {
  const { weekday, minute } = localDay(now_s * 1000);
  const opensOn = (/** @type {number} */ day) => Boolean(weekdays & (1 << ((day + 7) % 7)));
  if (opens === closes) return opensOn(weekday);
  if (opens < closes) return opensOn(weekday) && opens <= minute && minute < closes;
  return minute >= opens ? opensOn(weekday) : minute < closes && opensOn(weekday - 1);
}
