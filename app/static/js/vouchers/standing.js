// @ts-check
/** How a voucher stands at a moment, and in which order they are listed. Pure. */

/**
 * @typedef {import("./kept.js").Voucher} Voucher
 * @typedef {"held" | "over" | "given" | "expired" | "cancelled"} Standing over: its time has passed,
 *   and the centre has not said so yet
 */

const DAY_MS = 86_400_000;
const AHEAD_MS = 8 * 3_600_000;
/** From so many days on the last ones are said loudly. */
export const SOON_DAYS = 3;

/** @param {Voucher} voucher @param {number} now_ms @returns {Standing} */
export function standingOf({ state, until }, now_ms) {
  return state === "held" && until <= now_ms ? "over" : state;
}

/** Ten digits as they are read out. @param {string} number */
export const grouped = (number) => number.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3");

/**
 * Whole days of Suzhou until the last day on which it is good: 0 is today.
 * @param {number} until_ms @param {number} now_ms
 */
export function daysLeft(until_ms, now_ms) {
  const day = (/** @type {number} */ ms) => Math.floor((ms + AHEAD_MS) / DAY_MS);
  return Math.max(day(until_ms - 1) - day(now_ms), 0);
}

/**
 * Those that can be had first, whichever ends first; then what is over, the newest first.
 * @param {Voucher[]} vouchers @param {number} now_ms
 * @returns {{open: Voucher[], past: Voucher[]}}
 */
export function listed(vouchers, now_ms) {
  const isOpen = (/** @type {Voucher} */ one) => standingOf(one, now_ms) === "held";
  return {
    open: vouchers.filter(isOpen).sort((one, other) => one.until - other.until || one.id - other.id),
    past: vouchers.filter((one) => !isOpen(one)).sort((one, other) => other.moved_at - one.moved_at || other.id - one.id),
  };
}
