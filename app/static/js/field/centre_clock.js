// @ts-check
/** The centre's time, by what it said last. */

let offset = 0;

/** @param {number} ms server minus phone */
export function learnOffset(ms) {
  offset = ms;
}

export const centreNow = () => Date.now() + offset;
