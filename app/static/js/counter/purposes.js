// @ts-check
/** What somebody came for: one tap, and the last one stays. The same choice stands in every sheet. */
import { choosePurpose, counter, onCounter } from "./counter.js";

/** @returns {HTMLButtonElement[]} */
const buttons = () => [...document.querySelectorAll("[data-purpose]")].map((one) => /** @type {HTMLButtonElement} */ (one));

function show() {
  for (const one of buttons()) one.setAttribute("aria-pressed", String(one.dataset.purpose === counter.purpose));
}

/** The word of a purpose, as its button has it. @param {string} purpose */
export function purposeWord(purpose) {
  return buttons().find((one) => one.dataset.purpose === purpose)?.textContent?.trim() ?? "";
}

/** @param {string} purpose @returns {Node} its icon */
export function purposeIcon(purpose) {
  const found = buttons().find((one) => one.dataset.purpose === purpose)?.querySelector("svg");
  return found ? found.cloneNode(true) : document.createTextNode("");
}

export function startPurposes() {
  document.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-purpose]");
    const purpose = /** @type {HTMLElement | null} */ (button)?.dataset.purpose;
    if (purpose) choosePurpose(purpose);
  });
  onCounter(show);
  show();
}
