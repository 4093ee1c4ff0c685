// @ts-check
/** People by hour as bars, with the same in words for who does not see them. */
import { words } from "../ui/words.js";

const SPACE = "http://www.w3.org/2000/svg";
const FIRST = 7;
const LAST = 21;
const WIDE = 20;
const HIGH = 84;
const FOOT = 18;
const HEAD = 16;

/** @param {string} tag @param {Record<string, string | number>} attributes @param {string} [text] */
function shape(tag, attributes, text) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * @param {HTMLElement} place
 * @param {number[]} hours people, 24 of them
 * @param {number} now the hour that runs
 */
export function drawBars(place, hours, now) {
  const text = JSON.stringify([hours, now]);
  if (place.dataset.drawn === text) return;
  place.dataset.drawn = text;
  const busy = hours.flatMap((people, hour) => (people ? [hour] : []));
  const [first, last] = [Math.min(FIRST, now, ...busy), Math.max(LAST, now, ...busy)];
  const most = Math.max(...hours, 4);
  const svg = shape("svg", { viewBox: `0 0 ${(last - first + 1) * WIDE} ${HEAD + HIGH + FOOT}`, class: "bars", role: "img", "aria-label": said(hours) });
  for (let hour = first; hour <= last; hour++) svg.append(...bar(hour, hours[hour], { first, most, now }));
  place.replaceChildren(svg);
}

/** @param {number} hour @param {number} people @param {{first: number, most: number, now: number}} scale */
function bar(hour, people, { first, most, now }) {
  const left = (hour - first) * WIDE;
  const height = people ? Math.max((people / most) * HIGH, 3) : 1;
  const made = [shape("rect", { x: left + 2, y: HEAD + HIGH - height, width: WIDE - 4, height, rx: Math.min(3, height / 2), class: hour === now ? "now" : people ? "" : "none" })];
  if (people) made.push(shape("text", { x: left + WIDE / 2, y: HEAD + HIGH - height - 4 }, String(people)));
  if (hour % 3 === 0 || hour === now) made.push(shape("text", { x: left + WIDE / 2, y: HEAD + HIGH + 14, class: hour === now ? "hour now" : "hour" }, String(hour)));
  return made;
}

/** @param {number[]} hours */
function said(hours) {
  const parts = hours.flatMap((people, hour) => (people ? [words("bar", { hour, count: people })] : []));
  return parts.join(", ") || words("bars_none");
}
