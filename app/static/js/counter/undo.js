// @ts-check
/** Half a minute to take the last log back. */
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";

const UNDO_MS = 30_000;
const SAID_MS = 4_000;

/** @type {(() => Promise<boolean>) | undefined} */
let takeBack;
let until_ms = 0;
/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;

/** @param {string} label @param {number} people @param {() => Promise<boolean>} undo whether that is on the device */
export function offerUndo(label, people, undo) {
  takeBack = undo;
  byId("undo-text").textContent = people > 1 ? words("logged_many", { label, count: people }) : words("logged", { label });
  byId("undo-button").hidden = false;
  show(UNDO_MS);
}

/** @param {number} ms */
function show(ms) {
  until_ms = Date.now() + ms;
  clearInterval(ticking);
  ticking = setInterval(tick, 250);
  tick();
}

function tick() {
  const left_ms = until_ms - Date.now();
  byId("undo").classList.toggle("idle", left_ms <= 0);
  byId("undo-left").textContent = String(Math.max(Math.ceil(left_ms / 1000), 0));
  if (left_ms > 0) return;
  takeBack = undefined;
  byId("undo-text").textContent = words("nothing_logged");
  byId("undo-button").hidden = true;
  clearInterval(ticking);
}

/** A full device says so: the log stands, and can be taken back once there is room. */
async function takeBackNow() {
  const undo = takeBack;
  takeBack = undefined;
  if (!undo) return;
  byId("undo-button").hidden = true;
  const written = await undo();
  if (takeBack) return; // another was logged meanwhile, and is offered now
  byId("undo-text").textContent = words(written ? "taken_back" : "not_written_text");
  takeBack = written ? undefined : undo;
  byId("undo-button").hidden = written;
  show(written ? SAID_MS : UNDO_MS);
}

export function startUndo() {
  byId("undo-button").addEventListener("click", takeBackNow);
}
