// @ts-check
/** How long it takes to a station, on foot and by scooter, and the order of a list. */
import { distanceM } from "../badge/places.js";
import { openAt } from "./directory.js";

/**
 * @typedef {import("./directory.js").Station} Station
 * @typedef {{latitude: number, longitude: number}} Place
 * @typedef {{station: Station, away: number | null}} Found away: metres as the crow flies; null: unknown
 * @typedef {{open: boolean, facilities: string[]}} Filter
 */

/** Streets are so much longer than the straight line. */
const DETOUR = 1.3;
/** Metres a minute: 4.8 km/h, 15 km/h. */
const FOOT = 80;
const SCOOTER = 250;
const REACH_MIN = 15;

/** So far one comes within 15 minutes, as the crow flies. */
export const FOOT_M = (REACH_MIN * FOOT) / DETOUR;
export const SCOOTER_M = (REACH_MIN * SCOOTER) / DETOUR;

/** @param {number} metres */
export const minutesOnFoot = (metres) => Math.max(1, Math.round((metres * DETOUR) / FOOT));

/** @param {number} metres */
export const minutesByScooter = (metres) => Math.max(1, Math.round((metres * DETOUR) / SCOOTER));

/** In which of the circles a distance lies. @param {number | null} metres @returns {"any" | "foot" | "scooter" | "far"} */
export function circleOf(metres) {
  if (metres === null) return "any";
  if (metres <= FOOT_M) return "foot";
  return metres <= SCOOTER_M ? "scooter" : "far";
}

/** @param {Station} station @param {Filter} filter @param {number} now ms */
export function fits(station, { open, facilities }, now) {
  if (open && openAt(station, now) !== "open") return false;
  return facilities.every((wanted) => station.facilities.some(({ name, works }) => name === wanted && works));
}

/**
 * The stations that fit, the nearest first; by number where the place is not known.
 * @param {Station[]} stations
 * @param {Place | null} here
 * @param {Filter} filter
 * @param {number} now ms
 * @returns {Found[]}
 */
export function found(stations, here, filter, now) {
  const fitting = stations.filter((station) => fits(station, filter, now));
  if (!here) return fitting.map((station) => ({ station, away: null })).sort(byNumber);
  return fitting.map((station) => ({ station, away: distanceM(here, station) })).sort(byDistance);
}

/** @param {Found} one @param {Found} other */
function byDistance(one, other) {
  return /** @type {number} */ (one.away) - /** @type {number} */ (other.away) || one.station.id - other.station.id;
}

/** @param {Found} one @param {Found} other */
function byNumber({ station: one }, { station: other }) {
  if (one.number === other.number) return 0;
  return one.number < other.number ? -1 : 1;
}
