// @ts-check
/** Which way the next rider goes, and with or without e-bike. */
import { byId, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { gate, onGate } from "./gate.js";

/** @returns {{wanted: "entry" | "exit", firm: boolean}} what the guard has set; a rider inside may still be proposed to leave */
export function toggle() {
  const chosen = /** @type {HTMLInputElement} */ (document.querySelector("[name=direction]:checked"));
  return { wanted: chosen.value === "exit" ? "exit" : "entry", firm: false };
}

/** @returns {"foot" | "ebike"} */
export function vehicle() {
  return byId("vehicle").dataset.value === "foot" ? "foot" : "ebike";
}

function show() {
  const rules = gate.bundle?.data.rules;
  if (!rules) return;
  const only = rules.direction === "both" ? "" : rules.direction;
  byId("direction").toggleAttribute("data-only", Boolean(only));
  for (const input of byId("direction").querySelectorAll("input")) {
    if (only) input.checked = input.value === only;
  }
  byId("vehicle").hidden = rules.vehicles === "foot";
  if (rules.vehicles === "foot") setVehicle("foot");
}

/** @param {"foot" | "ebike"} value */
function setVehicle(value) {
  const button = byId("vehicle");
  button.dataset.value = value;
  button.setAttribute("aria-label", words(value));
  button.replaceChildren(icon(value === "foot" ? "footprints" : "bike"), words(value));
}

export function startToggles() {
  byId("vehicle").addEventListener("click", () => setVehicle(vehicle() === "foot" ? "ebike" : "foot"));
  onGate(show);
}
