// @ts-check
/** From what was read or typed to a verdict, and to who it is. No network, no screen. */
import { toHex } from "../sk1/bytes.js";
import { challengeBytes, decode } from "../sk1/codec.js";
import { judgeShort } from "../sk1/short_code.js";
import { judge } from "../sk1/verdict.js";
import { gate, inside, keepAccepted, known } from "./gate.js";
import { refusal } from "./rules.js";
import { nowS } from "./time.js";

/**
 * @typedef {"entry" | "exit"} Direction
 * @typedef {import("../sk1/codec.js").Code} Code
 *
 * @typedef {object} Judged
 * @property {{level: "green" | "amber" | "red", reason: string, detail: string | null}} verdict
 * @property {Code | null} code
 * @property {string | null} text what was read
 * @property {string | null} short what was typed
 * @property {string | null} challenge hexadecimal, when one was asked
 * @property {number | null} rider user id, when found by hand
 * @property {string | null} badge 16 hexadecimal digits
 * @property {string} label
 * @property {string} portrait 16 hexadecimal digits, zeros for none
 * @property {Direction} direction
 * @property {boolean} proposed whether the direction is our proposal, because the rider is inside
 * @property {"live" | "printed" | "short" | "manual"} method
 * @property {number | null} off_s the proof's time minus ours
 */

export const NO_PORTRAIT = "0".repeat(16);

/**
 * The direction of a badge: who is inside goes out, where the gate lets both.
 * @param {string | null} badge
 * @param {{wanted: Direction, firm: boolean}} toggle firm: the guard insists
 * @returns {{direction: Direction, proposed: boolean}}
 */
export function directionOf(badge, { wanted, firm }) {
  const { direction } = known().rules;
  if (direction !== "both") return { direction: wanted, proposed: false };
  const proposed = !firm && wanted === "entry" && badge !== null && inside().has(badge);
  return { direction: proposed ? "exit" : wanted, proposed };
}

/** The badge in a text, or null. @param {string} text @returns {string | null} */
export function badgeIn(text) {
  try {
    return decode(text).credential.badge_id;
  } catch {
    return null;
  }
}

/** Whether it is the code of a printed badge. @param {string} text */
export function isPrinted(text) {
  try {
    return decode(text).proof === null;
  } catch {
    return false;
  }
}

/** Whether a text answers any challenge at all. @param {string} text */
export function answersChallenge(text) {
  try {
    return (decode(text).proof?.challenge.length ?? 0) > 0;
  } catch {
    return true; // no code at all: the verdict says so
  }
}

/**
 * @param {string} text
 * @param {{wanted: Direction, firm: boolean}} toggle
 * @param {string | null} asked the eight digits of a challenge
 * @returns {Promise<Judged>}
 */
export async function judgeText(text, toggle, asked) {
  const { data, list } = /** @type {import("./bundle.js").Bundle} */ (gate.bundle);
  const { direction, proposed } = directionOf(badgeIn(text), toggle);
  const now_s = nowS();
  const challenge = asked === null ? null : challengeBytes(asked);
  const verdict = await judge(text, {
    now_s, keys: data.issuer_keys, scopes: data.scopes, list, challenge, replays: gate.replays,
    gateRefuses: (code) => refusal({ printed: printedBadge(code), direction }, known(), now_s),
  });
  const { code } = verdict;
  if (verdict.level !== "red") keepAccepted();
  return {
    verdict: { level: verdict.level, reason: verdict.reason, detail: verdict.detail },
    code, text, short: null, challenge: challenge && toHex(challenge), rider: null,
    badge: code?.credential.badge_id ?? null, label: code?.credential.label ?? "",
    portrait: code?.credential.portrait ?? NO_PORTRAIT, direction, proposed,
    method: code && !code.proof ? "printed" : "live",
    off_s: code?.proof && isByPhone(verdict.reason) ? code.proof.time_s - now_s : null,
  };
}

/** Whether the verdict was reached with a proof that is good. @param {string} reason */
function isByPhone(reason) {
  return ["clock", "replayed", "list_expired", "clock_skew", "list_stale", "ok"].includes(reason);
}

/** @param {Code} code @returns {string | null} */
const printedBadge = ({ credential, proof }) => (proof ? null : credential.badge_id);

/**
 * @param {string} typed "41 482913"
 * @param {{wanted: Direction, firm: boolean}} toggle
 * @returns {Promise<Judged>}
 */
export async function judgeTyped(typed, toggle) {
  const { data, list, byIndex } = /** @type {import("./bundle.js").Bundle} */ (gate.bundle);
  const now_s = nowS();
  const { level, reason, status_index } = await judgeShort(typed, { now_s, shortKeys: data.short_keys, list });
  const row = reason === "bad_short_code" ? undefined : byIndex.get(status_index ?? -1);
  const badge = row?.[1] ?? null;
  const { direction, proposed } = directionOf(badge, toggle);
  const refused = level === "red" ? null : refusal({ printed: null, direction }, known(), now_s);
  return {
    verdict: refused ? { level: "red", reason: "gate_closed", detail: refused } : { level, reason, detail: null },
    code: null, text: null, short: typed, challenge: null, rider: null, badge,
    label: row?.[2] ?? "", portrait: row?.[3] ?? NO_PORTRAIT, direction, proposed, method: "short", off_s: null,
  };
}

/**
 * A rider found by name, without a code: the guard decides by the face.
 * @param {{id: number, label: string, portrait: string | null, badge: string | null, state: string}} rider
 * @param {{wanted: Direction, firm: boolean}} toggle
 * @returns {Judged}
 */
export function judgeFound({ id, label, portrait, badge, state }, toggle) {
  const { direction, proposed } = directionOf(badge, toggle);
  const refused = refusal({ printed: null, direction }, known(), nowS());
  const red = state === "active" ? (refused ? "gate_closed" : null) : state;
  return {
    verdict: { level: red ? "red" : "amber", reason: red ?? "manual", detail: red === "gate_closed" ? refused : null },
    code: null, text: null, short: null, challenge: null, rider: id, badge, label,
    portrait: portrait ?? NO_PORTRAIT, direction, proposed, method: "manual", off_s: null,
  };
}
