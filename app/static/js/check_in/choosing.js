// @ts-check
/** The station is known: where the phone is, and one tap for what brings the rider here. */
import { distanceM } from "../badge/places.js";
import { nowMs } from "../badge/clock.js";
import { learnOwner } from "../outbox/drainer.js";
import { owner } from "../outbox/items.js";
import { addressOf, nameOf } from "../stations/directory.js";
import { byId, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { belongsToReading, markOfCode, markOfPlace } from "./judging.js";
import { look, placeInTime } from "./looking.js";
import { keepPending } from "./pending.js";
import { showReceipt } from "./receipt.js";
import { save } from "./saving.js";

/**
 * @typedef {import("./judging.js").Station} Station
 * @typedef {import("../badge/places.js").Fix} Fix
 * @typedef {object} Choice
 * @property {import("./judging.js").Poster | import("./judging.js").Counter} found
 * @property {Station | undefined} station
 * @property {number} read_at ms, by the centre's clock
 * @property {"stale_code" | "old_poster" | null} mark of the code, as of reading
 */

/** @type {Choice | undefined} */
let choice;
/** @type {import("./looking.js").Look | undefined} */
let looking;
let saving = false;
/** @type {(part: string) => void} */
let show = () => undefined;

/** @param {{show: (part: string) => void, again: () => void}} page */
export function startChoosing(page) {
  show = page.show;
  byId("purposes").addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (button) take(button);
  });
  byId("not-this").addEventListener("click", () => {
    choice = undefined;
    page.again();
  });
  byId("sign-in").addEventListener("click", () => {
    if (choice) keepPending({ hash: hashOf(choice), read_at: choice.read_at });
  });
}

/** @param {Choice} choice */
const hashOf = ({ found }) => `#${found.kind === "poster" ? "p" : "c"}=${found.text}`;

/** @param {Choice} made */
export async function showFound(made) {
  choice = made;
  looking = undefined; // that of another code
  describe(made.station);
  complain("");
  offer((await whoIsThere().catch(() => null)) !== null);
  if (choice !== made) return undefined; // saved, or another code, meanwhile
  if (made.mark) return say("triangle-alert", words(made.mark), "wait");
  if (made.found.kind === "counter") return say("circle-check", words("by_screen"), "ok");
  say("map-pin", words("locating"), "");
  looking = look();
  return sayPlace(made, await looking.where);
}

/**
 * Who has just signed in is known to the centre before the phone has written it down. When the centre is not
 * reached, whoever asked at the same time may have written it down meanwhile.
 */
const whoIsThere = async () => (await owner()) ?? (await learnOwner().catch(() => null)) ?? owner();

/** @param {Station | undefined} station */
function describe(station) {
  byId("found-number").textContent = station ? words("station_number", { number: station.number }) : words("some_station");
  byId("found-name").textContent = station ? nameOf(station) : words("name_later");
  byId("found-address").textContent = station ? addressOf(station) : "";
}

/** @param {boolean} signedIn */
function offer(signedIn) {
  byId("sign-in").hidden = signedIn;
  byId("purposes").hidden = byId("what-for").hidden = !signedIn;
  if (!saving) enable();
}

/** @param {HTMLButtonElement} [only] */
function enable(only) {
  for (const one of byId("purposes").querySelectorAll("button")) one.disabled = only !== undefined && one !== only;
}

/** @param {Choice} made @param {Fix | "denied" | "none"} where */
function sayPlace(made, where) {
  if (choice !== made) return undefined; // another code meanwhile
  if (typeof where === "string") return say("triangle-alert", words(where === "denied" ? "place_denied" : "no_place"), "wait");
  const { station } = made;
  if (!station) return say("map-pin", words("centre_decides"), "");
  if (!markOfPlace(station, where)) return say("circle-check", words("here"), "ok");
  return say("triangle-alert", words("too_far", { metres: lengthOf(distanceM(station, where)) }), "wait");
}

/** A phone knows tens of metres, no less. @param {number} metres */
function lengthOf(metres) {
  if (metres < 1000) return words("metres", { count: Math.ceil(metres / 10) * 10 });
  return words("kilometres", { count: Math.round(metres / 100) / 10 });
}

/** @param {string} symbol @param {string} text @param {"" | "ok" | "wait"} tone */
function say(symbol, text, tone) {
  byId("says").className = `says notice ${tone}`;
  byId("says").replaceChildren(icon(symbol), text);
}

/** @param {HTMLButtonElement} button */
async function take(button) {
  if (!choice || saving) return; // a double tap
  saving = true;
  complain("");
  enable(button);
  button.setAttribute("aria-busy", "true");
  try {
    await keep(choice, button.value);
  } catch {
    complain(words("not_saved"));
  } finally {
    saving = false;
    button.removeAttribute("aria-busy");
    enable();
  }
}

/**
 * Who has signed out in another tab is asked to sign in, and the code waits for that.
 * @param {Choice} made
 * @param {string} purpose
 */
async function keep(made, purpose) {
  const user = await whoIsThere();
  if (user === null) return offer(false);
  const { found, station, read_at } = made;
  const isLate = !belongsToReading(read_at, nowMs());
  const fix = found.kind === "poster" ? await placeInTime(isLate ? undefined : looking, station) : null;
  const now = nowMs();
  const at = isLate ? now : Math.min(read_at, now);
  const name = station ? nameOf(station) : words("some_station");
  const key = await save({ user, found, purpose, fix, at, now, name });
  const mark = markOfCode(found, station, at) ?? (found.kind === "poster" ? markOfPlace(station, fix) : null);
  choice = undefined;
  show("receipt");
  return showReceipt({ key, name, station: found.code.station, at, mark });
}

/** @param {string} text */
function complain(text) {
  byId("save-error").hidden = !text;
  byId("save-error").querySelector("span")?.replaceChildren(text);
}
