// @ts-check
/** From what was read or typed to whether it counts, and to who it is. No network, no screen. */
import { nowS } from "../badge/clock.js";
import { decode } from "../sk1/codec.js";
import { judgeShort } from "../sk1/short_code.js";
import { judge } from "../sk1/verdict.js";
import { counter } from "./counter.js";

/**
 * @typedef {"right" | "wrong" | "unknown"} Outcome wrong: it does not count, but it may be logged
 *   and will be marked; unknown: nothing is known of whoever shows it
 * @typedef {{outcome: Outcome, reason: string, label: string, text: string, badge: string | null,
 *   code: import("../sk1/codec.js").Code | null}} Judged
 */

const FORGED = ["not_ours", "malformed", "unknown_key", "bad_signature"];
/** The centre judges once more, by a list that is never old. */
const LENIENT = ["list_expired"];

/** @param {string} text @returns {Promise<Judged>} */
export async function judgeBadge(text) {
  const { data, list } = /** @type {import("./bundle.js").Bundle} */ (counter.bundle);
  const { level, reason, code } = await judge(text, {
    now_s: nowS(), keys: data.issuer_keys, scopes: scopesOf(text), list, challenge: null, replays: counter.replays,
  });
  const outcome = FORGED.includes(reason) ? "unknown" : level !== "red" || LENIENT.includes(reason) ? "right" : "wrong";
  const { label, badge_id } = code?.credential ?? { label: "", badge_id: null };
  return { outcome, reason: reasonOf(text, reason), label: outcome === "unknown" ? "" : label, text, badge: badge_id, code };
}

/** Stations serve every rider: whatever group of compounds a badge is for, it is for here. @param {string} text */
function scopesOf(text) {
  const credential = credentialIn(text);
  return credential ? [credential.scope] : [];
}

/** The badge in a text, or null. @param {string} text */
export const badgeIn = (text) => credentialIn(text)?.badge_id ?? null;

/** @param {string} text */
function credentialIn(text) {
  try {
    return decode(text).credential;
  } catch {
    return null;
  }
}

/** A code of ours that is no badge was shown by mistake. @param {string} text @param {string} reason */
function reasonOf(text, reason) {
  return reason === "not_ours" && /\/check-in#/.test(text) ? "station_code" : reason;
}

/**
 * Digits that the host typed: those below a badge's code, else a mobile number.
 * @param {string} digits
 * @returns {Promise<{outcome: Outcome | "mobile", reason: string, number: string}>} number: as it is written down
 */
export async function judgeDigits(digits) {
  const { data, list } = /** @type {import("./bundle.js").Bundle} */ (counter.bundle);
  const { reason } = await judgeShort(digits, { now_s: nowS(), shortKeys: data.short_keys, list });
  const spaced = `${digits.slice(0, -6)} ${digits.slice(-6)}`;
  if (reason === "short_code" || LENIENT.includes(reason)) return { outcome: "right", reason, number: spaced };
  if (reason !== "bad_short_code") return { outcome: "wrong", reason, number: spaced };
  if (/^1[3-9]\d{9}$/.test(digits)) return { outcome: "mobile", reason: "", number: digits };
  return { outcome: "unknown", reason, number: digits };
}
