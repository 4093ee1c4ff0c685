// @ts-check
/** A desk of a list and what was chosen from it: its keys, and which entry is marked. */

/** @returns {HTMLElement[]} */
function entries() {
  return /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".entry")]);
}

/** The entry that is shown beside the list. */
export function chosenEntry() {
  return entries().find((entry) => entry.getAttribute("aria-current") === "true");
}

/** @param {number} step */
function move(step) {
  const all = entries();
  const chosen = chosenEntry();
  const next = all[chosen ? all.indexOf(chosen) + step : 0];
  if (!next) return;
  chosen?.toggleAttribute("aria-current", false);
  next.setAttribute("aria-current", "true"); // at once: who presses on does not wait for the answer
  next.click();
  next.scrollIntoView({ block: "nearest" });
}

/** @type {Record<string, () => void>} */
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: () => /** @type {HTMLElement | null} */ (document.querySelector("[data-accept]"))?.click(),
  r: () => document.getElementById("reason")?.focus(),
};

/** @param {KeyboardEvent} event @param {Record<string, () => void>} keys */
function onKey(event, keys) {
  const target = /** @type {HTMLElement} */ (event.target);
  // In a dialog that has just been closed the focus stays for a moment.
  const typing = target.closest("input:not([type=checkbox]), textarea, select, dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
}

function markChosen() {
  document.getElementById("split")?.classList.add("chosen");
  for (const entry of /** @type {HTMLAnchorElement[]} */ (entries())) {
    entry.toggleAttribute("aria-current", false);
    if (entry.pathname === location.pathname) entry.setAttribute("aria-current", "true");
  }
}

/**
 * Listens for keys (j, k, a, r, and the desk's own), and for what htmx brings.
 * @param {() => void} shown called whenever something is shown, at once too
 * @param {Record<string, () => void>} own further keys, or others in place of these
 */
export function splitDesk(shown = () => {}, own = {}) {
  const keys = { ...KEYS, ...own };
  document.addEventListener("keydown", (event) => onKey(event, keys));
  document.addEventListener("htmx:afterSwap", () => {
    markChosen();
    shown();
  });
  document.addEventListener("htmx:pushedIntoHistory", markChosen); // only now is the address its own
  shown();
  document.documentElement.dataset.ready = "true";
}
