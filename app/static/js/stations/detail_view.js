// @ts-check
/** One station, whole: what it offers, when it is open, the way there. */
import { byId, element, icon } from "../ui/dom.js";
import { distanceWords } from "../ui/here.js";
import { words } from "../ui/words.js";
import { addressOf, nameOf, noticeAt, stateAt } from "./directory.js";
import { week } from "./hours.js";
import { minutesByScooter, minutesOnFoot } from "./reach.js";
import { nextWords, stateMark } from "./parts.js";
import { waysTo } from "./ways.js";

/**
 * @typedef {import("./directory.js").Station} Station
 * @typedef {import("./parts.js").Table} Table
 */

const FAR_ON_FOOT_M = 5000;

/**
 * @param {Station} station
 * @param {number | null} away metres
 * @param {number} now
 * @param {Table} known
 */
export function drawStation(station, away, now, known) {
  byId("station-name").textContent = nameOf(station);
  byId("station-kind").textContent = words("kind_number", { kind: known.kinds[station.kind], number: station.number });
  byId("station-state").replaceChildren(stateMark(station, now, known), element("span", { class: "number" }, nextWords(station, now)));
  say("station-reason", stateAt(station, now) === "open" ? "" : station.state_reason);
  say("station-notice", noticeAt(station, now));
  byId("station-address").textContent = addressOf(station);
  byId("station-away").textContent = away === null ? "" : awayWords(away);
  byId("station-offers").replaceChildren(...station.facilities.map((one) => offer(one, known)));
  byId("station-hours").replaceChildren(...hours(station, now));
  contact(station);
  drawWays(station);
  byId("station-page", HTMLAnchorElement).href = `/stations/${station.id}`;
  byId("station-wish", HTMLAnchorElement).href = `/wishes/new#s=${station.id}`;
}

/** @param {string} id @param {string} text */
function say(id, text) {
  const place = byId(id);
  place.hidden = !text;
  /** @type {HTMLElement} */ (place.querySelector("[data-text]")).textContent = text;
}

/** @param {number} away */
function awayWords(away) {
  const parts = [distanceWords(away)];
  if (away <= FAR_ON_FOOT_M) parts.push(words("on_foot", { minutes: minutesOnFoot(away) }));
  parts.push(words("by_scooter", { minutes: minutesByScooter(away) }));
  return parts.join(" · ");
}

/** @param {import("./directory.js").Offered} one @param {Table} known */
function offer({ name, works, count }, { facilities }) {
  const look = facilities[name];
  const said = [element("span", {}, count ? `${look.word} · ${count}` : look.word)];
  if (!works) said.push(element("span", { class: "status bad" }, icon("wrench"), words("not_working")));
  return element("li", works ? {} : { class: "broken" }, icon(look.icon), element("span", { class: "grow stack tight" }, ...said));
}

/** @param {Station} station @param {number} now @returns {HTMLElement[]} */
function hours(station, now) {
  const dayName = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "Asia/Shanghai", weekday: "short", month: "numeric", day: "numeric" });
  return week(station, now).flatMap(({ day, spans }, index) => {
    const whole = spans.length === 1 && spans[0][0] === "00:00" && spans[0][1] === "24:00";
    const text = whole ? words("all_day") : spans.map((span) => span.join("–")).join(words("comma")) || words("closed_day");
    /** @type {Record<string, string>} */
    const current = index === 0 ? { class: "today" } : {};
    return [element("dt", current, index === 0 ? words("today") : dayName.format(day)), element("dd", { class: `number${index === 0 ? " today" : ""}` }, text)];
  });
}

/** @param {Station} station */
function contact({ contact: number }) {
  const link = byId("station-call", HTMLAnchorElement);
  link.hidden = !number;
  link.href = `tel:${number.replaceAll(/[^+\d]/g, "")}`;
  link.setAttribute("aria-label", words("call", { number }));
  /** @type {HTMLElement} */ (link.querySelector("[data-text]")).textContent = number;
}

/** @param {Station} station */
function drawWays(station) {
  const links = waysTo(station, nameOf(station)).map(({ app, href }, index) => (
    element("a", { class: `button wide${index ? "" : " main"}`, href, "data-app": app, target: "_blank", rel: "noopener noreferrer" }, icon("navigation"), words(`app_${app}`))
  ));
  byId("ways-list").replaceChildren(...links);
}
