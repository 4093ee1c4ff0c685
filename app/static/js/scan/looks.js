// @ts-check
/**
 * A code that stays before the camera is one look, not many: the page passes over it until it was
 * away for five seconds. A rider who was let in is also not read again when the code changes in
 * the hand; one who was refused is, at once, by another code.
 */

const AWAY_MS = 5_000;
const REFUSALS_APART_MS = 60_000;
const REFUSALS_KEPT = 50;

/**
 * @typedef {object} Look
 * @property {string} text
 * @property {string | null} badge 16 hexadecimal digits, null when the code has none
 * @property {boolean} entered
 * @property {number} last_ms when it was last before the camera
 */

/** @type {Look[]} the newest last */
let looks = [];
/** @type {Map<string, number>} */
const refused = new Map();

/**
 * Whether this was looked at just before. Seeing it again prolongs the look.
 * @param {string} text
 * @param {string | null} badge
 * @param {number} now_ms
 */
export function isSameLook(text, badge, now_ms) {
  looks = looks.filter((look) => now_ms - look.last_ms <= AWAY_MS);
  const same = looks.filter((look) => look.text === text || (look.entered && badge !== null && look.badge === badge));
  for (const look of same) look.last_ms = now_ms;
  return same.length > 0;
}

/** What is decided anew on a code takes the place of what was before. @param {Omit<Look, "last_ms">} look @param {number} now_ms */
export function remember(look, now_ms) {
  looks = [...looks.filter((one) => one.text !== look.text), { ...look, last_ms: now_ms }];
}

/** After an undo, or when a challenge is asked, the same rider may be read again at once. */
export function forget() {
  looks = [];
}

/** Whether a refusal of this code is written down: once a minute. @param {string} text @param {number} now_ms */
export function isNewRefusal(text, now_ms) {
  const before = refused.get(text);
  if (before !== undefined && now_ms - before < REFUSALS_APART_MS) return false;
  refused.delete(text);
  refused.set(text, now_ms);
  if (refused.size > REFUSALS_KEPT) refused.delete(/** @type {string} */ (refused.keys().next().value));
  return true;
}
