// @ts-check
/** Six digits under the code, for when the guard's camera does not read; new each minute. */
import { shortCode, STEP_S } from "../sk1/short_code.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { nowMs, nowS } from "./clock.js";

const OPEN_MS = 3 * 60_000; // then the plain card is back for the next gate

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {() => import("../outbox/database.js").Badge | undefined} row the badge as it is now */
export function startShort(row) {
  byId("short-open").addEventListener("click", () => open(row));
  byId("short-close").addEventListener("click", closeShort);
}

/** @param {() => import("../outbox/database.js").Badge | undefined} row */
async function open(row) {
  const until = Date.now() + OPEN_MS;
  const show = async () => {
    const { short_keys = {}, status_index = 0 } = row()?.card?.badge ?? {};
    const code = await shortCode(short_keys, status_index, nowS()).catch(() => null);
    byId("short-digits").textContent = code ? spaced(code) : words("short_online");
    clearTimeout(timer);
    timer = setTimeout(() => (Date.now() < until ? show() : closeShort()), STEP_S * 1000 - (nowMs() % (STEP_S * 1000)) + 50);
  };
  await show();
  byId("short-open").hidden = true;
  byId("short").hidden = false;
  byId("short-close").focus();
}

export function closeShort() {
  clearTimeout(timer);
  byId("short").hidden = true;
  byId("short-open").hidden = !byId("asked").hidden;
}

/** "41 482913" as it is read aloud. @param {string} code */
const spaced = (code) => code.replace(/(\d{3})(\d{3})$/, "$1 $2");
