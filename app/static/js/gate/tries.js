// @ts-check
/** Guessing digits is made slow: after five wrong ones in a row each try waits longer. Pure. */

const FREE = 5;
const FIRST_MS = 30_000;
const MOST_MS = 10 * 60_000;

/** @typedef {{wrong: number, until: number}} Tries wrong in a row; until: ms, before which none is taken */

/** @type {Tries} */
export const NONE = { wrong: 0, until: 0 };

/** @param {Tries} tries @param {number} now_ms @returns {Tries} after one more wrong one */
export function afterWrong({ wrong }, now_ms) {
  const over = wrong + 1 - FREE;
  const wait_ms = over < 0 ? 0 : Math.min(FIRST_MS * 2 ** over, MOST_MS);
  return { wrong: wrong + 1, until: wait_ms ? now_ms + wait_ms : 0 };
}

/** Seconds to wait yet. A clock set back does not lengthen it. @param {Tries} tries @param {number} now_ms */
export function waitS({ until }, now_ms) {
  return Math.min(Math.max(Math.ceil((until - now_ms) / 1000), 0), MOST_MS / 1000);
}
