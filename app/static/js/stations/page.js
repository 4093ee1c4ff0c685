// @ts-check
/** Finding a station: list, map and one of them, all from what this phone keeps. */
import { distanceM } from "../badge/places.js";
import { byId, localTime } from "../ui/dom.js";
import { follow, followIfAllowed, onPlace, place } from "../ui/here.js";
import { words } from "../ui/words.js";
import { drawStation } from "./detail_view.js";
import { keptDirectory, renewDirectory, stationById } from "./directory.js";
import { startFilter, wantedFilter } from "./filter.js";
import { drawList, PAGE } from "./list_view.js";
import { stationCard, table } from "./parts.js";
import { found } from "./reach.js";

/**
 * @typedef {import("./directory.js").Directory} Directory
 * @typedef {import("./directory.js").Station} Station
 * @typedef {"list" | "map" | "station"} View
 */

const RENEW_MS = 60_000;
const known = table();
/** @type {Directory | null} */
let directory = null;
/** Whether the centre was not reached when it was asked last. */
let unreached = false;
let most = PAGE;
let listTop = 0;
/** @type {View | null} */
let shown = null;
let cameFromHere = false;
/** @type {Promise<import("./map_view.js").StationMap> | undefined} */
let map;

/** What the address names. @returns {{view: View, id: number}} */
function wanted() {
  const id = Number(/^#s=(\d{1,10})$/.exec(location.hash)?.[1] ?? 0);
  if (id) return { view: "station", id };
  return { view: location.hash === "#map" ? "map" : "list", id };
}

/** @param {Station} station */
function away(station) {
  const here = place();
  return here && distanceM(here, station);
}

function draw() {
  const { view, id } = wanted();
  const station = directory && view === "station" ? stationById(directory, id) : undefined;
  byId("find").hidden = view === "station";
  byId("station").hidden = !station;
  byId("gone").hidden = view !== "station" || !directory || Boolean(station);
  if (station) drawStation(station, away(station), Date.now(), known);
  else if (directory && view !== "station") drawAll(directory, view);
}

/** @param {Directory} held @param {View} view */
function drawAll(held, view) {
  const now = Date.now();
  const all = found(held.stations, place(), wantedFilter(), now);
  byId("never").hidden = true;
  byId("none-fits").hidden = all.length > 0;
  byId("list-view").hidden = view !== "list";
  byId("map-view").hidden = view !== "map";
  markView(view);
  byId("find-me").setAttribute("aria-pressed", String(place() !== null));
  byId("said").textContent = words(unreached ? "as_of_offline" : "as_of", { count: all.length, time: localTime(held.fetched_at) });
  if (view === "list") drawList(all, most, now, known);
  else showMap(all, now);
}

/** @param {View} view */
function markView(view) {
  for (const link of byId("views").querySelectorAll("a")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** @param {import("./reach.js").Found[]} all @param {number} now */
async function showMap(all, now) {
  map ??= import("./map_view.js").then(({ openMap }) => openMap(choose));
  try {
    (await map).show({ all, here: place(), now });
  } catch {
    map = undefined; // tried again the next time
    byId("map-trouble").hidden = false;
  }
}

/** A mark was touched. @param {Station} station */
function choose(station) {
  byId("picked").replaceChildren(stationCard(station, away(station), Date.now(), known));
}

/** The address has changed: what is shown begins at its top, and the list where it was left. */
function go() {
  const before = shown;
  shown = wanted().view;
  if (before === "list") listTop = scrollY;
  cameFromHere = before !== null && before !== "station";
  draw();
  scrollTo(0, shown === "list" ? listTop : 0);
  if (shown === "station" && before !== null) byId("station-name").focus({ preventScroll: true });
}

/** @param {Event} event */
function goBack(event) {
  if (!cameFromHere) return; // opened by a link: the button's own way leads to the list
  event.preventDefault();
  history.back();
}

async function renew() {
  const asked = Date.now();
  directory = await renewDirectory().catch(() => null) ?? directory;
  unreached = !directory || directory.fetched_at < asked;
  byId("never").hidden = directory !== null;
  draw();
}

/** The person asks to be found; the browser asks for leave. */
function findMe() {
  byId("place-trouble").hidden = true;
  const lost = () => { byId("place-trouble").hidden = place() !== null; };
  if (navigator.geolocation) follow(lost);
  else lost();
}

function listen() {
  startFilter(() => { most = PAGE; draw(); });
  byId("find-me").addEventListener("click", findMe);
  const more = () => { most += PAGE; draw(); };
  const button = byId("more-stations");
  button.addEventListener("click", more);
  const sight = new IntersectionObserver((seen) => {
    if (!seen.at(-1)?.isIntersecting) return;
    more();
    sight.unobserve(button); // looked at anew: who scrolls fast may be at it again before it was seen to be gone
    sight.observe(button);
  });
  sight.observe(button);
  byId("take-me-there").addEventListener("click", () => byId("ways", HTMLDialogElement).showModal());
  byId("back").addEventListener("click", goBack);
  onPlace(draw);
  addEventListener("hashchange", go);
  addEventListener("online", renew);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) renew(); });
  setInterval(() => { if (!document.hidden) renew(); }, RENEW_MS);
}

async function start() {
  history.scrollRestoration = "manual";
  listen();
  directory = await keptDirectory().catch(() => null);
  go();
  await Promise.all([renew(), followIfAllowed()]);
  document.documentElement.dataset.ready = "";
}

start();
