// @ts-check
/** Logging without a code: by number, by hand, or others as a count. */
import { feedback } from "../scan/sounds.js";
import { byId } from "../ui/dom.js";
import { closeSheet, openSheet } from "../ui/sheets.js";
import { words } from "../ui/words.js";
import { judgeDigits } from "./judging.js";
import { log } from "./logging.js";

const MOST_DIGITS = 16;
const LEAST_DIGITS = 7;
const MOST_PEOPLE = 99;
const GO = "#pad .go";

/** @typedef {"number" | "hand" | "workers"} Tab */

/** @type {Tab} */
let tab = "number";
let digits = "";
let people = 1;
/** Digits that do not count, and that the host wants written down all the same. */
let insisted = "";
let saving = false;

/** @param {Tab} chosen */
function turn(chosen) {
  tab = chosen;
  for (const one of document.querySelectorAll("[data-tab]")) one.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (one).dataset.tab === tab));
  for (const one of ["number", "hand", "workers"]) byId(`by-${one}`).hidden = one !== tab;
  tell("");
}

/** @param {string} text */
function tell(text) {
  byId("log-error").hidden = !text;
  byId("log-error").querySelector("span")?.replaceChildren(text);
}

/** A mobile number in its groups, a badge's digits as they stand below the code. */
function spaced() {
  if (/^1[3-9]\d{9}$/.test(digits)) return `${digits.slice(0, 3)} ${digits.slice(3, 7)} ${digits.slice(7)}`;
  return digits.length > 6 ? `${digits.slice(0, -6)} ${digits.slice(-6)}` : digits;
}

function showDigits() {
  byId("typed").textContent = spaced() || "\u00a0";
}

/** @param {number} count */
function setPeople(count) {
  people = Math.min(Math.max(Math.round(count) || 1, 1), MOST_PEOPLE);
  byId("people", HTMLOutputElement).textContent = String(people);
  byId("save-workers-text").textContent = words("log_people", { count: people });
}

/** @param {string} key of the pad */
function press(key) {
  if (saving) return undefined; // the digits are being read
  if (key === "go") return once(GO, saveNumber);
  tell("");
  insisted = "";
  digits = key === "back" ? digits.slice(0, -1) : (digits + key).slice(0, MOST_DIGITS);
  return showDigits();
}

/**
 * A double tap is one log. Its button waits, and gets back the focus that keys go by.
 * @param {string} selector of the button
 * @param {() => Promise<unknown>} save
 */
async function once(selector, save) {
  if (saving) return;
  const button = /** @type {HTMLButtonElement} */ (byId("log").querySelector(selector));
  const hadFocus = document.activeElement === button;
  saving = button.disabled = true;
  try {
    await save();
  } finally {
    saving = button.disabled = false;
    if (hadFocus) button.focus();
  }
}

async function saveNumber() {
  if (digits.length < LEAST_DIGITS) return tell(words("number_short"));
  const { outcome, reason, number } = await judgeDigits(digits);
  if (outcome === "unknown") return refuse(words("why_bad_digits"));
  if (outcome === "wrong" && insisted !== digits) {
    insisted = digits;
    return refuse(`${words(`why_${reason}`)} ${words("again_to_log")}`);
  }
  const label = outcome === "mobile" ? `${number.slice(0, 3)}****${number.slice(-4)}` : number.split(" ")[0];
  return save({ way: "number", number }, label);
}

/** @param {string} why */
function refuse(why) {
  feedback("red");
  tell(why);
}

/** @param {"hand" | "workers"} from */
function saveByHand(from) {
  const label = byId(`${from}-label`, HTMLInputElement).value.trim();
  const isWorker = from === "workers";
  return save({ way: "hand", who: isWorker ? "worker" : "rider", people: isWorker ? people : 1, label }, label || (isWorker ? words("workers") : ""));
}

/** @param {import("./logging.js").Came} came @param {string} label */
async function save(came, label) {
  if (!(await log(came, label))) return refuse(words("not_written_text"));
  feedback("green");
  return closeSheet("log");
}

function open() {
  digits = insisted = "";
  showDigits();
  setPeople(1);
  for (const name of ["hand-label", "workers-label"]) byId(name, HTMLInputElement).value = "";
  turn(tab);
  openSheet("log");
}

/** Keys of a real keyboard go to the pad. @param {KeyboardEvent} event */
function onKey(event) {
  const key = /** @type {Record<string, string>} */ ({ Backspace: "back", Enter: "go" })[event.key] ?? event.key;
  const isElsewhere = /** @type {HTMLElement} */ (event.target).closest("input, [data-close], [data-tab], [data-purpose]");
  if (tab !== "number" || isElsewhere || !/^(\d|back|go)$/.test(key)) return;
  event.preventDefault();
  press(key);
}

export function startLogSheet() {
  byId("open-log").addEventListener("click", open);
  for (const one of document.querySelectorAll("[data-tab]")) one.addEventListener("click", () => turn(/** @type {any} */ (one).dataset.tab));
  byId("pad").addEventListener("click", (event) => {
    const key = /** @type {HTMLElement} */ (event.target).closest("button");
    if (key) press(key.value);
  });
  byId("log").addEventListener("keydown", onKey);
  byId("by-hand").addEventListener("submit", (event) => { event.preventDefault(); once("#by-hand .main", () => saveByHand("hand")); });
  byId("by-workers").addEventListener("submit", (event) => { event.preventDefault(); once("#by-workers .main", () => saveByHand("workers")); });
  byId("counts").addEventListener("click", (event) => {
    const { step, count } = /** @type {HTMLElement} */ (event.target).closest("button")?.dataset ?? {};
    if (step) setPeople(people + Number(step));
    if (count) setPeople(Number(count));
  });
}
