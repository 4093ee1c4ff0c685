// @ts-check
/** How much of the picture before is shown, in whole percent. */

/**
 * From where a finger is on the picture.
 * @param {number} x of the finger, px
 * @param {{left: number, width: number}} frame of the picture
 * @returns {number} 0 to 100
 */
export function percentAt(x, { left, width }) {
  if (width <= 0) return 50;
  return bounded(((x - left) / width) * 100);
}

/** @param {number} percent @returns {number} whole, 0 to 100; 50 for what is no number */
export function bounded(percent) {
  if (!Number.isFinite(percent)) return 50;
  return Math.round(Math.min(100, Math.max(0, percent)));
}
