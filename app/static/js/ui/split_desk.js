// @ts-check
/** A desk of a list and what was chosen from it: its keys, and which entry is marked. */

/** @param {number} step */
function move(step) {
  const entries = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".entry")]);
  const now = entries.findIndex((entry) => entry.getAttribute("aria-current") === "true");
  const next = entries[now === -1 ? 0 : now + step];
  next?.click();
  next?.scrollIntoView({ block: "nearest" });
}

/** @type {Record<string, () => void>} */
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: () => /** @type {HTMLElement | null} */ (document.querySelector("[data-accept]"))?.click(),
  r: () => document.getElementById("reason")?.focus(),
};

/** @param {KeyboardEvent} event */
function onKey(event) {
  const typing = /** @type {HTMLElement} */ (event.target).closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
}

function markChosen() {
  document.getElementById("split")?.classList.add("chosen");
  const entries = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("#queue .entry"));
  for (const entry of entries) {
    entry.toggleAttribute("aria-current", false);
    if (entry.pathname === location.pathname) entry.setAttribute("aria-current", "true");
  }
}

/**
 * Listens for keys (j, k, a, r), and for what htmx brings.
 * @param {() => void} shown called whenever something is shown, at once too
 */
export function splitDesk(shown = () => {}) {
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:afterSwap", () => {
    markChosen();
    shown();
  });
  document.addEventListener("htmx:pushedIntoHistory", markChosen); // only now is the address its own
  shown();
}
