// @ts-check
/** Stations on a map, with what one reaches in 15 minutes; the list holds the same. */
import { byId } from "../ui/dom.js";
import { DISTRICT, label, leaflet, markHere, openOn, token } from "../ui/leaflet.js";
import { words } from "../ui/words.js";
import { nameOf, openAt } from "./directory.js";
import { layGround } from "./ground.js";
import { FOOT_M, SCOOTER_M } from "./reach.js";

/**
 * @typedef {import("./directory.js").Station} Station
 * @typedef {import("./reach.js").Found} Found
 * @typedef {import("../ui/here.js").Fix} Fix
 * @typedef {{all: Found[], here: Fix | null, now: number}} Sight
 * @typedef {{show: (sight: Sight) => void}} StationMap
 */

const NAMED_FROM_ZOOM = 15;
const MOST_NAMES = 40;

/** @param {(station: Station) => void} choose called when a mark is touched @returns {Promise<StationMap>} */
export async function openMap(choose) {
  const L = await leaflet();
  const holder = byId("stations-map");
  const map = openOn(L, holder);
  const [circles, marks, names] = [L.layerGroup(), L.layerGroup(), L.layerGroup()];
  /** @type {Sight | null} */
  let sight = null;
  const redraw = () => {
    if (!sight) return;
    drawMarks(L, map, marks, sight, choose);
    nameThem(L, map, names, sight.all);
  };
  return {
    show(seen) {
      const before = sight;
      sight = seen;
      map.invalidateSize();
      if (!before || (seen.here && !before.here)) lookAt(L, map, seen);
      if (!before) {
        layGround(L, map, holder.dataset.tiles ?? "", token("--line"));
        L.control.scale({ imperial: false }).addTo(map);
        for (const layer of [circles, marks, names]) layer.addTo(map);
        map.on("moveend", redraw);
      }
      drawCircles(L, circles, seen.here);
      redraw();
      holder.dataset.shown = String(seen.all.length);
    },
  };
}

/** What one sees at first: what is near, else all. @param {any} L @param {any} map @param {Sight} sight */
function lookAt(L, map, { all, here }) {
  if (here) map.fitBounds(L.latLng(here.latitude, here.longitude).toBounds(3 * FOOT_M));
  else if (all.length) map.fitBounds(L.latLngBounds(all.map(({ station }) => at(station))).pad(0.05), { maxZoom: 16 });
  else map.setView(DISTRICT, 12);
}

/** @param {Station} station @returns {[number, number]} */
const at = ({ latitude, longitude }) => [latitude, longitude];

/**
 * Open: filled; full: a thick ring; closed: a broken ring.
 * @param {any} L @param {any} map @param {any} layer @param {Sight} sight @param {(station: Station) => void} choose
 */
function drawMarks(L, map, layer, { all, now }, choose) {
  const zoom = map.getZoom();
  const radius = zoom >= 14 ? 9 : zoom >= 12.5 ? 7 : 5;
  const card = token("--card");
  const looks = {
    open: { color: card, fillColor: token("--brand"), weight: 2 },
    full: { color: token("--wait"), fillColor: card, weight: radius / 2 },
    closed: { color: token("--muted"), fillColor: card, weight: 2, dashArray: "3 3" },
  };
  layer.clearLayers();
  for (const { station } of [...all].reverse()) { // the nearest lie on top
    L.circleMarker(at(station), { radius, fillOpacity: 1, ...looks[openAt(station, now)] }).on("click", () => choose(station)).addTo(layer);
  }
}

/** @param {any} L @param {any} layer @param {Fix | null} here */
function drawCircles(L, layer, here) {
  layer.clearLayers();
  if (!here) return;
  const place = L.latLng(here.latitude, here.longitude);
  const colour = token("--brand");
  for (const [name, radius] of /** @type {[string, number][]} */ ([["scooter", SCOOTER_M], ["foot", FOOT_M]])) {
    L.circle(place, { radius, color: colour, weight: 2, dashArray: "6 6", fillColor: colour, fillOpacity: 0.06, interactive: false }).addTo(layer);
    label(L, [place.toBounds(2 * radius).getNorth(), place.lng], words(`reach_${name}`), "map-reach").addTo(layer);
  }
  markHere(L, layer, here);
}

/** The names of the stations in view, once they have room. @param {any} L @param {any} map @param {any} layer @param {Found[]} all */
function nameThem(L, map, layer, all) {
  layer.clearLayers();
  if (map.getZoom() < NAMED_FROM_ZOOM) return;
  const bounds = map.getBounds();
  const inView = all.filter(({ station }) => bounds.contains(at(station))).slice(0, MOST_NAMES);
  for (const { station } of inView) label(L, at(station), nameOf(station), "map-name").addTo(layer);
}
