// @ts-check
/** Which stations are shown: the chips above the list, remembered as long as the app is open. */
import { byId } from "../ui/dom.js";

/** @typedef {import("./reach.js").Filter} Filter */

const KEY = "stations-filter";
const OPEN = "open";
/** @type {Filter} */
let filter = kept();

export const wantedFilter = () => filter;

/** @returns {Filter} */
function kept() {
  try {
    const { open, facilities } = JSON.parse(globalThis.sessionStorage?.getItem(KEY) ?? "{}");
    return { open: open === true, facilities: Array.isArray(facilities) ? facilities.map(String) : [] };
  } catch {
    return { open: false, facilities: [] };
  }
}

/** @returns {HTMLElement[]} */
const chips = () => [...byId("filters").querySelectorAll("[data-filter]")].map((chip) => /** @type {HTMLElement} */ (chip));

function show() {
  for (const chip of chips()) {
    const name = String(chip.dataset.filter);
    chip.setAttribute("aria-pressed", String(name === OPEN ? filter.open : filter.facilities.includes(name)));
  }
}

/** @param {() => void} changed called when the person chose otherwise */
export function startFilter(changed) {
  /** @param {Filter} wanted */
  const set = (wanted) => {
    filter = wanted;
    try {
      sessionStorage.setItem(KEY, JSON.stringify(filter));
    } catch {
      // storage is refused: it holds on this page
    }
    show();
    changed();
  };
  for (const chip of chips()) chip.addEventListener("click", () => set(toggled(filter, String(chip.dataset.filter))));
  byId("clear-filter").addEventListener("click", () => set({ open: false, facilities: [] }));
  show();
}

/** @param {Filter} before @param {string} name @returns {Filter} */
export function toggled({ open, facilities }, name) {
  if (name === OPEN) return { open: !open, facilities };
  const without = facilities.filter((one) => one !== name);
  return { open, facilities: without.length < facilities.length ? without : [...facilities, name] };
}
