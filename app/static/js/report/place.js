// @ts-check
/** The place of a report: by the phone, better for a while, movable on a map, or in words. */
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";

const GOOD_M = 30;
const COARSE_M = 200;
const LOOK_FOR_MS = 20_000;

/**
 * @typedef {{latitude: number | null, longitude: number | null, accuracy_m: number | null}} Place
 */

/** @type {Place} */
let place = { latitude: null, longitude: null, accuracy_m: null };
/** @type {number | undefined} */
let watch;
/** @type {() => void} */
let changed = () => undefined;
/** @type {Promise<{move: (latitude: number, longitude: number, accuracy_m: number | null) => void}> | undefined} */
let map;

export const currentPlace = () => place;

/** @param {Place} known */
export function setPlace(known) {
  place = known;
  const { latitude, longitude, accuracy_m } = known;
  const form = byId("report", HTMLFormElement);
  for (const [name, value] of Object.entries(known)) {
    const input = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
    if (input) input.value = value === null ? "" : String(value);
  }
  if (latitude === null || longitude === null) return;
  if (accuracy_m === null) tell("moved");
  else tell(accuracy_m > COARSE_M ? "coarse" : "located", { metres: Math.round(accuracy_m) });
  drawMap(latitude, longitude, accuracy_m);
}

/** @param {string} word @param {Record<string, number>} [values] */
function tell(word, values) {
  byId("place-state").textContent = words(word, values);
}

/** Look for the place now; the best fix of the next 20 s counts. */
export function locate() {
  if (!navigator.geolocation) return tell("no_place");
  stopPlace();
  tell("locating");
  watch = navigator.geolocation.watchPosition(onFix, onError, {
    enableHighAccuracy: true, timeout: LOOK_FOR_MS, maximumAge: 30_000,
  });
  setTimeout(stopPlace, LOOK_FOR_MS);
}

/** Look no longer: it is good enough, or the report is saved. */
export function stopPlace() {
  if (watch !== undefined) navigator.geolocation.clearWatch(watch);
  watch = undefined;
}

/** @param {GeolocationPosition} position */
function onFix({ coords }) {
  const better = place.latitude === null || coords.accuracy <= (place.accuracy_m ?? 0);
  if (better) {
    setPlace({ latitude: coords.latitude, longitude: coords.longitude, accuracy_m: Math.round(coords.accuracy * 10) / 10 });
    changed();
  }
  if (coords.accuracy <= GOOD_M) stopPlace();
}

/** @param {GeolocationPositionError} error */
function onError(error) {
  stopPlace();
  if (place.latitude === null) tell(error.code === error.PERMISSION_DENIED ? "place_denied" : "no_place");
}

/** Look at once where the person has allowed it before; else at the first photo. */
export async function locateIfAllowed() {
  const permission = await navigator.permissions?.query({ name: "geolocation" }).catch(() => undefined);
  if (permission?.state === "granted") locate();
  return permission?.state === "granted";
}

/** @param {number} latitude @param {number} longitude @param {number | null} accuracy_m */
async function drawMap(latitude, longitude, accuracy_m) {
  const holder = document.getElementById("map");
  if (!holder) return;
  holder.hidden = false;
  map ??= openMap(holder, latitude, longitude); // one map, however fast the fixes come
  await map.then((opened) => opened.move(latitude, longitude, accuracy_m), () => { holder.hidden = true; });
}

/** @param {HTMLElement} holder @param {number} latitude @param {number} longitude */
async function openMap(holder, latitude, longitude) {
  const { showMap } = await import("./map.js");
  return showMap(holder, latitude, longitude, (moved) => {
    stopPlace();
    setPlace({ ...moved, accuracy_m: null });
    changed();
  });
}

/** @param {() => void} onPlace called when the place was found or moved */
export function startPlace(onPlace) {
  changed = onPlace;
  const again = byId("locate", HTMLButtonElement);
  again.hidden = !navigator.geolocation;
  again.addEventListener("click", () => {
    place = { latitude: null, longitude: null, accuracy_m: null };
    locate();
  });
}
