// @ts-check
/**
 * Who is here, and how many came today: what the centre counted, and on top of it what was written
 * down or taken back on this device since. Pure.
 */

/**
 * @typedef {import("../outbox/database.js").Item} Item
 *
 * @typedef {object} Entry
 * @property {string} key
 * @property {number} at ms
 * @property {string} label
 * @property {"rider" | "worker"} who
 * @property {number} people
 * @property {string} way
 * @property {string} purpose
 * @property {string | null} mark
 * @property {boolean} by_host
 * @property {number | null} [rider] whose it is, as far as the centre knows
 * @property {boolean} [waits] not yet with the centre
 *
 * @typedef {{people: number, entries: Entry[], hours: number[], day: string}} Here as the centre
 *   answers; `entries` are the newest, and `people` are those of the older ones too; `hours` are the
 *   people of the day by hour
 * @typedef {{people: number, today: number, entries: Entry[], hours: number[]}} Shown
 */

const HERE_MS = 2 * 3_600_000;
const AHEAD_MS = 8 * 3_600_000;
const HOUR_MS = 3_600_000;
const REFUSED = ["rejected", "conflict"];

/** The day in Suzhou, as 2026-11-24. @param {number} ms */
export const dayOf = (ms) => new Date(ms + AHEAD_MS).toISOString().slice(0, 10);

/** The hour in Suzhou, 0 to 23. @param {number} ms */
export const hourOf = (ms) => Math.floor((ms + AHEAD_MS) / HOUR_MS) % 24;

/**
 * @param {Here | null} here
 * @param {Item[]} items of this station that the centre's answer does not hold
 * @param {number} now_ms
 * @param {(item: Item) => string} labelOf
 * @returns {Shown}
 */
export function shownHere(here, items, now_ms, labelOf) {
  const live = items.filter((item) => !REFUSED.includes(item.state));
  const undone = new Set(live.map((item) => item.fields.undo).filter(Boolean));
  const told = here?.entries ?? [];
  const known = new Set(told.map((entry) => entry.key));
  const logs = live.filter((item) => !item.fields.undo && !undone.has(item.key) && !known.has(item.key));
  const added = logs.map((item) => entryOf(item, labelOf));
  const gone = told.filter((entry) => undone.has(entry.key));
  const hours = hoursOf(here, added, gone, now_ms);
  const isHere = (/** @type {Entry} */ entry) => entry.at > now_ms - HERE_MS;
  const stay = told.filter((entry) => !undone.has(entry.key) && isHere(entry));
  // Who is not among the entries came before them all: once one of those is over, so are they.
  const older = told.every(isHere) ? Math.max((here?.people ?? 0) - peopleOf(told), 0) : 0;
  return {
    people: older + peopleOf(stay) + peopleOf(added.filter(isHere)),
    today: hours.reduce((all, people) => all + people, 0),
    entries: [...added.filter(isHere), ...stay].sort((one, other) => other.at - one.at),
    hours,
  };
}

/** @param {Item} item @param {(item: Item) => string} labelOf @returns {Entry} */
function entryOf(item, labelOf) {
  const { who, people, way, purpose } = item.fields;
  const at = item.captured_at + (item.server_offset ?? 0);
  return { key: item.key, at, label: labelOf(item), who, people, way, purpose, mark: null, by_host: true, waits: true };
}

/** @param {Here | null} here @param {Entry[]} added @param {Entry[]} gone @param {number} now_ms */
function hoursOf(here, added, gone, now_ms) {
  const today = dayOf(now_ms);
  const hours = here?.day === today ? [...here.hours] : new Array(24).fill(0);
  for (const [entries, sign] of /** @type {[Entry[], number][]} */ ([[added, 1], [gone, -1]])) {
    for (const { at, people } of entries) {
      if (dayOf(at) === today) hours[hourOf(at)] = Math.max(hours[hourOf(at)] + sign * people, 0);
    }
  }
  return hours;
}

/** A rider is one however often, as the centre counts. @param {Entry[]} entries */
function peopleOf(entries) {
  const riders = new Set(entries.map(({ rider }) => rider).filter(Boolean));
  const others = entries.filter(({ rider }) => !rider);
  return others.reduce((all, { people }) => all + people, riders.size);
}
