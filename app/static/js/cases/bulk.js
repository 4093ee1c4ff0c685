// @ts-check
/** Marking cases for one act: by box, by key, and with shift all between two. */
import { words } from "../ui/words.js";

/** @type {HTMLInputElement | null} the box that was set last */
let last = null;

/** @returns {HTMLInputElement[]} */
const boxes = () => [...document.querySelectorAll("#queue input[name=case]")].map((box) => /** @type {HTMLInputElement} */ (box));

/** @param {Element | null | undefined} row a row of the list */
export function toggleMark(row) {
  const box = /** @type {HTMLInputElement | null | undefined} */ (row?.querySelector("input[name=case]"));
  if (!box) return;
  box.checked = !box.checked;
  last = box;
  sayCount();
}

function sayCount() {
  const said = document.querySelector("[data-marked]");
  if (said) said.textContent = words("marked", { count: boxes().filter((box) => box.checked).length });
}

/** @param {MouseEvent} event */
function onClick(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest("[data-unmark]")) {
    for (const box of boxes()) box.checked = false;
    sayCount();
    return;
  }
  if (!(target instanceof HTMLInputElement) || target.name !== "case") return;
  if (event.shiftKey && last?.isConnected) markBetween(last, target);
  last = target;
  sayCount();
}

/** @param {HTMLInputElement} one @param {HTMLInputElement} other */
function markBetween(one, other) {
  const all = boxes();
  const [from, to] = [all.indexOf(one), all.indexOf(other)].sort((a, b) => a - b);
  for (const box of all.slice(from, to + 1)) box.checked = other.checked;
}

export function startBulk() {
  document.addEventListener("click", onClick);
}
