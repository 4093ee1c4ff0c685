// @ts-check
/** Ten seconds to take a pass back, on the verdict and after it. */
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";

export const UNDO_MS = 10_000;

/**
 * @typedef {{label: string, direction: "entry" | "exit", takeBack: () => Promise<void>}} Undoable
 */

/** @type {Undoable | undefined} */
let current;
let until_ms = 0;
/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;

/** Offer to take it back from now on. @param {Undoable} undoable */
export function offerUndo(undoable) {
  current = undoable;
  until_ms = Date.now() + UNDO_MS;
  byId("undo-text").textContent = words(undoable.direction === "entry" ? "undo_entered" : "undo_left", { label: undoable.label || words("unknown_rider") });
  byId("undo-button").hidden = false;
  clearInterval(ticking);
  ticking = setInterval(tick, 250);
  tick();
}

/** Whether it can still be taken back. */
export const canUndo = () => current !== undefined && Date.now() < until_ms;

function tick() {
  const left_ms = until_ms - Date.now();
  byId("undo").hidden = left_ms <= 0;
  byId("undo-left").textContent = String(Math.max(Math.ceil(left_ms / 1000), 0));
  if (left_ms > 0) return;
  current = undefined;
  clearInterval(ticking);
}

/** Take the last pass back, once. */
export async function takeBack() {
  const undone = current;
  if (!undone || !canUndo()) return;
  current = undefined;
  await undone.takeBack();
  byId("undo-text").textContent = words("undone");
  byId("undo-button").hidden = true;
  until_ms = Math.min(until_ms, Date.now() + 2_000);
}

export function startUndo() {
  byId("undo-button").addEventListener("click", takeBack);
}
