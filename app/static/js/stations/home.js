// @ts-check
/** The two nearest open stations, on the first page. */
import { distanceM } from "../badge/places.js";
import { byId, element, icon } from "../ui/dom.js";
import { followIfAllowed, onPlace, place } from "../ui/here.js";
import { words } from "../ui/words.js";
import { keptDirectory, renewDirectory } from "./directory.js";
import { stationCard, table } from "./parts.js";
import { found } from "./reach.js";

const MOST = 2;
const known = table();
/** @type {import("./directory.js").Directory | null} */
let directory = null;

function draw() {
  byId("near-stations").replaceChildren(...parts());
}

/** @returns {HTMLElement[]} */
function parts() {
  const here = place();
  const now = Date.now();
  if (!directory) return [note("wifi-off", words("near_never"))];
  if (!here) return [note("map-pin", words("near_unknown"))];
  const nearest = found(directory.stations, here, { open: true, facilities: [] }, now).slice(0, MOST);
  if (!nearest.length) return [note("door-closed", words("near_none"))];
  return nearest.map(({ station }) => stationCard(station, distanceM(here, station), now, known, `/stations#s=${station.id}`));
}

/** @param {string} symbol @param {string} text */
function note(symbol, text) {
  return element("a", { class: "near-note", href: "/stations" }, icon(symbol), element("span", { class: "grow" }, text), icon("chevron-right"));
}

async function start() {
  onPlace(draw);
  const allowed = followIfAllowed();
  directory = await keptDirectory().catch(() => null);
  if (directory) draw();
  directory = await renewDirectory().catch(() => null) ?? directory;
  await allowed;
  draw();
}

start();
