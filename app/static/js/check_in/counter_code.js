// @ts-check
/**
 * The code on the screen of a station's counter, another one every 30 s. The server's is
 * app/blueprints/visits/counter_codes.py, which tells the form.
 */
import { bigEndian, fromBase64url, joined, toBase64url, utf8 } from "../sk1/bytes.js";

export const SLOT_MS = 30_000;
export const STALE_AFTER_MS = 90_000; // after its slot began, or before
const VERSION = 1;
const FIELD_BYTES = 9;
const MAC_BYTES = 10;
const PREFIX = utf8("SKC1-code\0");
const TEXT = /^[A-Za-z0-9_-]{25}[AQgw]$/; // what is left over of the last character is zero
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** @typedef {{station: number, slot: number}} CounterCode */

/** The slot that a moment lies in. @param {number} ms since 1970 */
export const slotAt = (ms) => Math.floor(ms / SLOT_MS);

/**
 * The code of a slot, as the screen shows it.
 * @param {number} stationId
 * @param {Uint8Array} dayKeyBytes the station's key of the day, in Suzhou, on which the slot begins
 * @param {number} slot
 * @returns {Promise<string>}
 */
export async function counterText(stationId, dayKeyBytes, slot) {
  const place = joined(bigEndian(stationId, 4), bigEndian(slot, 4));
  const key = await crypto.subtle.importKey("raw", bare(dayKeyBytes), HMAC, false, ["sign"]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, bare(joined(PREFIX, place))));
  return toBase64url(joined(bigEndian(VERSION, 1), place, mac.subarray(0, MAC_BYTES)));
}

/** Only the server can tell whether it is ours. @param {string} text @returns {CounterCode | null} */
export function readCounter(text) {
  if (!TEXT.test(text)) return null;
  const bytes = fromBase64url(text);
  const view = new DataView(bytes.buffer, 0, FIELD_BYTES);
  return view.getUint8(0) === VERSION ? { station: view.getUint32(1), slot: view.getUint32(5) } : null;
}

/** Whether the screen may have shown it at a moment. @param {CounterCode} code @param {number} ms */
export const isFresh = ({ slot }, ms) => Math.abs(ms - slot * SLOT_MS) <= STALE_AFTER_MS;

/** For the type checker: none of our bytes are shared between threads. @param {Uint8Array} bytes */
const bare = (bytes) => /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
