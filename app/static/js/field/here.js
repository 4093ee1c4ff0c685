// @ts-check
/** How far this phone is from a case, and the way there. */
import { distanceM } from "../badge/places.js";
import { place } from "../ui/here.js";

export { distanceWords, fix, follow, followIfAllowed, onPlace, place } from "../ui/here.js";

export const FAR_M = 200;

/**
 * @param {Record<string, any>} one a case
 * @param {{latitude?: number | null, longitude?: number | null} | null} [from]
 * @returns {number | null} metres
 */
export function awayM(one, from = place()) {
  if (!from || typeof from.latitude !== "number" || typeof from.longitude !== "number" || one.latitude === null || one.longitude === null) return null;
  return distanceM(/** @type {any} */ (from), /** @type {any} */ (one));
}

/** The way to a place in the phone's map. @param {Record<string, any>} one */
export function wayTo({ latitude, longitude, place: named }) {
  const there = `${latitude},${longitude}`;
  const apple = /iPhone|iPad|Macintosh/.test(navigator.userAgent);
  return apple ? `https://maps.apple.com/?daddr=${there}` : `geo:${there}?q=${there}(${encodeURIComponent(named || there)})`;
}
