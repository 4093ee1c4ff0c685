// @ts-check
/** Opening hours as one reads them, on a clock in Suzhou. */
import { movedBy, openAt, opensNext, spanAt, stateAt } from "./directory.js";

/** @typedef {import("./directory.js").Station} Station */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** @type {{key: "none", at: number}} */
const NONE = { key: "none", at: 0 };
const ZONE_MS = 8 * HOUR_MS; // Suzhou has no summer time

/** The midnight in Suzhou with which a day began. @param {number} ms */
const midnight = (ms) => Math.floor((ms + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS;

/** Hours and minutes in Suzhou. @param {number} ms */
export const clockTime = (ms) => new Date(ms + ZONE_MS).toISOString().slice(11, 16);

/** How many midnights lie between. @param {number} from @param {number} to */
export const daysBetween = (from, to) => Math.round((midnight(to) - midnight(from)) / DAY_MS);

/**
 * What a station's state changes into, and when: the words' key, and the moment.
 * @param {Station} station
 * @param {number} now
 * @returns {{key: "until" | "opens" | "again" | "all_day" | "none", at: number}}
 */
export function nextOf(station, now) {
  const span = spanAt(station, now);
  const state = openAt(station, now);
  if (state === "open" && span) return span[1] - now >= DAY_MS ? { key: "all_day", at: 0 } : { key: "until", at: span[1] };
  if (state === "full") return station.state_until ? { key: "again", at: station.state_until } : NONE;
  const byHost = stateAt(station, now) === "closed";
  if (byHost && !station.state_until) return NONE;
  const from = byHost ? station.state_until : now;
  const opens = spanAt(station, from) ? from : opensNext(station, from);
  return opens === undefined ? NONE : { key: "opens", at: opens };
}

/**
 * Seven days from today: when each is open, as pairs of times; "24:00" is the end of a day.
 * @param {Station} station
 * @param {number} now
 * @returns {{day: number, spans: [string, string][]}[]}
 */
export function week(station, now) {
  const today = midnight(now);
  return Array.from({ length: 7 }, (_none, index) => {
    const day = today + index * DAY_MS;
    return { day, spans: spansOf(station, day) };
  });
}

/** @param {Station} station @param {number} day @returns {[string, string][]} */
function spansOf(station, day) {
  const told = day - movedBy(station, day); // the day that tells of it
  const end = told + DAY_MS;
  return station.spans.filter(([opens, closes]) => opens < end && closes > told).map(([opens, closes]) => [
    clockTime(Math.max(opens, told)), closes >= end ? "24:00" : clockTime(closes),
  ]);
}
