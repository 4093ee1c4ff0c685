// @ts-check
/** Handing out by the number of a voucher, where its code cannot be read. */
import { feedback } from "../scan/sounds.js";
import { byId } from "../ui/dom.js";
import { closeSheet, openSheet } from "../ui/sheets.js";
import { words } from "../ui/words.js";
import { grouped } from "../vouchers/standing.js";
import { openNumber } from "./hand_sheet.js";

const DIGITS = 10;
let digits = "";
let looking = false;

/** @param {string} text */
function tell(text) {
  byId("voucher-error").hidden = !text;
  byId("voucher-error").querySelector("span")?.replaceChildren(text);
}

function showDigits() {
  byId("voucher-typed").textContent = grouped(digits) || "\u00a0";
}

/** @param {string} key of the pad */
function press(key) {
  if (looking) return undefined;
  if (key === "go") return look();
  tell("");
  digits = key === "back" ? digits.slice(0, -1) : (digits + key).slice(0, DIGITS);
  return showDigits();
}

async function look() {
  if (digits.length < DIGITS) return tell(words("number_of_ten"));
  looking = true;
  tell("");
  try {
    if (await openNumber(digits)) return closeSheet("voucher-number");
    feedback("red");
    return tell(words("number_unknown"));
  } finally {
    looking = false;
  }
}

function open() {
  digits = "";
  showDigits();
  tell("");
  openSheet("voucher-number");
}

/** Keys of a real keyboard go to the pad. @param {KeyboardEvent} event */
function onKey(event) {
  const key = /** @type {Record<string, string>} */ ({ Backspace: "back", Enter: "go" })[event.key] ?? event.key;
  if (/** @type {HTMLElement} */ (event.target).closest("[data-close]") || !/^(\d|back|go)$/.test(key)) return;
  event.preventDefault();
  press(key);
}

export function startNumberSheet() {
  byId("by-voucher-number").addEventListener("click", open);
  byId("voucher-number").addEventListener("keydown", onKey);
  byId("voucher-pad").addEventListener("click", (event) => {
    const key = /** @type {HTMLElement} */ (event.target).closest("button");
    if (key) press(key.value);
  });
}
