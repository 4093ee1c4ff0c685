// @ts-check
/** Pieces of pages about stations: state, distance, facilities, a card. */
import { element, icon } from "../ui/dom.js";
import { distanceWords } from "../ui/here.js";
import { words } from "../ui/words.js";
import { addressOf, nameOf, noticeAt, openAt } from "./directory.js";
import { clockTime, daysBetween, nextOf } from "./hours.js";
import { circleOf, minutesByScooter, minutesOnFoot } from "./reach.js";

/**
 * @typedef {import("./directory.js").Station} Station
 * @typedef {{word: string, icon: string, tone: string}} Look
 * @typedef {{facilities: Record<string, Look>, kinds: Record<string, string>, states: Record<string, Look>}} Table
 */

const MOST_ICONS = 6;

/** @returns {Table} the words and icons, as the server wrote them into the page */
export function table() {
  return JSON.parse(document.getElementById("station-table")?.textContent ?? "{}");
}

/** @param {Station} station @param {number} now @param {Table} known */
export function stateMark(station, now, { states }) {
  const look = states[openAt(station, now)];
  return element("span", { class: `status ${look.tone}` }, icon(look.icon), look.word);
}

/** Until when, or from when on: in words. @param {Station} station @param {number} now */
export function nextWords(station, now) {
  const { key, at } = nextOf(station, now);
  if (key === "none" || key === "all_day") return words(`state_${key}`);
  const days = daysBetween(now, at);
  const time = days === 0 ? clockTime(at) : words(days === 1 ? "tomorrow" : "in_days", { days, time: clockTime(at) });
  return words(`state_${key}`, { time });
}

/** @param {number} metres */
export function minutesWords(metres) {
  if (circleOf(metres) === "foot") return words("on_foot", { minutes: minutesOnFoot(metres) });
  return words("by_scooter", { minutes: minutesByScooter(metres) });
}

/** What works there, as icons; the words are for who cannot see them. @param {Station} station @param {Table} known */
export function facilityIcons(station, { facilities }) {
  const working = station.facilities.filter(({ works }) => works).map(({ name }) => facilities[name]);
  const shown = working.length > MOST_ICONS ? working.slice(0, MOST_ICONS - 1) : working;
  const rest = working.length - shown.length;
  const said = element("span", { class: "visually-hidden" }, working.map(({ word }) => word).join(words("comma")));
  const more = rest ? [element("span", { class: "small number", "aria-hidden": "true" }, `+${rest}`)] : [];
  return element("span", { class: "offers" }, ...shown.map((look) => icon(look.icon)), ...more, said);
}

/**
 * A station in a list.
 * @param {Station} station
 * @param {number | null} away metres
 * @param {number} now
 * @param {Table} known
 * @param {string} [href]
 */
export function stationCard(station, away, now, known, href = `#s=${station.id}`) {
  const notice = noticeAt(station, now);
  const state = element("span", { class: "row tight" }, stateMark(station, now, known), element("span", { class: "small number" }, nextWords(station, now)));
  const card = element("a", { class: "station-card", href, "data-station": String(station.id) },
    element("span", { class: "stack tight" }, element("strong", {}, nameOf(station)), state));
  if (away !== null) card.append(distance(away));
  card.append(element("span", { class: "small muted line" }, addressOf(station)), facilityIcons(station, known));
  if (notice) card.append(element("span", { class: "word small" }, icon("megaphone"), element("span", {}, notice)));
  return card;
}

/** @param {number} away */
function distance(away) {
  return element("span", { class: "away number" },
    element("strong", {}, distanceWords(away)), element("span", { class: "small muted" }, minutesWords(away)));
}
