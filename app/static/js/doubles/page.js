// @ts-check
/** Two reports on one map, drawn when it is opened. Only where there is an address for tiles. */
import { library } from "../ui/map_library.js";

for (const details of document.querySelectorAll("details.both-on-map")) {
  details.addEventListener("toggle", () => {
    const holder = /** @type {HTMLElement | null} */ (details.querySelector("[data-both]"));
    if (holder) draw(holder);
  }, { once: true });
}

/** @param {HTMLElement} holder */
async function draw(holder) {
  const L = await library();
  const places = [holder.dataset.here, holder.dataset.there].map((text) => String(text).split(",").map(Number));
  const map = L.map(holder, { attributionControl: false }).fitBounds(places, { maxZoom: 18, padding: [40, 40] });
  L.tileLayer(holder.dataset.tiles, { maxZoom: 19 }).addTo(map);
  const fills = ["#0b3d91", "#8d1616"];
  places.forEach((place, index) => {
    const pin = L.circleMarker(place, { radius: 11, weight: 4, color: "#fff", fillColor: fills[index], fillOpacity: 1 });
    pin.bindTooltip(holder.closest(".pair")?.querySelectorAll(".half .number")[index]?.textContent ?? "", { permanent: true }).addTo(map);
  });
}
