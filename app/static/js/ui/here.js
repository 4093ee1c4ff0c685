// @ts-check
/** Where this phone is, and distances as one says them. */
import { distanceM } from "../badge/places.js";
import { words } from "./words.js";

/** @typedef {{latitude: number, longitude: number, accuracy_m: number}} Fix */

const LOOK_FOR_MS = 20_000;
const FRESH_MS = 30_000;
/** So far the phone goes before a list is put in another order. */
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

/** Follow the phone where the person has allowed it before. @returns {Promise<boolean>} whether so */
export async function followIfAllowed() {
  const permission = await navigator.permissions?.query({ name: "geolocation" }).catch(() => undefined);
  if (permission?.state === "granted") follow();
  return permission?.state === "granted";
}

/** Follow the phone; the browser may ask for leave. @param {(error: GeolocationPositionError) => void} [failed] */
export function follow(failed = () => undefined) {
  navigator.geolocation?.watchPosition(({ coords }) => take(coords), failed, {
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

/** A distance as one says it. @param {number} metres */
export function distanceWords(metres) {
  return metres < 1000 ? words("metres", { metres: Math.round(metres / 10) * 10 }) : words("kilometres", { kilometres: (metres / 1000).toFixed(1) });
}
