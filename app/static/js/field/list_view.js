// @ts-check
/** The list: what is to be done, by deadline; what is to be verified, the nearest first. */
import { byId, element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { centreNow } from "./centre_clock.js";
import { awayM, distanceWords } from "./here.js";
import { deadline, mark, pictureOf, refusalWords, stateMark, waitingMarks } from "./parts.js";
import { byDeadline, byDistance, sectionOf } from "./shown.js";

/**
 * @typedef {import("./shown.js").Shown} Shown
 * @typedef {import("./shown.js").Section} Section
 */

/** @type {Section[]} */
const SECTIONS = ["refused", "todo", "verify", "waiting", "done"];
const WITH_CLOCK = ["refused", "todo", "waiting"];

/** The cases by section, each in the order of work. @param {Shown[]} cases @returns {[Section, Shown[]][]} */
export function inSections(cases) {
  return SECTIONS.map((section) => {
    const members = cases.filter((one) => sectionOf(one) === section);
    return [section, members.sort(section === "verify" ? byDistance(awayM) : byDeadline)];
  });
}

/**
 * @param {number} owner
 * @param {Shown[]} cases
 * @param {Record<string, {word: string, icon: string, tone: string}>} looks
 * @param {number | null} chosen
 */
export function drawList(owner, cases, looks, chosen) {
  const sections = inSections(cases).filter(([, members]) => members.length);
  byId("sections").replaceChildren(...sections.map(([section, members]) => (
    element("section", { class: "stack", "data-section": section },
      element("h2", {}, words(`section_${section}`), " ", element("span", { class: "muted number" }, String(members.length))),
      ...members.map((one) => card(owner, one, looks, chosen)))
  )));
}

/** @param {number} owner @param {Shown} one @param {Record<string, any>} looks @param {number | null} chosen */
function card(owner, one, looks, chosen) {
  const away = awayM(one);
  const where = [away === null ? "" : distanceWords(away), one.place].filter(Boolean).join(" · ");
  const made = element("a", { class: "field-card", href: `#${one.id}`, "data-case": String(one.id), ...(one.id === chosen ? { "aria-current": "true" } : {}) },
    pictureOf(owner, one.photos[0], "thumb", ""),
    element("div", { class: "stack tight" },
      element("strong", {}, one.supervised ? icon("star") : "", one.category),
      element("p", { class: "row" }, stateMark(one.gone ? { word: words("gone"), icon: "undo-2", tone: "still" } : looks[one.state])),
      ...(where ? [element("p", { class: "muted small where" }, icon("map-pin"), element("span", {}, where))] : []),
      ...(one.part && !one.part.done ? [element("p", { class: "small" }, words("part", { task: one.part.task }))] : []),
    ));
  if (!one.gone && WITH_CLOCK.includes(sectionOf(one))) made.append(...deadline(one, centreNow()));
  made.append(...waitingMarks(one));
  for (const item of one.refused) made.append(mark("bad", "triangle-alert", refusalWords(item)[0]));
  return made;
}
