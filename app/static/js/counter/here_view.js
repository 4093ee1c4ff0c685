// @ts-check
/** Who is here now, and today by hour. */
import { nowMs } from "../badge/clock.js";
import { byId, element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { drawBars } from "./bars.js";
import { onCounter, shown } from "./counter.js";
import { takeBack } from "./logging.js";
import { timeOf } from "./names.js";
import { purposeIcon, purposeWord } from "./purposes.js";
import { hourOf } from "./shown.js";

const OFTEN_MS = 60_000;
const SURE_MS = 4_000;
let drawn = "";
/** The entry of which it was asked whether it is to be taken back. @type {string | null} */
let sure = null;
/** The entry that a full device could not take back. @type {string | null} */
let unwritten = null;

function show() {
  const now = shown();
  byId("here-count").textContent = String(now.people);
  byId("today-count").textContent = String(now.today);
  byId("here-none").hidden = now.entries.length > 0;
  const text = JSON.stringify([now.entries, sure, unwritten]);
  if (text !== drawn) byId("here-list").replaceChildren(...now.entries.map(row));
  drawn = text;
  drawBars(byId("bars"), now.hours, hourOf(nowMs()));
}

/** @param {import("./shown.js").Entry} entry */
function row(entry) {
  const label = element("strong", { class: "who-label" }, nameOf(entry), ...(entry.people > 1 ? [element("span", { class: "times number" }, ` × ${entry.people}`)] : []));
  const facts = element("p", { class: "muted small row tight" }, `${timeOf(entry.at)} · ${purposeWord(entry.purpose)}`, ...marks(entry));
  const wrong = entry.key === unwritten ? [element("p", { class: "error", role: "alert" }, icon("triangle-alert"), words("not_written_text"))] : [];
  const made = element("li", { "data-key": entry.key }, element("span", { class: "round" }, purposeIcon(entry.purpose)), element("div", { class: "grow" }, label, facts, ...wrong));
  if (entry.by_host) made.append(undoButton(entry));
  return made;
}

/** @param {import("./shown.js").Entry} entry */
const nameOf = ({ label, who }) => label || words(who === "worker" ? "workers" : "somebody");

/** @param {import("./shown.js").Entry} entry */
function marks({ mark, waits, by_host }) {
  return [
    ...(mark ? [element("span", { class: "status bad" }, icon("triangle-alert"), words(`mark_${mark}`))] : []),
    ...(waits ? [element("span", { class: "status wait" }, icon("clock"), words("waits"))] : []),
    ...(by_host ? [] : [element("span", { class: "status still" }, icon("smartphone"), words("by_rider"))]),
  ];
}

/** The first tap asks, the second does. @param {import("./shown.js").Entry} entry */
function undoButton(entry) {
  const isAsked = sure === entry.key;
  const made = element("button", { type: "button", class: isAsked ? "button danger" : "button quiet", "aria-label": words(isAsked ? "take_back_sure" : "take_back", { label: nameOf(entry) }) },
    icon("undo-2"), ...(isAsked ? [words("take_back_now")] : []));
  made.addEventListener("click", () => (isAsked ? takeBackNow(entry) : ask(entry.key)));
  return made;
}

/** @param {string} key of the entry that a second tap takes back */
function ask(key) {
  sure = key;
  setTimeout(() => { if (sure === key) { sure = null; show(); } }, SURE_MS);
  show();
}

/** @param {import("./shown.js").Entry} entry */
async function takeBackNow({ key, label }) {
  sure = unwritten = null;
  show();
  if (!(await takeBack(key, label))) unwritten = key;
  show();
}

export function startHere() {
  onCounter(show);
  setInterval(show, OFTEN_MS);
  show();
}
