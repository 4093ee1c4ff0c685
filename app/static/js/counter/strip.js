// @ts-check
/** The bar on top: station, network, what waits; and what is wrong. */
import { byId, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { counter, onCounter, station } from "./counter.js";
import { localName } from "./names.js";

/** @param {string} id @param {string} symbol @param {string} text @param {string} tone */
function fact(id, symbol, text, tone) {
  const line = byId(id);
  if (line.textContent === text && line.dataset.tone === tone) return;
  line.className = `fact ${tone}`;
  line.dataset.tone = tone;
  line.replaceChildren(icon(symbol), text);
}

function show() {
  const { user, bundle, heard, waiting, refused } = counter;
  const chosen = station();
  byId("station-name").textContent = chosen ? localName(chosen) : words("no_station");
  const isOffline = !navigator.onLine || heard === "offline";
  fact("network", isOffline ? "wifi-off" : "wifi", words(isOffline ? "offline" : "online"), isOffline ? "wait" : "");
  byId("waiting").hidden = waiting + refused === 0;
  if (refused) fact("waiting", "triangle-alert", words("not_taken", { count: refused }), "bad");
  else fact("waiting", "cloud-upload", words("waiting_to_send", { count: waiting }), "");
  const duties = chosen ? `/counter/${chosen.id}/duties` : "/counter/together";
  for (const id of ["to-duties", "to-state"]) byId(id, HTMLAnchorElement).href = duties;
  byId("state-note").hidden = !chosen || stateOf(chosen) === "open";
  if (chosen) byId("state-text").textContent = words(`state_${stateOf(chosen)}`);
  showNotes(user !== null && bundle !== null, heard);
}

/** @param {import("./bundle.js").Station} one */
const stateOf = ({ state, until }) => (until && until <= Date.now() ? "open" : state);

/** @param {boolean} known @param {import("./bundle.js").Heard | null} heard */
function showNotes(known, heard) {
  byId("signed-out-note").hidden = heard !== "signed_out";
  byId("no-role-note").hidden = heard !== "no_role";
  byId("never-note").hidden = known || heard === null || heard === "signed_out" || heard === "no_role";
  byId("none-note").hidden = !known || counter.bundle?.data.stations.length !== 0;
  const ready = station() !== undefined;
  for (const id of ["open-scan", "open-log", "open-screen", "open-hand"]) byId(id, HTMLButtonElement).disabled = !ready;
}

let unwritten = 0;

/** Something could not be written down: the device is full. */
export function countUnwritten() {
  unwritten += 1;
  byId("storage-alarm").hidden = false;
  byId("storage-alarm").replaceChildren(icon("triangle-alert"), words("storage_full", { count: unwritten }));
}

export function startStrip() {
  onCounter(show);
  show();
}
