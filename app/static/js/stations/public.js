// @ts-check
/** The public page of a station: the ways to it, each map app with its own coordinates. */
import { byId, element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { waysTo } from "./ways.js";

const list = byId("ways-list");
const { latitude, longitude, name } = list.dataset;

list.replaceChildren(wayButtons());

function wayButtons() {
  const [own, ...others] = waysTo({ latitude: Number(latitude), longitude: Number(longitude) }, name ?? "");
  const more = element("details", { class: "more-filters" }, element("summary", {}, icon("map"), words("other_maps")));
  more.append(element("div", { class: "pair" }, ...others.map(({ app, href }) => link(words(`app_${app}`), href, "button"))));
  const made = document.createDocumentFragment();
  made.append(link(words("take_me_there"), own.href, "button main wide"), more);
  return made;
}

/** @param {string} text @param {string} href @param {string} look */
function link(text, href, look) {
  return element("a", { class: look, href, target: "_blank", rel: "noopener noreferrer" }, icon("navigation"), text);
}
