// @ts-check
/** Several riders in a row off by the same time: then it is this phone's clock that is wrong. */

const RIDERS = 3;
const SPREAD_S = 30;
const LEAST_S = 60;
const KEPT_MS = 30 * 60_000;

/** @typedef {{badge: string, off_s: number, at: number}} Seen off_s: the rider's time minus ours */

/**
 * @param {Seen[]} seen oldest first
 * @param {Seen} now
 * @returns {Seen[]} with the newest at the end, one a rider, the last three of half an hour
 */
export function noteClock(seen, now) {
  const others = seen.filter((one) => one.badge !== now.badge && one.at > now.at - KEPT_MS);
  return [...others, now].slice(-RIDERS);
}

/**
 * By how many seconds this phone's clock seems wrong (it is behind when positive), or null.
 * @param {Seen[]} seen
 */
export function clockOff(seen) {
  if (seen.length < RIDERS) return null;
  const offs = seen.map((one) => one.off_s).sort((one, other) => one - other);
  const middle = offs[Math.floor(offs.length / 2)];
  const alike = offs[offs.length - 1] - offs[0] <= SPREAD_S;
  return alike && Math.abs(middle) >= LEAST_S ? middle : null;
}
