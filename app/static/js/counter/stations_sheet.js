// @ts-check
/** At which of the host's stations this counter stands. */
import { byId, element, icon } from "../ui/dom.js";
import { closeSheet, openSheet } from "../ui/sheets.js";
import { chooseStation, counter, onCounter, station } from "./counter.js";
import { localName } from "./names.js";

const FILTER_FROM = 8;
let offered = false;

function list() {
  const wanted = byId("station-filter", HTMLInputElement).value.trim().toLowerCase();
  const stations = counter.bundle?.data.stations ?? [];
  byId("station-filter-field").hidden = stations.length < FILTER_FROM;
  byId("stations-more").hidden = !counter.bundle?.data.more;
  const fitting = stations.filter(({ zh, en, number }) => `${zh} ${en} ${number}`.toLowerCase().includes(wanted));
  byId("station-list").replaceChildren(...fitting.map(button));
}

/** @param {import("./bundle.js").Station} one */
function button(one) {
  const made = element("button", { type: "button", class: "station-choice", ...(one.id === counter.station ? { "aria-current": "true" } : {}) },
    icon("store"), element("span", { class: "grow" }, localName(one)), element("span", { class: "muted number" }, one.number));
  made.addEventListener("click", () => {
    closeSheet("stations");
    chooseStation(one.id);
  });
  return made;
}

function open() {
  byId("station-filter", HTMLInputElement).value = "";
  list();
  openSheet("stations");
}

export function startStationsSheet() {
  byId("station-button").addEventListener("click", open);
  byId("station-filter").addEventListener("input", list);
  onCounter(() => {
    if (byId("stations", HTMLDialogElement).open) return list();
    if (offered || !counter.bundle?.data.stations.length || station() || document.querySelector("dialog[open]")) return undefined;
    offered = true; // once: who closes it has the button
    return open();
  });
}
