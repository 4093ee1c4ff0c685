// @ts-check
/** The desk of cases: by keyboard, many at once, and kept up to date while somebody looks at it. */
import { showMap } from "../report/map.js";
import { startCountdowns } from "../ui/countdown.js";
import { chosenEntry, splitDesk } from "../ui/split_desk.js";
import { startBulk, toggleMark } from "./bulk.js";
import { dressForms } from "./forms.js";
import { startKeeping } from "./keeping.js";
import { startNews } from "./news.js";
import { startTrouble } from "./trouble.js";

/** @param {string} selector @returns {HTMLElement | null} */
const one = (selector) => document.querySelector(selector);

/** Open what holds a field, and go to the field. @param {string} holder @param {string} field */
function goTo(holder, field) {
  const there = one(holder);
  if (!there) return;
  for (let box = there.closest("details"); box; box = box.parentElement?.closest("details") ?? null) box.open = true;
  const found = /** @type {HTMLElement | null} */ (there.querySelector(field));
  found?.focus();
  found?.scrollIntoView({ block: "nearest" });
}

function compare() {
  const doubles = one("#doubles");
  doubles?.scrollIntoView({ block: "start" });
  /** @type {HTMLElement | null | undefined} */ (doubles?.querySelector("a, button"))?.focus({ preventScroll: true });
  if (!doubles) goTo("#merge-into", ":scope");
}

function showKeys() {
  const keys = /** @type {HTMLDialogElement | null} */ (document.querySelector("#keys"));
  keys?.showModal();
  keys?.addEventListener("close", () => {
    // It is told a moment after the closing: a key pressed since may have led to a field.
    const now = /** @type {HTMLElement | null} */ (document.activeElement);
    if (!now?.matches("input, textarea, select")) now?.blur();
  }, { once: true });
}

const KEYS = {
  d: () => goTo("[data-step=dispatch], [data-step=redispatch]", "[data-department]"),
  r: () => goTo("[data-other]", "textarea"),
  m: compare,
  x: () => toggleMark(chosenEntry()?.closest("[data-case]")),
  "/": () => one("#text")?.focus(),
  "?": showKeys,
};

/** What was just shown gets its map and its helpers; without a case the list comes back. */
function dress() {
  if (!one("#case[data-open]")) one("#split")?.classList.remove("chosen");
  const map = one("#case [data-map]:not([data-drawn])");
  if (map) {
    map.dataset.drawn = "";
    showMap(map, Number(map.dataset.latitude), Number(map.dataset.longitude));
  }
  dressForms();
}

splitDesk(dress, KEYS);
document.addEventListener("click", (event) => {
  if (/** @type {HTMLElement} */ (event.target).closest("[data-keys]")) showKeys();
});
const ahead_ms = Number(document.body.dataset.now ?? Date.now()) - Date.now();
startCountdowns(() => Date.now() + ahead_ms);
startBulk();
startKeeping();
startNews();
startTrouble();
