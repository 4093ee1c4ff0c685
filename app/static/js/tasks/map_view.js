// @ts-check
/** Tasks on a map; the list holds the same, and those without a point besides. */
import { layGround } from "../stations/ground.js";
import { byId } from "../ui/dom.js";
import { DISTRICT, label, leaflet, markHere, openOn, token } from "../ui/leaflet.js";
import { words } from "../ui/words.js";
import { isMine } from "./shown.js";
import { awayM } from "./where.js";

/**
 * @typedef {import("./shown.js").Shown} Shown
 * @typedef {import("../ui/here.js").Fix} Fix
 * @typedef {{tasks: Shown[], here: Fix | null}} Sight
 * @typedef {{show: (sight: Sight) => void}} TaskMap
 */

const NEAR_M = 4000;
const NEAREST = 3;
const NAMED_FROM_ZOOM = 15;
const MOST_NAMES = 40;
const RADIUS_PX = 11;

/** @param {(task: Shown) => void} choose called when a mark is touched @returns {Promise<TaskMap>} */
export async function openMap(choose) {
  const L = await leaflet();
  const holder = byId("tasks-map");
  const map = openOn(L, holder);
  const [areas, marks, names] = [L.layerGroup(), L.layerGroup(), L.layerGroup()];
  /** @type {Sight | null} */
  let sight = null;
  const redraw = () => {
    if (!sight) return;
    drawMarks(L, areas, marks, sight, choose);
    nameThem(L, map, names, sight);
  };
  return {
    show(seen) {
      const before = sight;
      sight = { ...seen, tasks: seen.tasks.filter((one) => one.latitude !== null) };
      map.invalidateSize();
      if (!before || (seen.here && !before.here)) lookAt(L, map, sight);
      if (!before) {
        layGround(L, map, holder.dataset.tiles ?? "", token("--line"));
        L.control.scale({ imperial: false }).addTo(map);
        for (const layer of [areas, marks, names]) layer.addTo(map);
        map.on("moveend", redraw);
      }
      redraw();
      holder.dataset.shown = String(sight.tasks.length);
    },
  };
}

/** @param {Shown} task @returns {[number, number]} */
const at = ({ latitude, longitude }) => [latitude, longitude];

/** What one sees at first: what is near and the nearest tasks, else all. @param {any} L @param {any} map @param {Sight} sight */
function lookAt(L, map, { tasks, here }) {
  if (here) {
    const near = L.latLng(here.latitude, here.longitude).toBounds(NEAR_M);
    const away = (/** @type {Shown} */ task) => awayM(task, here) ?? 0;
    [...tasks].sort((one, other) => away(one) - away(other)).slice(0, NEAREST).forEach((task) => near.extend(at(task)));
    map.fitBounds(near, { padding: [24, 24] });
  } else if (tasks.length) map.fitBounds(L.latLngBounds(tasks.map(at)).pad(0.05), { maxZoom: 16 });
  else map.setView(DISTRICT, 12);
}

/**
 * Offered: a filled mark; mine: a ring around it. Each with the circle in which it is to be done.
 * @param {any} L @param {any} areas @param {any} marks @param {Sight} sight @param {(task: Shown) => void} choose
 */
function drawMarks(L, areas, marks, { tasks, here }, choose) {
  const [brand, card, wait] = [token("--brand"), token("--card"), token("--wait")];
  areas.clearLayers();
  marks.clearLayers();
  for (const task of [...tasks].reverse()) { // the nearest lie on top
    const mine = isMine(task);
    L.circle(at(task), { radius: task.radius_m, color: brand, weight: 1, fillColor: brand, fillOpacity: 0.08, interactive: false }).addTo(areas);
    L.circleMarker(at(task), { radius: RADIUS_PX, fillOpacity: 1, fillColor: mine ? card : brand, color: mine ? wait : card, weight: mine ? 6 : 2 })
      .on("click", () => choose(task)).addTo(marks);
  }
  if (here) markHere(L, marks, here);
}

/** The points of those in view, once they have room. @param {any} L @param {any} map @param {any} layer @param {Sight} sight */
function nameThem(L, map, layer, { tasks }) {
  layer.clearLayers();
  if (map.getZoom() < NAMED_FROM_ZOOM) return;
  const bounds = map.getBounds();
  for (const task of tasks.filter((one) => bounds.contains(at(one))).slice(0, MOST_NAMES)) {
    label(L, at(task), `${task.title} · ${words("points", { points: task.points })}`, "map-name").addTo(layer);
  }
}
