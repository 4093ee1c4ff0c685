// @ts-check
/**
 * Where the phone is: looked for when a code was read, and once more at the tap where that has brought
 * nothing that counts. The rider may have gone to a window, allowed it, or come closer meanwhile.
 */
import { distanceM, whereAmI } from "../badge/places.js";
import { markOfPlace } from "./judging.js";

const WAIT_MS = 8_000; // after the tap: then it is kept without
const FRESH_MS = 60_000;

/**
 * @typedef {import("./judging.js").Station} Station
 * @typedef {import("../badge/places.js").Fix} Fix
 * @typedef {Fix | "denied" | "none"} Where
 * @typedef {{where: Promise<Where>, at: number}} Look `at`: ms by this phone's clock
 */

/** Begin to look. @returns {Look} */
export const look = () => ({ where: whereAmI(), at: Date.now() });

/**
 * The place that goes with a tap.
 * @param {Look | undefined} before what was begun when the code was read; undefined: it counts no more
 * @param {Station | undefined} station
 * @returns {Promise<Fix | null>}
 */
export async function placeInTime(before, station) {
  /** @type {Promise<"none">} */
  const late = new Promise((resolve) => { setTimeout(() => resolve("none"), WAIT_MS); });
  const first = fixOf(before ? await Promise.race([before.where, late]) : "none");
  const isFresh = before !== undefined && Date.now() - before.at < FRESH_MS;
  if (isFresh && !markOfPlace(station, first)) return first;
  return betterOf(first, fixOf(await Promise.race([whereAmI(), late])), station);
}

/** @param {Where} where */
const fixOf = (where) => (typeof where === "string" ? null : where);

/**
 * The one that less speaks against: of two too far the nearer one, of two that count the more exact one.
 * @param {Fix | null} one
 * @param {Fix | null} other
 * @param {Station | undefined} station
 */
function betterOf(one, other, station) {
  if (!one || !other) return one ?? other;
  const [far, otherFar] = [one, other].map((fix) => (markOfPlace(station, fix) && station ? distanceM(station, fix) : 0));
  const isBetter = otherFar === far ? other.accuracy_m < one.accuracy_m : otherFar < far;
  return isBetter ? other : one;
}
