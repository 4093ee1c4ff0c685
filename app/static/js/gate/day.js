// @ts-check
/**
 * Today at this gate, as this phone knows it: how many passed, who is inside, and how often each
 * printed badge came in. What the centre counted stands in the bundle; here is what came since.
 */
import { localDay } from "./local_day.js";

/**
 * @typedef {object} Move
 * @property {string} key of the item that waits to be sent
 * @property {string | null} badge 16 hexadecimal digits
 * @property {"entry" | "exit"} direction
 * @property {boolean} printed
 *
 * @typedef {{date: string, passes: number, moves: Move[]}} Day
 */

/** @param {Day | undefined} kept @param {number} now_ms @returns {Day} moves outlive midnight: the rider is still inside */
export function today(kept, now_ms) {
  const { date } = localDay(now_ms);
  if (kept?.date === date) return kept;
  return { date, passes: 0, moves: (kept?.moves ?? []).map((move) => ({ ...move, printed: false })) };
}

/** @param {Day} day @param {Move} move @returns {Day} */
export function withMove(day, move) {
  return { ...day, passes: day.passes + 1, moves: [...day.moves, move] };
}

/** @param {Day} day @param {string} key of a pass that was undone @returns {Day} */
export function withoutMove(day, key) {
  return { ...day, passes: Math.max(day.passes - 1, 0), moves: day.moves.filter((move) => move.key !== key) };
}

/** The centre's counts hold what was sent before it counted. @param {Day} day @param {Set<string>} waiting keys @returns {Day} */
export function onlyWaiting(day, waiting) {
  return { ...day, moves: day.moves.filter((move) => waiting.has(move.key)) };
}

/** @param {Iterable<string>} inside as the centre knows @param {Day} day @returns {Set<string>} badges */
export function insideNow(inside, day) {
  const now = new Set(inside);
  for (const { badge, direction } of day.moves) {
    if (badge === null) continue;
    if (direction === "entry") now.add(badge);
    else now.delete(badge);
  }
  return now;
}

/** @param {Record<string, number>} counted by the centre @param {Day} day @returns {Record<string, number>} */
export function printedToday(counted, day) {
  const all = { ...counted };
  for (const { badge, direction, printed } of day.moves) {
    if (badge !== null && printed && direction === "entry") all[badge] = (all[badge] ?? 0) + 1;
  }
  return all;
}
