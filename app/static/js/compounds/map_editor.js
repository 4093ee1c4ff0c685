// @ts-check
/**
 * Buildings on a map: a tap makes one, dragging or the arrow keys move it, the list names and
 * removes it. The list's own fields are what is sent, so that it also works without this.
 */
import { byId, element } from "../ui/dom.js";
import { words } from "../ui/words.js";

const STEP = 0.5;
const DRAG_PX = 6;

/** @typedef {{row: HTMLElement, pin: HTMLElement, name: HTMLInputElement, x: HTMLInputElement, y: HTMLInputElement}} Spot */

/** @type {Set<Spot>} */
const spots = new Set();
let made = 0;
let changed = false;

/** @param {HTMLElement} row @returns {Spot} */
function bring(row) {
  const pin = element("button", { type: "button", class: "pin" }, element("span"));
  const spot = { row, pin, name: input(row, "name"), x: input(row, "x"), y: input(row, "y") };
  spots.add(spot);
  byId("map-sheet").append(pin);
  row.addEventListener("input", () => { changed = true; show(spot); });
  row.addEventListener("focusin", () => choose(spot));
  const remove = /** @type {HTMLElement} */ (row.querySelector("[data-remove]"));
  remove.hidden = false;
  remove.addEventListener("click", () => forget(spot));
  pin.addEventListener("click", () => spot.name.focus());
  pin.addEventListener("keydown", (event) => onKey(spot, event));
  drag(spot);
  show(spot);
  return spot;
}

/** @param {HTMLElement} row @param {string} name */
function input(row, name) {
  return /** @type {HTMLInputElement} */ (row.querySelector(`input[name="${name}"]`));
}

/** Put the pin where the row says. @param {Spot} spot */
function show({ pin, name, x, y }) {
  pin.style.left = `${within(x)}%`;
  pin.style.top = `${within(y)}%`;
  const label = name.value.trim() || words("unnamed");
  pin.firstElementChild?.replaceChildren(label);
  pin.setAttribute("aria-label", words("building", { number: label }));
}

/** @param {HTMLInputElement} field */
const within = (field) => Math.min(Math.max(Number(field.value) || 0, 0), 100);

/** @param {Spot} chosen */
function choose(chosen) {
  for (const spot of spots) spot.pin.classList.toggle("chosen", spot === chosen);
}

/** @param {Spot} spot @param {number} x @param {number} y percent */
function move(spot, x, y) {
  spot.x.value = Math.min(Math.max(x, 0), 100).toFixed(2);
  spot.y.value = Math.min(Math.max(y, 0), 100).toFixed(2);
  changed = true;
  show(spot);
  choose(spot);
}

/** @param {MouseEvent} event @returns {[number, number]} percent of the picture */
function place(event) {
  const box = byId("map-sheet").getBoundingClientRect();
  return [(event.clientX - box.left) / box.width * 100, (event.clientY - box.top) / box.height * 100];
}

/** @param {MouseEvent} event */
function onTap(event) {
  if (/** @type {HTMLElement} */ (event.target).closest(".pin")) return;
  if (spots.size >= Number(byId("map-sheet").dataset.most)) {
    byId("map-hint").textContent = words("most");
    return;
  }
  const spot = bring(newRow());
  move(spot, ...place(event));
  spot.name.focus({ preventScroll: matchMedia("(min-width: 1100px)").matches });
}

function newRow() {
  const template = byId("spot", HTMLTemplateElement);
  const row = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  made += 1;
  for (const field of row.querySelectorAll("[id]")) field.id = field.id.replace(/N$/, `made${made}`);
  for (const label of row.querySelectorAll("label")) label.htmlFor = label.htmlFor.replace(/N$/, `made${made}`);
  byId("spots").append(row);
  byId("map-none").hidden = true;
  return row;
}

/** @param {Spot} spot */
function forget(spot) {
  const next = /** @type {HTMLElement | null} */ (spot.row.nextElementSibling ?? spot.row.previousElementSibling);
  spot.row.remove();
  spot.pin.remove();
  spots.delete(spot);
  changed = true;
  byId("map-none").hidden = spots.size > 0;
  /** @type {HTMLElement | null | undefined} */ (next?.querySelector("[data-remove]"))?.focus();
}

/** @param {Spot} spot */
function drag(spot) {
  /** @type {{x: number, y: number} | undefined} where the finger went down */
  let from;
  let dragged = false;
  spot.pin.addEventListener("pointerdown", (event) => {
    spot.pin.setPointerCapture(event.pointerId);
    [from, dragged] = [{ x: event.clientX, y: event.clientY }, false];
  });
  spot.pin.addEventListener("pointermove", (event) => {
    if (!from) return;
    dragged ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > DRAG_PX;
    if (dragged) move(spot, ...place(event));
  });
  for (const name of ["pointerup", "pointercancel"]) spot.pin.addEventListener(name, () => { from = undefined; });
  spot.pin.addEventListener("click", (event) => { if (dragged) event.stopImmediatePropagation(); }, { capture: true });
}

/** @param {Spot} spot @param {KeyboardEvent} event */
function onKey(spot, event) {
  /** @type {Record<string, [number, number]>} */
  const steps = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  move(spot, within(spot.x) + step[0], within(spot.y) + step[1]);
}

const form = document.getElementById("buildings");
if (form) {
  for (const row of document.querySelectorAll("#spots [data-spot]")) bring(/** @type {HTMLElement} */ (row));
  const sheet = byId("map-sheet");
  sheet.classList.add("editable");
  sheet.addEventListener("click", onTap);
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
document.documentElement.dataset.ready = "true";
