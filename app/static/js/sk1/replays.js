// @ts-check
/**
 * Codes that a reader has accepted, so that a picture of one does not let in a second time. Known
 * by badge, time and counter, never by signature: one that was altered may still verify.
 */

export const WINDOW_S = 15 * 60;
export const SAME_LOOK_S = 5;

/** @typedef {import("./codec.js").Code} Code */

export class Replays {
  /** @param {Iterable<[string, number]>} [accepted] as `entries` gave them */
  constructor(accepted = []) {
    this.accepted = new Map(accepted);
  }

  /**
   * Whether this code was accepted in the last 15 minutes, and not just now: who holds a phone
   * into the camera for some seconds shows it once.
   * @param {Code} code
   * @param {number} now_s
   */
  seen(code, now_s) {
    const at_s = this.accepted.get(keyOf(code));
    if (at_s === undefined) return false;
    const apart_s = Math.abs(now_s - at_s);
    return apart_s > SAME_LOOK_S && apart_s <= WINDOW_S;
  }

  /** The first look counts, so that looking on does not renew it. @param {Code} code @param {number} now_s */
  accept(code, now_s) {
    this.forgetOld(now_s);
    const key = keyOf(code);
    if (!this.accepted.has(key)) this.accepted.set(key, now_s);
  }

  /** The guard took it back: it may come again. @param {Code} code */
  forget(code) {
    this.accepted.delete(keyOf(code));
  }

  /** What to keep over a restart. @returns {[string, number][]} */
  entries() {
    return [...this.accepted];
  }

  /** From the front, where the oldest stand: each is looked at once. @param {number} now_s */
  forgetOld(now_s) {
    for (const [key, at_s] of this.accepted) {
      if (now_s - at_s <= WINDOW_S) return;
      this.accepted.delete(key);
    }
  }
}

/** @param {Code} code */
function keyOf({ credential, proof }) {
  return `${credential.badge_id} ${proof?.time_s} ${proof?.counter}`;
}
