// @ts-check
/** The day as it is counted in Suzhou: eight hours before UTC, the whole year. */

const AHEAD_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
const FIRST_WEEKDAY = 3; // 1970-01-01 was a Thursday; 0 is Monday

/**
 * @param {number} ms since 1970
 * @returns {{date: string, weekday: number, minute: number}} date as 2026-11-24; weekday 0 is
 *   Monday; minute of the day
 */
export function localDay(ms) {
  const local = ms + AHEAD_MS;
  const day = Math.floor(local / DAY_MS);
  return {
    date: new Date(local).toISOString().slice(0, 10),
    weekday: (day + FIRST_WEEKDAY) % 7,
    minute: Math.floor((local - day * DAY_MS) / 60_000),
  };
}
