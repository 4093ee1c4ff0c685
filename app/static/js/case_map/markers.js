// @ts-check
/** What stands on the map: a round with a number for several cases, a pin with its state's icon for one. */
import { element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";

/** @typedef {import("./map.js").Feature} Feature */

/** @param {any} L @param {Feature} feature @param {(feature: Feature) => void} choose */
export function markerOf(L, feature, choose) {
  const [longitude, latitude] = feature.geometry.coordinates;
  const made = feature.properties.id ? pin(L, feature) : round(L, feature);
  const title = titleOf(feature);
  const marker = L.marker([latitude, longitude], { icon: made, title, alt: title, riseOnHover: true });
  marker.on("click", () => choose(feature));
  marker.on("keypress", (/** @type {any} */ event) => { if (event.originalEvent.key === "Enter") choose(feature); });
  return marker;
}

/** @param {Feature} feature */
export function titleOf({ properties }) {
  if (!properties.id) return words(properties.late ? "cluster_late" : "cluster", properties);
  const late = properties.late ? ` · ${words("overdue")}` : "";
  return `${properties.number} · ${properties.category} · ${properties.look.word}${late}`;
}

/** @param {any} L @param {Feature} feature */
function round(L, { properties }) {
  const size = 40 + 8 * Math.min(4, Math.floor(Math.log10(properties.count)));
  const html = element("span", { class: properties.late ? "cluster late" : "cluster" }, short(properties.count));
  return L.divIcon({ html, className: "case-marker", iconSize: [size, size] });
}

/** @param {any} L @param {Feature} feature */
function pin(L, { properties }) {
  const html = element("span", { class: `case-pin ${properties.look.tone}${properties.late ? " late" : ""}` }, icon(properties.look.icon));
  return L.divIcon({ html, className: "case-marker", iconSize: [36, 36] });
}

/** @param {number} count */
function short(count) {
  return count < 10_000 ? String(count) : `${Math.round(count / 1000)}k`;
}
