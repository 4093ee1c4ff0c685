// @ts-check
/** The public page of a station: the ways to it, each map app with its own coordinates. */
import { byId, element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { waysTo } from "./ways.js";

const way = byId("way", HTMLAnchorElement);
const { latitude, longitude, name } = way.dataset;
const [own, ...others] = waysTo({ latitude: Number(latitude), longitude: Number(longitude) }, name ?? "");

way.href = own.href;
byId("ways-list").replaceChildren(...others.map(({ app, href }) => (
  element("a", { class: "button wide", href, target: "_blank", rel: "noopener noreferrer" }, icon("navigation"), words(`app_${app}`))
)));
