// @ts-check
/** The list: the nearest first, in circles of 15 minutes; as many as one looks at. */
import { byId, element } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { circleOf } from "./reach.js";
import { stationCard } from "./parts.js";

/**
 * @typedef {import("./reach.js").Found} Found
 * @typedef {import("./parts.js").Table} Table
 */

export const PAGE = 6;

/**
 * @param {Found[]} all
 * @param {number} most
 * @param {number} now
 * @param {Table} known
 */
export function drawList(all, most, now, known) {
  /** @type {HTMLElement[]} */
  const drawn = [];
  let circle = "";
  for (const { station, away } of all.slice(0, most)) {
    const its = circleOf(away);
    if (its !== circle) drawn.push(element("h2", { class: "circle", "data-circle": its }, words(`circle_${its}`)));
    circle = its;
    drawn.push(stationCard(station, away, now, known));
  }
  const list = byId("stations-list");
  const held = list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.station : undefined;
  list.replaceChildren(...drawn);
  if (held) drawn.find((one) => one.dataset.station === held)?.focus({ preventScroll: true }); // who goes by keys stays there
  byId("more-stations").hidden = all.length <= most;
}
