// @ts-check
/**
 * A wish to a station: kept on this phone first and sent second. The station stands in the address
 * (`#s=<id>`) or is found in the directory that this phone keeps. Without this module, and where no
 * directory is to be had, the form is posted as it is.
 */
import { database } from "../outbox/database.js";
import { uuid7 } from "../outbox/ids.js";
import { enqueue, onChange, owner } from "../outbox/items.js";
import { askForBackgroundSync, drainNow } from "../outbox/triggers.js";
import { keptDirectory, nameOf, renewDirectory } from "../stations/directory.js";
import { byId, element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { matching, stationInAddress } from "./finding.js";
import { draftOf, keepDraft, loadDraft } from "./wish_draft.js";

/** @typedef {import("../stations/directory.js").Directory} Directory */

const FOUND = 8;
/** @type {Directory | null} */
let directory = null;
/** @type {number | null} the station that the wish is for */
let chosen = null;
let busy = false;
let sent = "";

const text = byId("text", HTMLTextAreaElement);
const search = byId("station", HTMLInputElement);

async function start() {
  const draft = await loadDraft().catch(() => null);
  if (draft && !text.value) text.value = draft.text;
  choose(stationInAddress(location.hash) ?? draft?.station ?? null);
  byId("wish").addEventListener("submit", (event) => { submit(event); });
  text.addEventListener("input", () => { mark("text"); keep(); });
  search.addEventListener("input", () => { mark("station"); offer(); });
  byId("other").addEventListener("click", () => { choose(null); search.focus(); });
  addEventListener("hashchange", () => choose(stationInAddress(location.hash)));
  onChange(() => { follow().catch(() => undefined); });
  know(await keptDirectory());
  document.documentElement.dataset.ready = "";
  know(await renewDirectory().catch(() => null));
}

/** @param {Directory | null} found */
function know(found) {
  directory = found ?? directory;
  showChosen();
  if (search.value) offer();
}

function keep() {
  keepDraft({ text: text.value, station: chosen }).catch(() => undefined);
}

/** @param {number | null} id */
function choose(id) {
  chosen = id;
  byId("found").replaceChildren();
  mark("station");
  showChosen();
}

function showChosen() {
  byId("chosen").hidden = chosen === null;
  byId("choosing").hidden = chosen !== null;
  byId("chosen").querySelector("strong")?.replaceChildren(nameOfChosen());
}

function nameOfChosen() {
  const station = directory?.stations.find(({ id }) => id === chosen);
  return station ? nameOf(station) : words("wish_unknown");
}

/** The stations that fit what was typed. */
function offer() {
  const typed = search.value.trim();
  const found = directory && typed ? matching(directory.stations, typed).slice(0, FOUND) : [];
  const buttons = found.map((station) => {
    const made = element("button", { class: "button quiet", type: "button" }, icon("store"), element("span", {}, nameOf(station)), element("span", { class: "muted small number" }, station.number));
    made.addEventListener("click", () => { choose(station.id); keep(); text.focus(); });
    return made;
  });
  const none = directory && typed && !found.length ? [element("p", { class: "muted" }, words("wish_none"))] : [];
  byId("found").replaceChildren(...buttons, ...none);
}

/** @param {string} field @param {string} [problem] none takes the mark away */
function mark(field, problem) {
  const line = document.querySelector(`[data-error="${field}"]`);
  if (!(line instanceof HTMLElement)) return;
  line.hidden = !problem;
  line.querySelector("span")?.replaceChildren(problem ?? "");
  const input = document.getElementById(field);
  input?.removeAttribute("aria-invalid");
  if (input && problem) input.setAttribute("aria-invalid", "true");
}

/** @param {SubmitEvent} event */
async function submit(event) {
  if (chosen === null && !directory) return; // the centre knows the station by its number
  event.preventDefault();
  if (busy) return; // a double tap
  busy = true;
  try {
    for (const field of ["station", "text", "item"]) mark(field);
    if (chosen === null) mark("station", words("wish_station"));
    if (!text.value.trim()) mark("text", words("wish_text"));
    if (chosen !== null && text.value.trim()) await store(chosen, text.value.trim());
  } catch (error) {
    mark("item", words(/** @type {any} */ (error)?.name === "QuotaExceededError" ? "wish_full" : "wish_lost"));
  } finally {
    busy = false;
  }
}

/** @param {number} station @param {string} wished */
async function store(station, wished) {
  const user = await owner();
  if (user === null) return mark("item", words("wish_login"));
  const key = uuid7();
  const label = words("wish_label", { station: nameOfChosen() });
  await enqueue({ key, owner: user, kind: "wish", fields: { station, text: wished }, label }, [], { draft: draftOf(user) });
  sent = key;
  text.value = "";
  byId("wish").hidden = true;
  byId("receipt").hidden = false;
  byId("receipt").querySelector("[data-wish]")?.replaceChildren(wished);
  byId("receipt").focus();
  await follow();
  askForBackgroundSync().catch(() => undefined);
  drainNow({ force: true }).catch(() => undefined);
}

/** Where the wish is now. */
async function follow() {
  if (!sent) return;
  const db = await database();
  if (await db.get("receipts", sent)) return say("circle-check", "wish_received", words("wish_received_text"));
  const item = await db.get("items", sent);
  if (item?.errors) return say("triangle-alert", "wish_stuck", Object.values(item.errors).flat().join(" "));
  const name = item?.state === "needs_login" ? "wish_needs_login" : "wish_saved";
  return say(name === "wish_saved" ? "smartphone" : "lock", name, words(`${name}_text`));
}

/** @param {string} symbol @param {string} title @param {string} more */
function say(symbol, title, more) {
  const card = byId("receipt");
  card.classList.toggle("received", symbol === "circle-check");
  card.querySelector(".mark")?.replaceChildren(icon(symbol));
  card.querySelector("[data-title]")?.replaceChildren(words(title));
  card.querySelector("[data-text]")?.replaceChildren(more);
}

start();
