// @ts-check
/** A building map on the screen: moved and made larger by fingers, mouse or keys. */
import { byId, element } from "../ui/dom.js";
import { named } from "./card_view.js";
import { keptMaps } from "./maps.js";

/** @typedef {import("../outbox/database.js").Map} KeptMap */

const MOST = 8;
const STEP = 1.5;
const KEY_PX = 60;
/** Of the sheet's left upper corner, in pixels of the view. */
let at = { x: 0, y: 0, scale: 1 };
/** What fits: the sheet's size in the view at scale 1. */
let size = { width: 1, height: 1 };
/** @type {Map<number, {x: number, y: number}>} fingers that are down, by pointer */
const fingers = new Map();
/** @type {string | null} */
let picture = null;

export function startMaps() {
  const view = byId("map-view");
  byId("maps-open").addEventListener("click", () => openMap());
  byId("map-close").addEventListener("click", () => byId("map", HTMLDialogElement).close());
  byId("map-in").addEventListener("click", () => zoom(STEP));
  byId("map-out").addEventListener("click", () => zoom(1 / STEP));
  view.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, inView(event));
  }, { passive: false });
  view.addEventListener("pointerdown", (event) => {
    view.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, inView(event));
  });
  view.addEventListener("pointermove", onMove);
  for (const name of ["pointerup", "pointercancel"]) {
    view.addEventListener(name, (event) => fingers.delete(/** @type {PointerEvent} */ (event).pointerId));
  }
  view.addEventListener("keydown", onKey);
  addEventListener("resize", () => { if (byId("map", HTMLDialogElement).open) fit(); });
}

/** Open the map of a compound, by default the one fetched last. @param {number} [compound] */
export async function openMap(compound) {
  const maps = await keptMaps().catch(() => []);
  const chosen = maps.find((map) => map.compound === compound) ?? maps[0];
  const dialog = byId("map", HTMLDialogElement);
  for (const id of ["map-view", "map-foot"]) byId(id).hidden = !chosen;
  byId("map-none").hidden = Boolean(chosen);
  byId("map-title").textContent = chosen ? named(chosen.data.compound) : byId("maps-open").textContent;
  if (!dialog.open) dialog.showModal();
  if (!chosen) return;
  showOthers(maps, chosen);
  draw(chosen);
}

/** @param {KeptMap[]} maps @param {KeptMap} chosen */
function showOthers(maps, chosen) {
  byId("map-others").hidden = maps.length < 2;
  byId("map-others").replaceChildren(...maps.map((map) => {
    const chip = element("button", { type: "button", class: "chip", "aria-pressed": String(map === chosen) }, named(map.data.compound));
    chip.addEventListener("click", () => openMap(map.compound));
    return chip;
  }));
}

/** @param {KeptMap} map */
function draw({ data, picture: bytes }) {
  if (picture) URL.revokeObjectURL(picture);
  picture = bytes && URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
  const sheet = byId("map-sheet");
  sheet.replaceChildren(...(picture ? [element("img", { src: picture, alt: "", draggable: "false" })] : []));
  for (const { name, x, y } of data.buildings) {
    const label = element("span", { class: "building" }, name);
    label.style.left = `${x * 100}%`;
    label.style.top = `${y * 100}%`;
    sheet.append(label);
  }
  sheet.dataset.ratio = String((data.width || 4) / (data.height || 3));
  byId("map-names").replaceChildren(...data.buildings.map(nameChip));
  fit();
}

/** @param {{name: string, x: number, y: number}} building @param {number} index */
function nameChip({ name, x, y }, index) {
  const chip = element("button", { type: "button", class: "chip" }, name);
  chip.addEventListener("click", () => {
    for (const [place, label] of byId("map-sheet").querySelectorAll(".building").entries()) label.classList.toggle("found", place === index);
    centre(x, y);
  });
  return element("li", {}, chip);
}

/** The whole sheet in the middle of the view. */
function fit() {
  const { clientWidth, clientHeight } = byId("map-view");
  const ratio = Number(byId("map-sheet").dataset.ratio);
  const width = Math.min(clientWidth, clientHeight * ratio);
  size = { width, height: width / ratio };
  Object.assign(byId("map-sheet").style, { width: `${size.width}px`, height: `${size.height}px` });
  move({ x: (clientWidth - size.width) / 2, y: (clientHeight - size.height) / 2, scale: 1 });
}

/** @param {number} x @param {number} y 0 to 1 on the sheet */
function centre(x, y) {
  const { clientWidth, clientHeight } = byId("map-view");
  const scale = Math.max(at.scale, 2);
  move({ x: clientWidth / 2 - x * size.width * scale, y: clientHeight / 2 - y * size.height * scale, scale });
}

/** Larger or smaller around a point of the view. @param {number} by @param {{x: number, y: number}} [around] */
function zoom(by, around = middle()) {
  const scale = Math.min(Math.max(at.scale * by, 1), MOST);
  const real = scale / at.scale;
  move({ x: around.x - (around.x - at.x) * real, y: around.y - (around.y - at.y) * real, scale });
}

/** Put the sheet there; some of it always stays in the view. @param {{x: number, y: number, scale: number}} to */
function move(to) {
  const { clientWidth, clientHeight } = byId("map-view");
  const [width, height] = [size.width * to.scale, size.height * to.scale];
  at = { scale: to.scale, x: within(to.x, clientWidth, width), y: within(to.y, clientHeight, height) };
  const sheet = byId("map-sheet");
  sheet.style.transform = `translate(${at.x}px, ${at.y}px) scale(${at.scale})`;
  sheet.style.setProperty("--scale", String(at.scale));
}

/** @param {number} wanted @param {number} view @param {number} sheet lengths in pixels */
function within(wanted, view, sheet) {
  return Math.min(Math.max(wanted, Math.min(0, view - sheet) - view / 3), Math.max(0, view - sheet) + view / 3);
}

/** @param {PointerEvent} event */
function onMove(event) {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const now = inView(event);
  const other = [...fingers.entries()].find(([pointer]) => pointer !== event.pointerId)?.[1];
  fingers.set(event.pointerId, now);
  if (!other) return move({ ...at, x: at.x + now.x - before.x, y: at.y + now.y - before.y });
  zoom(apart(now, other) / Math.max(apart(before, other), 1), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowLeft: () => move({ ...at, x: at.x + KEY_PX }), ArrowRight: () => move({ ...at, x: at.x - KEY_PX }),
    ArrowUp: () => move({ ...at, y: at.y + KEY_PX }), ArrowDown: () => move({ ...at, y: at.y - KEY_PX }),
    "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP),
  };
  if (!(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
}

/** @param {{x: number, y: number}} one @param {{x: number, y: number}} other */
const apart = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);

function middle() {
  const { clientWidth, clientHeight } = byId("map-view");
  return { x: clientWidth / 2, y: clientHeight / 2 };
}

/** @param {MouseEvent} event */
function inView(event) {
  const box = byId("map-view").getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}
