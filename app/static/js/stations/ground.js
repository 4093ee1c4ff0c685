// @ts-check
/** What a map lies on: tiles where the operator has set an address, and a plain ground with a net of lines where there are none. */

/** Lines lie so far apart, whichever come first that leave room between them. */
const LINES_M = [1000, 2000, 5000, 10_000, 50_000, 200_000];
const ROOM_PX = 64;
const METRES_PER_DEGREE = 111_320;
const MOST_LINES = 60;

/**
 * @param {any} L
 * @param {any} map
 * @param {string} tiles
 * @param {string} colour of the lines
 */
export function layGround(L, map, tiles, colour) {
  const lines = L.layerGroup().addTo(map);
  const redraw = () => drawLines(L, map, lines, colour);
  map.on("moveend", redraw);
  redraw();
  if (!tiles) return;
  const layer = L.tileLayer(tiles, { maxZoom: 19 }).addTo(map);
  // Lines help only where no tile came: without network.
  layer.on("tileload", () => { map.removeLayer(lines); });
  layer.on("tileerror", () => { map.addLayer(lines); });
}

/** @param {any} L @param {any} map @param {any} lines @param {string} colour */
function drawLines(L, map, lines, colour) {
  lines.clearLayers();
  const bounds = map.getBounds();
  const south = bounds.getSouth(), north = bounds.getNorth(), west = bounds.getWest(), east = bounds.getEast();
  const shrunk = Math.cos((map.getCenter().lat * Math.PI) / 180);
  const pixels = map.getSize().y / ((north - south) * METRES_PER_DEGREE); // of a metre
  const high = (LINES_M.find((metres) => metres * pixels >= ROOM_PX) ?? 1e6) / METRES_PER_DEGREE;
  const wide = high / shrunk;
  const style = { color: colour, weight: 1, interactive: false };
  for (const latitude of steps(south, north, high)) L.polyline([[latitude, west], [latitude, east]], style).addTo(lines);
  for (const longitude of steps(west, east, wide)) L.polyline([[south, longitude], [north, longitude]], style).addTo(lines);
}

/** @param {number} from @param {number} to @param {number} step @returns {number[]} none where they would lie too close */
function steps(from, to, step) {
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  if (count > MOST_LINES) return [];
  return Array.from({ length: Math.max(0, count) }, (_none, index) => (first + index) * step);
}
