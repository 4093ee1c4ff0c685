// @ts-check
/** Which offered tasks are shown: the chips above the list, remembered as long as the app is open. */
import { byId } from "../ui/dom.js";
import { isNear } from "./where.js";

/** @typedef {import("./shown.js").Shown} Shown */

const KEY = "tasks-filter";
/** Each takes away what does not fit. @type {Record<string, (task: Shown) => boolean>} */
const FILTERS = {
  near: isNear,
  free: (task) => task.left > 0,
  no_photo: (task) => !task.proof.photos,
};
/** @type {Set<string>} */
const wanted = new Set(kept());

/** @returns {string[]} */
function kept() {
  try {
    const found = JSON.parse(globalThis.sessionStorage?.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((name) => Object.hasOwn(FILTERS, name)) : [];
  } catch {
    return [];
  }
}

/** @param {Shown} task */
export const fits = (task) => [...wanted].every((name) => FILTERS[name](task));

/** @param {() => void} changed called when the person chose otherwise */
export function startFilter(changed) {
  const chips = /** @type {HTMLElement[]} */ ([...byId("filters").querySelectorAll("[data-filter]")]);
  const show = () => {
    for (const chip of chips) chip.setAttribute("aria-pressed", String(wanted.has(chip.dataset.filter ?? "")));
  };
  const set = () => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify([...wanted]));
    } catch {
      // storage is refused: it holds on this page
    }
    show();
    changed();
  };
  for (const chip of chips) {
    const name = chip.dataset.filter ?? "";
    chip.addEventListener("click", () => { if (!wanted.delete(name)) wanted.add(name); set(); });
  }
  byId("clear-filter").addEventListener("click", () => { wanted.clear(); set(); });
  show();
}
