// @ts-check
/**
 * Six digits for when the camera fails, typed by the guard and checked with no network: amber at
 * best. app/blueprints/badges/short_codes.py tells how they are made:
 *
 *     badge key = HMAC-SHA256(day key, "SK1-short-badge" 0x00 status index, 4 bytes)
 *     code      = the six digits that RFC 4226, 5.3 takes from HMAC-SHA256(badge key, minute, 8 bytes)
 *
 * A gate holds the days' keys, a phone only its own badge's keys of the same days (in Suzhou).
 */
import { bigEndian, fromBase64url, joined, utf8 } from "./bytes.js";
import { isListExpired, levelOf, listSaysNo } from "./verdict.js";

export const STEP_S = 60;
const DIGITS = 6;
const SUZHOU_AHEAD_S = 8 * 3600;
const HMAC = { name: "HMAC", hash: "SHA-256" };
const BADGE_PREFIX = utf8("SK1-short-badge\0");

/**
 * What a rider's phone shows now.
 * @param {Record<string, string>} keys its badge's, base64url, by day
 * @param {number} status_index
 * @param {number} now_s
 * @returns {Promise<string | null>} "41 482913"; null when no key of this day is held
 */
export async function shortCode(keys, status_index, now_s) {
  const step = Math.floor(now_s / STEP_S);
  const key = keys[dayOf(step)];
  return key ? `${status_index} ${await codeAt(fromBase64url(key), step)}` : null;
}

/**
 * The verdict on what a guard typed.
 * @param {string} text
 * @param {{now_s: number, shortKeys: Record<string, string>, list: import("./verdict.js").ListInHand}} reader
 *   the days' keys, base64url
 * @returns {Promise<{level: import("./verdict.js").Level, reason: string, detail: null, code: null, status_index: number | null}>}
 */
export async function judgeShort(text, { now_s, shortKeys, list }) {
  const typed = readShort(text);
  const reason = typed && (await isRight(typed, shortKeys, now_s))
    ? (listSaysNo(list.statusAt(typed.status_index)) ?? (isListExpired(list, now_s) ? "list_expired" : "short_code"))
    : "bad_short_code";
  return { level: levelOf(reason), reason, detail: null, code: null, status_index: typed?.status_index ?? null };
}

/**
 * The status index, and the six digits behind it, however they are spaced.
 * @param {string} text
 * @returns {{status_index: number, digits: string} | null}
 */
export function readShort(text) {
  const found = text.length <= 40 ? /^([0-9]{1,10})([0-9]{6})$/.exec(text.replace(/[\s-]/g, "")) : null;
  const status_index = Number(found?.[1]);
  return found && status_index < 2 ** 32 ? { status_index, digits: found[2] } : null;
}

/**
 * Whether the digits are those of this minute, the one before or the one after.
 * @param {{status_index: number, digits: string}} typed
 * @param {Record<string, string>} dayKeys
 * @param {number} now_s
 */
async function isRight({ status_index, digits }, dayKeys, now_s) {
  const now = Math.floor(now_s / STEP_S);
  for (const step of [now - 1, now, now + 1]) {
    const key = dayKeys[dayOf(step)];
    if (key && (await codeAt(await badgeKey(fromBase64url(key), status_index), step)) === digits) return true;
  }
  return false;
}

/** @param {Uint8Array} dayKey @param {number} status_index */
const badgeKey = (dayKey, status_index) => hmac(dayKey, joined(BADGE_PREFIX, bigEndian(status_index, 4)));

/** @param {Uint8Array} key the badge's @param {number} step minutes since 1970 @returns {Promise<string>} */
async function codeAt(key, step) {
  const mac = await hmac(key, bigEndian(step, 8));
  const number = new DataView(mac.buffer).getUint32(mac[mac.length - 1] & 15) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** @param {number} step @returns {string} the day in Suzhou, as 2026-11-24 */
function dayOf(step) {
  return new Date((step * STEP_S + SUZHOU_AHEAD_S) * 1000).toISOString().slice(0, 10);
}

/** @param {Uint8Array} key @param {Uint8Array} message */
async function hmac(key, message) {
  const raw = /** @type {Uint8Array<ArrayBuffer>} */ (key);
  const imported = await crypto.subtle.importKey("raw", raw, HMAC, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign(HMAC, imported, /** @type {Uint8Array<ArrayBuffer>} */ (message)));
}
