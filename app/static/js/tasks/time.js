// @ts-check
/** How long until something ends, as one says it. */

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** From here on one counts in days. */
const DAYS_FROM_MS = 2 * DAY_MS;

/**
 * The key of the words for so much time, and what goes into them.
 * @param {number} ms
 * @returns {[string, Record<string, number>]}
 */
export function spanWords(ms) {
  if (ms >= DAYS_FROM_MS) return ["span_days", { days: Math.floor(ms / DAY_MS) }];
  if (ms >= HOUR_MS) {
    return ["span_hours", { hours: Math.floor(ms / HOUR_MS), minutes: Math.floor((ms % HOUR_MS) / MINUTE_MS) }];
  }
  return ["span_minutes", { minutes: Math.max(1, Math.floor(ms / MINUTE_MS)) }];
}

/**
 * The same for a time that an office set: whole days and hours are said as such.
 * @param {number} minutes
 * @returns {[string, Record<string, number>]}
 */
export function setTimeWords(minutes) {
  if (minutes % 1440 === 0 && minutes > 1440) return ["span_days", { days: minutes / 1440 }];
  if (minutes % 60 === 0) return ["span_whole_hours", { hours: minutes / 60 }];
  return spanWords(minutes * MINUTE_MS);
}
