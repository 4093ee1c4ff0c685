// @ts-check
/**
 * The map of cases: outlines of grids on a plain ground, or on tiles where the operator has set an
 * address for them; clusters counted by the server for what is shown, and a list of the same beside.
 */
import { byId } from "../ui/dom.js";
import { library } from "../ui/map_library.js";
import { words } from "../ui/words.js";
import { markerOf } from "./markers.js";
import { fillList } from "./listing.js";

const SETTLE_MS = 150;
const holder = byId("case-map");
const said = byId("case-map-said");

/** @typedef {{type: "Feature", geometry: {coordinates: [number, number]}, properties: any}} Feature */

/** @param {string} path @param {any} map */
function addressOf(path, map) {
  const address = new URL(path, location.href);
  const bounds = map.getBounds();
  const parts = { s: bounds.getSouth(), w: bounds.getWest(), n: bounds.getNorth(), e: bounds.getEast() };
  for (const [name, value] of Object.entries(parts)) address.searchParams.set(name, value.toFixed(6));
  address.searchParams.set("zoom", String(Math.round(map.getZoom())));
  return address;
}

/** @param {URL} address @param {AbortSignal} [signal] */
async function fetched(address, signal) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

/** @param {any} L */
function drawn(L) {
  const map = L.map(holder, { attributionControl: false, zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches, zoomSnap: 0.5, minZoom: 3, maxZoom: 19 });
  const { south, west, north, east } = /** @type {Record<string, string>} */ (holder.dataset);
  map.fitBounds([[Number(south), Number(west)], [Number(north), Number(east)]]);
  if (holder.dataset.tiles) L.tileLayer(holder.dataset.tiles, { maxZoom: 19 }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  return map;
}

/** @param {any} L @param {any} map */
async function outline(L, map) {
  const areas = await fetched(addressOf(String(holder.dataset.areas), map));
  L.geoJSON(areas, { interactive: false, style: { className: "grid-outline" } }).addTo(map);
}

async function start() {
  const L = await library();
  const map = drawn(L);
  const layer = L.layerGroup().addTo(map);
  /** @type {AbortController | undefined} */
  let running;
  let timer = 0;

  /** @param {Feature} feature */
  function choose(feature) {
    const { id, bounds } = feature.properties;
    if (id) location.assign(caseAddress(id));
    else zoomInto(bounds);
  }

  /** @param {[number, number, number, number]} bounds */
  function zoomInto([south, west, north, east]) {
    const before = map.getZoom();
    const there = [[south, west], [north, east]];
    const zoom = Math.min(19, Math.max(before + 1, map.getBoundsZoom(there)));
    map.setView([(south + north) / 2, (west + east) / 2], zoom);
  }

  async function renew() {
    running?.abort();
    running = new AbortController();
    try {
      const found = await fetched(addressOf(String(holder.dataset.cases), map), running.signal);
      layer.clearLayers();
      for (const feature of found.features) markerOf(L, feature, choose).addTo(layer);
      fillList(found.features, choose, caseAddress);
      said.textContent = saidOf(found);
      holder.dataset.shown = String(found.features.length);
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "AbortError") said.textContent = words("not_loaded");
    }
  }

  map.on("moveend", () => {
    clearTimeout(timer);
    timer = window.setTimeout(renew, SETTLE_MS);
  });
  await renew();
  await outline(L, map).catch(() => undefined);
}

/** @param {{total: number, days: number | null}} found */
function saidOf({ total, days }) {
  if (days) return words("shown_recent", { count: total, days });
  return words(total ? "shown" : "none_here", { count: total });
}

/** @param {number} id */
function caseAddress(id) {
  return String(holder.dataset.case).replace("/0", `/${id}`);
}

start().catch(() => { said.textContent = words("not_loaded"); });
