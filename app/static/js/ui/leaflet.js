// @ts-check
/** Leaflet with its looks, and what our maps have in common. */
import { element } from "./dom.js";
import { library } from "./map_library.js";
import { words } from "./words.js";

/** @typedef {import("./here.js").Fix} Fix */

export const DISTRICT = [31.32, 120.72];
/** Around a mark, so that a thumb meets it. */
const TOLERANCE_PX = 15;

/** @returns {Promise<any>} */
export async function leaflet() {
  const sheet = new URL("../../vendor/leaflet@1.9.4/leaflet.css", import.meta.url).pathname;
  const link = element("link", { rel: "stylesheet", href: sheet });
  const styled = new Promise((resolve) => { link.addEventListener("load", resolve); link.addEventListener("error", resolve); });
  document.head.prepend(link); // before ours, which has the last word
  const [L] = await Promise.all([library(), styled]);
  return L;
}

/** A map for marks that are touched. @param {any} L @param {HTMLElement} holder */
export function openOn(L, holder) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return L.map(holder, {
    attributionControl: false, preferCanvas: true, renderer: L.canvas({ tolerance: TOLERANCE_PX }),
    zoomAnimation: !still, zoomSnap: 0.5, minZoom: 3, maxZoom: 19,
  });
}

/** @param {string} name of a token */
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {any} L @param {[number, number]} place @param {string} text @param {string} look */
export function label(L, place, text, look) {
  const html = element("span", { class: "map-label" }, text);
  return L.marker(place, { icon: L.divIcon({ html, className: look, iconSize: [0, 0] }), interactive: false, keyboard: false });
}

/** Where the phone is; the page has the word `here`. @param {any} L @param {any} layer @param {Fix} here */
export function markHere(L, layer, { latitude, longitude }) {
  const dot = { radius: 8, color: token("--card"), weight: 3, fillColor: token("--bad"), fillOpacity: 1, interactive: false };
  L.circleMarker([latitude, longitude], dot).addTo(layer);
  label(L, [latitude, longitude], words("here"), "map-here").addTo(layer);
}
