// @ts-check
/** The intake desk by keyboard (j, k, a, r), and the map of the report that is shown. */
import { showMap } from "../report/map.js";

const queue = document.getElementById("queue");
const split = document.getElementById("split");

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

document.addEventListener("keydown", (event) => {
  const typing = /** @type {HTMLElement} */ (event.target).closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

function showChosen() {
  const map = /** @type {HTMLElement | null} */ (document.querySelector("[data-map]"));
  if (map) showMap(map, Number(map.dataset.latitude), Number(map.dataset.longitude));
}

document.addEventListener("htmx:afterSwap", () => {
  const id = location.pathname.split("/").pop();
  split?.classList.add("chosen");
  for (const entry of queue?.querySelectorAll(".entry") ?? []) {
    entry.toggleAttribute("aria-current", false);
    if (entry.getAttribute("data-report") === id) entry.setAttribute("aria-current", "true");
  }
  showChosen();
});
document.addEventListener("htmx:pushedIntoHistory", () => document.dispatchEvent(new Event("htmx:afterSwap")));
showChosen();
