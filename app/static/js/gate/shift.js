// @ts-check
/** Who is on shift: chosen from the gate's list or typed, also with no network. */
import { byId, element } from "../ui/dom.js";
import { changed, gate } from "./gate.js";
import { closeSheet, openSheet } from "../ui/sheets.js";
import { keep, kept } from "./store.js";
import { nowMs } from "./time.js";

const NAMES_KEPT = 12;

/** Ask who it is. */
export async function askShift() {
  const typed = (await kept("shift").catch(() => undefined))?.names ?? [];
  const names = [...new Set([...(gate.bundle?.data.guards ?? []), ...typed])];
  byId("shift-names").replaceChildren(...names.map(button));
  byId("shift-name", HTMLInputElement).value = "";
  openSheet("shift");
}

/** @param {string} name */
function button(name) {
  const made = element("button", { type: "button", ...(name === gate.guard ? { "aria-current": "true" } : {}) }, name);
  made.addEventListener("click", () => begin(name));
  return made;
}

/** @param {string} name */
async function begin(name) {
  gate.guard = name;
  closeSheet("shift");
  changed();
  const before = (await kept("shift").catch(() => undefined))?.names ?? [];
  const listed = gate.bundle?.data.guards ?? [];
  const names = listed.includes(name) ? before : [name, ...before.filter((/** @type {string} */ one) => one !== name)].slice(0, NAMES_KEPT);
  await keep("shift", { guard: name, since: nowMs(), names }).catch(() => undefined); // a full phone: until it is closed
}

export function startShift() {
  byId("open-shift").addEventListener("click", askShift);
  byId("shift-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = byId("shift-name", HTMLInputElement).value.trim();
    if (name) begin(name);
    else byId("shift-name").focus();
  });
}
