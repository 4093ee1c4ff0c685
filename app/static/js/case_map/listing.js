// @ts-check
/** The same as on the map, as a list that the keyboard reaches. */
import { byId, element, icon } from "../ui/dom.js";
import { titleOf } from "./markers.js";

/** @typedef {import("./map.js").Feature} Feature */

/**
 * @param {Feature[]} features
 * @param {(feature: Feature) => void} choose
 * @param {(id: number) => string} addressOf
 */
export function fillList(features, choose, addressOf) {
  byId("case-map-list").replaceChildren(...features.map((one) => element("li", {}, entry(one, choose, addressOf))));
}

/** @param {Feature} feature @param {(feature: Feature) => void} choose @param {(id: number) => string} addressOf */
function entry(feature, choose, addressOf) {
  const { id, look, place } = feature.properties;
  if (id) {
    const text = element("span", { class: "grow" }, titleOf(feature), element("br"), element("span", { class: "small muted" }, place));
    return element("a", { href: addressOf(id), class: `map-entry ${look.tone}` }, icon(look.icon), text);
  }
  const button = element("button", { type: "button", class: "map-entry" }, icon("search"), element("span", { class: "grow" }, titleOf(feature)));
  button.addEventListener("click", () => choose(feature));
  return button;
}
