// @ts-check
/** Gates by the code that is printed there, and whether the phone stands before one. */
import { failure, isOurs } from "../outbox/answers.js";
import { call } from "../outbox/calls.js";
import { fact, setFact } from "../outbox/database.js";

const KEPT = 20;
const EARTH_RADIUS_M = 6_371_008.8;
const MOST_ACCURACY_M = 200; // the centre counts no more of it either
const LOOK_MS = 20_000;
const ANSWER_MS = 8_000; // somebody stands before a closed gate

/**
 * @typedef {object} GatePlace
 * @property {{id: number, zh: string, en: string}} gate
 * @property {{id: number, zh: string, en: string}} compound
 * @property {number} latitude
 * @property {number} longitude
 * @property {number} radius_m
 * @property {"entry" | "exit" | "both"} direction
 *
 * @typedef {{latitude: number, longitude: number, accuracy_m: number}} Fix
 */

/** @returns {Promise<Record<string, GatePlace>>} the gates that are remembered, by code */
const remembered = async () => (await fact("places").catch(() => undefined)) ?? {};

/** The gate of a code as it is remembered. @param {string} code @returns {Promise<GatePlace | undefined>} */
export const rememberedGate = async (code) => (await remembered())[code];

/**
 * The gate of a code: from the centre, else as it is remembered.
 * @param {string} code
 * @returns {Promise<GatePlace | "unknown" | null>} unknown: there is none; null: cannot be known now
 */
export async function gateOf(code) {
  const known = await remembered();
  const heard = await call(`/places/${code}`, { timeoutMs: ANSWER_MS });
  if (heard.status === 404 && isOurs(heard)) return "unknown";
  if (failure(heard) || !heard.json?.gate) return known[code] ?? null;
  const others = Object.entries(known).filter(([other]) => other !== code).slice(0, KEPT - 1);
  await setFact("places", Object.fromEntries([[code, heard.json], ...others])).catch(() => undefined);
  return heard.json;
}

/** Where the phone is now. @returns {Promise<Fix | "denied" | "none">} */
export function whereAmI() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve("none");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude, accuracy_m: Math.round(coords.accuracy * 10) / 10 }),
      (error) => resolve(error.code === error.PERMISSION_DENIED ? "denied" : "none"),
      { enableHighAccuracy: true, timeout: LOOK_MS, maximumAge: 10_000 },
    );
  });
}

/**
 * How far beyond what counts as being there, in metres; 0 when near enough.
 * @param {{latitude: number, longitude: number, radius_m: number}} place
 * @param {Fix} fix
 */
export function tooFarBy(place, fix) {
  const reach = place.radius_m + Math.min(fix.accuracy_m, MOST_ACCURACY_M);
  return Math.max(distanceM(place, fix) - reach, 0);
}

/**
 * Great-circle distance, by the haversine formula.
 * @param {{latitude: number, longitude: number}} one degrees, WGS-84
 * @param {{latitude: number, longitude: number}} other
 */
export function distanceM(one, other) {
  const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;
  const across = Math.sin(radians(other.latitude - one.latitude) / 2) ** 2;
  const along = Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  const h = across + Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * along;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(Math.min(1, h)));
}
