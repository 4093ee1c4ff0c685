// @ts-check
/** A number pad for the digits below the rider's code, for when the camera fails. */
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { closeSheet, openSheet } from "../ui/sheets.js";
import { keep, kept } from "./store.js";
import { afterWrong, NONE, waitS } from "./tries.js";

const CODE_DIGITS = 6;
const MOST_DIGITS = 16;

let typed = "";
let tries = NONE;
/** @type {(text: string) => Promise<boolean>} */
let judge = async () => false;

/** "41482913" as "41 482913": the index, then six digits. @param {string} digits */
export function spaced(digits) {
  const cut = Math.max(digits.length - CODE_DIGITS, 0);
  return cut ? `${digits.slice(0, cut)} ${digits.slice(cut)}` : digits;
}

function show() {
  byId("short-typed").textContent = spaced(typed);
  const wait = waitS(tries, Date.now());
  if (wait) tell(words("short_slow", { count: wait }));
  for (const key of byId("pad").querySelectorAll("button")) key.disabled = wait > 0;
  if (wait) setTimeout(show, 1000);
  else if (byId("short-error").dataset.slow) tell("");
  byId("short-error").toggleAttribute("data-slow", wait > 0);
}

/** @param {string} text */
function tell(text) {
  byId("short-error").hidden = !text;
  byId("short-error").querySelector("span")?.replaceChildren(text);
}

/** @param {string} key of the pad */
async function press(key) {
  if (waitS(tries, Date.now())) return;
  tell("");
  if (key === "back") typed = typed.slice(0, -1);
  else if (key === "go") await check();
  else if (typed.length < MOST_DIGITS) typed += key;
  show();
}

async function check() {
  if (typed.length <= CODE_DIGITS) return tell(words("short_incomplete"));
  const isRight = await judge(spaced(typed));
  tries = isRight ? NONE : afterWrong(tries, Date.now());
  await keep("tries", tries).catch(() => undefined);
  typed = "";
  if (isRight) return closeSheet("short");
  return tell(words("why_bad_short_code"));
}

/** @param {(text: string) => Promise<boolean>} onTyped judges; answers whether the digits were right */
export function startShortEntry(onTyped) {
  judge = onTyped;
  byId("open-short").addEventListener("click", async () => {
    tries = (await kept("tries").catch(() => undefined)) ?? tries;
    typed = "";
    tell("");
    show();
    openSheet("short");
  });
  byId("pad").addEventListener("click", (event) => {
    const key = /** @type {HTMLElement} */ (event.target).closest("button");
    if (key) press(key.value);
  });
  byId("short").addEventListener("keydown", (event) => {
    const key = { Backspace: "back", Enter: "go" }[event.key] ?? event.key;
    if (!/^(\d|back|go)$/.test(key) || /** @type {HTMLElement} */ (event.target).closest("[data-close]")) return;
    event.preventDefault();
    press(key);
  });
}
