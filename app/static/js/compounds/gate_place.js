// @ts-check
/** Fills in where the gate is, for somebody who stands at it with this phone. */
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";

const WAIT_MS = 20_000;
const here = byId("here", HTMLButtonElement);

/** @param {GeolocationPosition} found */
function fill({ coords }) {
  byId("latitude", HTMLInputElement).value = coords.latitude.toFixed(6);
  byId("longitude", HTMLInputElement).value = coords.longitude.toFixed(6);
  say(words("here_found", { metres: Math.round(coords.accuracy) }));
}

/** @param {string} text */
function say(text) {
  byId("here-said").textContent = text;
  here.disabled = text === words("here_asking");
}

here.hidden = !("geolocation" in navigator);
here.addEventListener("click", () => {
  say(words("here_asking"));
  const options = { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 0 };
  navigator.geolocation.getCurrentPosition(fill, () => say(words("here_none")), options);
});
