// @ts-check
/** The lists: what is mine and to be done, what is offered near, and what became of the others. */
import { byId, element } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { taskCard } from "./parts.js";
import { byChange, byDistance, byDue, sectionOf } from "./shown.js";
import { awayM } from "./where.js";

/**
 * @typedef {import("./shown.js").Shown} Shown
 * @typedef {import("./shown.js").Section} Section
 */

export const PAGE = 20;
/** @type {Section[]} */
const MINE = ["look", "todo", "waiting", "done"];

/** @param {Shown[]} tasks @param {Section} section */
export function membersOf(tasks, section) {
  const order = { look: byDue, todo: byDue, open: byDistance(awayM), waiting: byChange, done: byChange }[section];
  return tasks.filter((one) => sectionOf(one) === section).sort(order);
}

/** What is offered, under what is at hand. @param {Shown[]} tasks @param {Shown[]} offered after the filter @param {number} most */
export function drawOffered(tasks, offered, most) {
  const mine = [...membersOf(tasks, "look"), ...membersOf(tasks, "todo")];
  replace("at-hand", mine.length ? [group("at_hand", mine)] : []);
  replace("offered", offered.slice(0, most).map(taskCard));
  byId("more-tasks").hidden = offered.length <= most;
}

/** Everything of mine. @param {Shown[]} tasks */
export function drawMine(tasks) {
  const groups = MINE.map((section) => /** @type {const} */ ([section, membersOf(tasks, section)])).filter(([, members]) => members.length);
  replace("mine-list", groups.map(([section, members]) => group(`section_${section}`, members)));
}

/** @param {string} word @param {Shown[]} members */
function group(word, members) {
  const heading = element("h2", {}, words(word), " ", element("span", { class: "muted number" }, String(members.length)));
  return element("section", { class: "stack", "data-group": word }, heading, ...members.map(taskCard));
}

/** Who goes by keys stays where they were. @param {string} id @param {HTMLElement[]} drawn */
function replace(id, drawn) {
  const holder = byId(id);
  const held = holder.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.task : undefined;
  holder.replaceChildren(...drawn);
  if (held) /** @type {HTMLElement | null} */ (holder.querySelector(`[data-task="${held}"]`))?.focus({ preventScroll: true });
}
