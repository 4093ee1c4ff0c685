// @ts-check
/** What the phone can say of a code by itself. The centre has the last word: app/blueprints/visits/own.py. */
import { tooFarBy } from "../badge/places.js";
import { isFresh } from "./counter_code.js";
import { isSigned } from "./poster_code.js";

/**
 * @typedef {import("./scanned.js").Scanned} Scanned
 * @typedef {import("./scanned.js").Poster} Poster
 * @typedef {import("./scanned.js").Counter} Counter
 * @typedef {import("../stations/directory.js").Station} Station
 * @typedef {import("../badge/places.js").Fix} Fix
 * @typedef {{keys: import("./poster_code.js").Keys, fetched_at: number}} KeptKeys
 * @typedef {import("./scanned.js").Wrong | "foreign" | "forged"} Refusal
 */

export const KEYS_ARE_FRESH_MS = 24 * 3_600_000; // a new key signs no earlier than so long after it is published
const HOLDS_MS = 10 * 60_000;

/**
 * Why a code is none to check in by; null when it is one, as far as this phone can tell.
 * @param {Scanned} found
 * @param {KeptKeys | null} kept null: this phone has never heard of the keys
 * @param {number} now ms, by this phone's clock
 * @returns {Promise<Refusal | null>}
 */
export async function refusal(found, kept, now) {
  if (found.kind === "counter") return found.foreign ? "foreign" : null;
  if (found.kind !== "poster") return found.kind;
  if (!kept) return found.foreign ? "foreign" : null;
  if (!kept.keys[found.code.kid]) return found.foreign || now - kept.fetched_at < KEYS_ARE_FRESH_MS ? "foreign" : null;
  if (await isSigned(found.code, kept.keys)) return null;
  return found.foreign ? "foreign" : "forged";
}

/**
 * Whether a tap still belongs to the reading: later it counts as of itself.
 * @param {number} read_at ms
 * @param {number} now ms, by the same clock
 */
export const belongsToReading = (read_at, now) => now - read_at < HOLDS_MS;

/**
 * What speaks against a code; it is kept all the same.
 * @param {Poster | Counter} found
 * @param {Station | undefined} station
 * @param {number} read_at ms, by the centre's clock
 * @returns {"stale_code" | "old_poster" | null}
 */
export function markOfCode(found, station, read_at) {
  if (found.kind === "counter") return isFresh(found.code, read_at) ? null : "stale_code";
  return station && found.code.poster < station.poster ? "old_poster" : null;
}

/**
 * What speaks against the place of a phone that read a poster.
 * @param {Station | undefined} station
 * @param {Fix | null} fix
 * @returns {"too_far" | "no_place" | null}
 */
export function markOfPlace(station, fix) {
  if (!fix) return "no_place";
  return station && tooFarBy(station, fix) > 0 ? "too_far" : null;
}
