// @ts-check
/**
 * The map of what is not covered: cells, stations and proposals on the outlines of grids, or on
 * tiles where the operator has set an address for them. The list beside it says the same.
 */
import { byId, element } from "../ui/dom.js";
import { library } from "../ui/map_library.js";
import { words } from "../ui/words.js";

/** @typedef {[number, number]} Place latitude and longitude */
/** @typedef {{side: number, reach_m: number, gaps: number[][], next: number[][], stations: Place[]}} Drawn */

const CELL_ZOOM = 15;
const ABOVE = { direction: "top" };
const holder = byId("coverage-map");
/** @type {Drawn} */
const drawn = JSON.parse(byId("coverage-drawn").textContent || "{}");

/** @param {any} L */
function ground(L) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(holder, { attributionControl: false, zoomAnimation: !still, zoomSnap: 0.25, minZoom: 3, maxZoom: 19 });
  const { south, west, north, east } = /** @type {Record<string, string>} */ (holder.dataset);
  map.fitBounds([[Number(south), Number(west)], [Number(north), Number(east)]]);
  if (holder.dataset.tiles) L.tileLayer(holder.dataset.tiles, { maxZoom: 19 }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  return map;
}

/** @param {any} L @param {any} map */
async function outline(L, map) {
  const address = new URL(String(holder.dataset.areas), location.href);
  const bounds = map.getBounds();
  const parts = { s: bounds.getSouth(), w: bounds.getWest(), n: bounds.getNorth(), e: bounds.getEast() };
  for (const [name, value] of Object.entries(parts)) address.searchParams.set(name, value.toFixed(6));
  address.searchParams.set("zoom", String(Math.round(map.getZoom())));
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (answer.ok) L.geoJSON(await answer.json(), { interactive: false, style: { className: "grid-outline" } }).addTo(map).bringToBack();
}

/** @param {any} L @param {number[]} gap @param {number} most */
function cell(L, [latitude, longitude, missing, shut], most) {
  const half = drawn.side / 2;
  const corners = [[latitude - half, longitude - half], [latitude + half, longitude + half]];
  const look = missing >= shut ? "missing" : "shut";
  // The eye reads areas of colour by their logarithm: the rare must still be seen.
  const fillOpacity = 0.35 + 0.6 * (Math.log1p(missing + shut) / Math.log1p(most));
  return L.rectangle(corners, { className: `gap ${look}`, fillOpacity, weight: 1 }).bindTooltip(titleOf(missing, shut), ABOVE);
}

/** @param {number} missing @param {number} shut */
function titleOf(missing, shut) {
  const parts = { missing, shut };
  return Object.entries(parts).filter(([, count]) => count).map(([name, count]) => words(name, { count })).join(" · ");
}

/** @param {any} L @param {number[]} next @param {number} index */
function proposal(L, [latitude, longitude, count], index) {
  const title = words("next", { number: index + 1, count });
  const html = element("span", { class: "next-number" }, String(index + 1));
  const made = L.divIcon({ html, className: "next-marker", iconSize: [32, 32] });
  const marker = L.marker([latitude, longitude], { icon: made, title, alt: title, riseOnHover: true });
  const reach = L.circle([latitude, longitude], { radius: drawn.reach_m, className: "next-reach", interactive: false });
  return [reach, marker.bindTooltip(title, ABOVE)];
}

/** @param {any} L @param {any} map */
function fill(L, map) {
  const most = Math.max(1, ...drawn.gaps.map((one) => one[2] + one[3]));
  const gaps = drawn.gaps.map((one) => cell(L, one, most).addTo(map));
  for (const place of drawn.stations) L.circleMarker(place, { radius: 4, className: "station-dot", interactive: false }).addTo(map);
  const next = drawn.next.map((one, index) => proposal(L, one, index).map((each) => each.addTo(map))[1]);
  return { gaps, next };
}

/** @param {any} map @param {Record<string, any[]>} layers */
function listen(map, layers) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("button[data-kind]"))) {
    const { kind, number } = /** @type {Record<string, string>} */ (button.dataset);
    button.addEventListener("click", () => {
      const [latitude, longitude] = (kind === "next" ? drawn.next : drawn.gaps)[Number(number)];
      map.setView([latitude, longitude], kind === "next" ? CELL_ZOOM - 2 : CELL_ZOOM);
      layers[kind][Number(number)].openTooltip();
      holder.scrollIntoView({ block: "nearest" });
    });
  }
}

async function start() {
  const L = await library();
  const map = ground(L);
  listen(map, fill(L, map));
  holder.dataset.shown = String(drawn.gaps.length);
  await outline(L, map).catch(() => undefined);
}

start().catch(() => { holder.textContent = words("map_failed"); });
