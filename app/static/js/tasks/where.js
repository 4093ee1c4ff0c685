// @ts-check
/** How far a task is, and the words on where. */
import { distanceM } from "../badge/places.js";
import { distanceWords, place } from "../ui/here.js";
import { words } from "../ui/words.js";
import { SCOOTER_M } from "../stations/reach.js";

/**
 * @typedef {import("./shown.js").Shown} Shown
 * @typedef {{latitude?: number | null, longitude?: number | null}} Point
 */

const MOST_ACCURACY_M = 200; // the centre counts no more of it either

/** @param {Shown} task @param {Point | null} [from] @returns {number | null} metres to its point; null for an area */
export function awayM(task, from = place()) {
  if (!from || typeof from.latitude !== "number" || typeof from.longitude !== "number" || task.latitude === null) return null;
  return distanceM(/** @type {any} */ (from), /** @type {any} */ (task));
}

/** Within 15 minutes by scooter; an area may be entered from anywhere. @param {Shown} task */
export function isNear(task) {
  const away = awayM(task);
  return away === null || away <= SCOOTER_M;
}

/** @param {Shown} task */
export const placeWords = (task) => task.place || (task.area ? words("somewhere_in", { area: task.area }) : words("place_on_map"));

/**
 * What a fix says of being there; "" where no place is asked for.
 * @param {Shown} task
 * @param {Record<string, any>} fix `latitude`, `longitude`, `accuracy_m`, or none of them
 * @returns {{word: string, values: Record<string, string>, far: boolean}}
 */
export function thereWords(task, fix) {
  const away = awayM(task, fix);
  if (typeof fix.latitude !== "number") return { word: "there_unknown", values: {}, far: false };
  if (away === null) return { word: "there_noted", values: {}, far: false };
  const far = away > task.radius_m + Math.min(fix.accuracy_m ?? 0, MOST_ACCURACY_M);
  return { word: far ? "there_far" : "there_near", values: { distance: distanceWords(away) }, far };
}
