// @ts-check
/** A gate has let the rider in: say so, and have the building map ready. */
import { byId, localTime } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { named } from "./card_view.js";
import { openMap } from "./map_view.js";
import { fetchMap } from "./maps.js";

/** @type {number | undefined} */
let compound;

export function startPassed() {
  byId("passed-close").addEventListener("click", () => { byId("passed").hidden = true; });
  byId("passed-map").addEventListener("click", () => openMap(compound));
}

/** @param {import("./news.js").Pass} pass */
export async function showPass(pass) {
  const map = pass.direction === "entry" ? await fetchMap(pass.compound.id).catch(() => undefined) : undefined;
  compound = pass.compound.id;
  byId("passed-where").textContent = words(pass.direction === "entry" ? "entered" : "left", { compound: named(pass.compound) });
  byId("passed-when").textContent = words("at", { gate: named(pass.gate), time: localTime(pass.at).slice(-5) }); // it was just now
  byId("passed-map").hidden = !map;
  byId("passed").hidden = false;
}
