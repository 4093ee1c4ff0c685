// @ts-check
/** Where this phone is, and how far that is from a case. */
import { distanceM } from "../badge/places.js";
import { words } from "../ui/words.js";

/** @typedef {{latitude: number, longitude: number, accuracy_m: number}} Fix */

export const FAR_M = 200;
const LOOK_FOR_MS = 20_000;
const FRESH_MS = 30_000;
/** So far the phone goes before the list is put in another order. */
const STEP_M = 25;
/** @type {Fix | null} */
let here = null;
/** @type {Set<() => void>} */
const listeners = new Set();

export const place = () => here;

/** @param {() => void} listener called when the place is known better */
export function onPlace(listener) {
  listeners.add(listener);
}

/** Follow the phone where the person has allowed it before. */
export async function followIfAllowed() {
  const permission = await navigator.permissions?.query({ name: "geolocation" }).catch(() => undefined);
  if (permission?.state === "granted") follow();
}

/** Follow the phone; the browser may ask for leave. */
export function follow() {
  navigator.geolocation?.watchPosition(({ coords }) => take(coords), () => undefined, {
    enableHighAccuracy: true, maximumAge: FRESH_MS, timeout: LOOK_FOR_MS,
  });
}

/** Where the phone is at this moment. @returns {Promise<Fix | null>} null when it cannot say */
export function fix() {
  if (!navigator.geolocation) return Promise.resolve(null);
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve(take(coords)), () => resolve(null),
      { enableHighAccuracy: true, maximumAge: FRESH_MS, timeout: LOOK_FOR_MS },
    );
  });
}

/** @param {GeolocationCoordinates} coords @returns {Fix} */
function take(coords) {
  const found = { latitude: coords.latitude, longitude: coords.longitude, accuracy_m: Math.round(coords.accuracy * 10) / 10 };
  if (!here || distanceM(here, found) > STEP_M) {
    here = found;
    listeners.forEach((listener) => listener());
  }
  return found;
}

/**
 * @param {Record<string, any>} one a case
 * @param {{latitude?: number | null, longitude?: number | null} | null} [from]
 * @returns {number | null} metres
 */
export function awayM(one, from = here) {
  if (!from || typeof from.latitude !== "number" || typeof from.longitude !== "number" || one.latitude === null || one.longitude === null) return null;
  return distanceM(/** @type {any} */ (from), one);
}

/** A distance as one says it. @param {number} metres */
export function distanceWords(metres) {
  return metres < 1000 ? words("metres", { metres: Math.round(metres / 10) * 10 }) : words("kilometres", { kilometres: (metres / 1000).toFixed(1) });
}

/** The way to a place in the phone's map. @param {Record<string, any>} one */
export function wayTo({ latitude, longitude, place: named }) {
  const there = `${latitude},${longitude}`;
  const apple = /iPhone|iPad|Macintosh/.test(navigator.userAgent);
  return apple ? `https://maps.apple.com/?daddr=${there}` : `geo:${there}?q=${there}(${encodeURIComponent(named || there)})`;
}
