// @ts-check
/** A map by Leaflet with one pin. Only where the operator has set an address for tiles. */
import { library } from "../ui/map_library.js";

/**
 * @param {HTMLElement} holder carries the tiles' address in data-tiles
 * @param {number} latitude
 * @param {number} longitude
 * @param {(moved: {latitude: number, longitude: number}) => void} [onMove] makes the pin movable
 */
export async function showMap(holder, latitude, longitude, onMove) {
  const L = await library();
  const map = L.map(holder, { attributionControl: false }).setView([latitude, longitude], 17);
  L.tileLayer(holder.dataset.tiles, { maxZoom: 19 }).addTo(map);
  const pin = L.circleMarker([latitude, longitude], { radius: 11, weight: 4, color: "#fff", fillColor: "#0b3d91", fillOpacity: 1 }).addTo(map);
  const reach = L.circle([latitude, longitude], { radius: 0, weight: 1, color: "#0b3d91" }).addTo(map);
  if (onMove) {
    map.on("click", (/** @type {any} */ event) => onMove({ latitude: event.latlng.lat, longitude: event.latlng.lng }));
  }
  return {
    /** @param {number} lat @param {number} lng @param {number | null} accuracy_m */
    move(lat, lng, accuracy_m) {
      pin.setLatLng([lat, lng]);
      reach.setLatLng([lat, lng]).setRadius(accuracy_m ?? 0);
      map.panTo([lat, lng]);
    },
  };
}
