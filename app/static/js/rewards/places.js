// @ts-check
/** The places where a reward is to be had: the nearest first, a few at once. */
import { distanceM } from "../badge/places.js";
import { distanceWords, fix, followIfAllowed, onPlace, place } from "../ui/here.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";

const SHOWN = 5;
let all = false;

/** @returns {HTMLElement[]} */
const places = () => [...document.querySelectorAll("[data-place]")].filter((one) => one instanceof HTMLElement);

/** @param {HTMLElement} one @param {import("../ui/here.js").Fix} here */
const away = (one, here) => distanceM(here, { latitude: Number(one.dataset.latitude), longitude: Number(one.dataset.longitude) });

/** What is chosen is never hidden, what is sold out comes last. */
function shorten() {
  const found = places();
  const more = document.getElementById("more-places");
  found.forEach((one, number) => {
    one.hidden = !all && number >= SHOWN && !one.querySelector("input:checked");
  });
  if (more) more.hidden = all || found.length <= SHOWN;
}

function sort() {
  const here = place();
  if (!here) return;
  const off = (/** @type {HTMLElement} */ one) => Number(one.classList.contains("off"));
  const found = places().map((one) => ({ one, metres: away(one, here) }));
  found.sort((a, b) => off(a.one) - off(b.one) || a.metres - b.metres);
  const more = document.getElementById("more-places");
  for (const { one, metres } of found) {
    const said = one.querySelector("[data-away]");
    if (said) said.textContent = distanceWords(metres);
    more ? more.before(one) : one.parentElement?.append(one);
  }
  shorten();
}

async function nearest() {
  const found = await fix();
  byId("places-said").textContent = words(found ? "sorted" : "no_place");
  sort();
}

function start() {
  const ask = document.getElementById("nearest");
  if (!document.getElementById("places")) return;
  if (ask && places().length > 1) {
    ask.hidden = false;
    ask.addEventListener("click", nearest);
  }
  document.getElementById("more-places")?.addEventListener("click", () => {
    all = true;
    shorten();
  });
  onPlace(sort);
  if (ask) followIfAllowed();
  shorten();
}

start();
