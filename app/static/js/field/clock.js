// @ts-check
/** How much of a deadline is left, by what was kept of it, perhaps hours ago. */
import { leftAt } from "../ui/countdown.js";

/**
 * @typedef {{unit: string, whole_s: number | null, due_at?: number, spans?: [number, number][],
 *   over?: string, left_s?: number}} Clock one that runs has the first three, ms since 1970; one
 *   that stands the last
 * @typedef {{seconds: number, share: number, tone: "ok" | "wait" | "bad" | "still"}} Left
 */

const LAST_SHARE = 0.25;

/** @param {Clock | null} clock @param {number} now_ms @returns {Left | null} */
export function leftOf(clock, now_ms) {
  if (!clock) return null;
  if (clock.due_at === undefined) return left(clock, clock.left_s ?? 0, "still");
  if (clock.due_at <= now_ms) return left(clock, 0, "bad");
  const seconds = leftAt(clock.spans ?? [], 0, now_ms);
  return left(clock, seconds, clock.whole_s && seconds / clock.whole_s <= LAST_SHARE ? "wait" : "ok");
}

/** @param {Clock} clock @param {number} seconds @param {Left["tone"]} tone @returns {Left} */
function left({ whole_s }, seconds, tone) {
  return { seconds, share: whole_s ? Math.min(1, seconds / whole_s) : 0, tone };
}
