// @ts-check
/** The code that riders scan off the counter's screen: another one every 30 s, by the day's key. */
import { keepAwake } from "../badge/wake.js";
import { nowMs } from "../badge/clock.js";
import { counterText } from "../check_in/counter_code.js";
import { fromBase64url } from "../sk1/bytes.js";
import { drawQr } from "../sk1/qr.js";
import { byId } from "../ui/dom.js";
import { onSheet, openSheet } from "../ui/sheets.js";
import { station } from "./counter.js";
import { localName } from "./names.js";
import { dayOf } from "./shown.js";

const SLOT_MS = 30_000;
const LOOK_MS = 250;

/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;
let shown = -1;

/** The code of a slot as a phone's own camera opens it; null: no key of that day. @param {number} slot */
async function addressAt(slot) {
  const chosen = station();
  const key = chosen?.keys[dayOf(slot * SLOT_MS)];
  if (!chosen || !key) return null;
  return `${location.origin}/check-in#c=${await counterText(chosen.id, fromBase64url(key), slot)}`;
}

async function tick() {
  const now = nowMs();
  const slot = Math.floor(now / SLOT_MS);
  byId("screen-left", HTMLProgressElement).value = SLOT_MS - (now % SLOT_MS);
  if (slot === shown) return;
  shown = slot;
  const address = await addressAt(slot);
  if (slot !== shown) return;
  byId("screen-code").hidden = address === null;
  byId("screen-none").hidden = address !== null;
  byId("screen").dataset.text = address ?? "";
  if (address) drawQr(/** @type {any} */ (document.getElementById("screen-code")), address, "M");
}

function open() {
  const chosen = station();
  if (!chosen) return;
  byId("screen-name").textContent = localName(chosen);
  openSheet("screen");
  keepAwake(true);
  shown = -1;
  ticking = setInterval(tick, LOOK_MS);
  tick();
}

export function startScreen() {
  byId("open-screen").addEventListener("click", open);
  onSheet((isOpen) => {
    if (isOpen || !ticking) return;
    clearInterval(ticking);
    ticking = undefined;
    keepAwake(false);
  });
}
