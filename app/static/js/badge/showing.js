// @ts-check
/**
 * What is kept on the phone, on the screen. It needs no network and no more modules than it must:
 * from the tap to the code counts every one.
 */
import { drawQr } from "../sk1/qr.js";
import { byId } from "../ui/dom.js";
import { showCard } from "./card_view.js";
import { nowMs, readSession } from "./clock.js";
import { canHoldKeys, works } from "./device_key.js";
import { EVERY_MS, startLiveCode, stopLiveCode } from "./live_code.js";
import { isAtGate } from "./address.js";
import { runRing, stopRing } from "./ring.js";
import { stateOf } from "./state.js";
import { loadBadge } from "./store.js";
import { keepAwake } from "./wake.js";

/** @typedef {import("./state.js").State} State */

/** What the page knows; `outcome` is that of asking the centre last. @type {Omit<import("./state.js").Known, "now_ms">} */
export const known = { user: null, row: undefined, canHoldKeys: canHoldKeys(), keysWork: true, outcome: null };
/** @type {State | undefined} */
let shown;
/** @type {(state: State) => void} */
let firstShown = () => undefined;

/** Which state was shown first, once it is on the screen, its code too. @type {Promise<State>} */
export const first = new Promise((resolve) => { firstShown = resolve; });

/** The state that is on the screen. */
export const stateShown = () => shown;

/** Read what is kept, and show it. */
export async function show() {
  try {
    known.user = await readSession();
    known.row = known.user === null ? undefined : await loadBadge(known.user);
  } catch {
    known.canHoldKeys = false; // a private window may refuse its storage
  }
  const state = stateOf({ ...known, now_ms: nowMs() });
  showCard(state, known.row);
  showMark(state);
  const before = shown;
  shown = state;
  if (state === "code" && before !== "code") showCode();
  if (state !== "code" && before === "code") hideCode();
  if (state !== "code") firstShown(state);
}

/** The mark in the bar: the badge works offline, or wants its person to sign in. @param {State} state */
function showMark(state) {
  const ended = known.outcome === "signed_out";
  byId("works").hidden = state !== "code" || ended;
  byId("sign-in-again").hidden = !ended || state === "signed_out";
}

function showCode() {
  byId("actions").hidden = isAtGate();
  byId("at-gate").hidden = !isAtGate();
  keepAwake(true);
  startLiveCode(/** @type {number} */ (known.user), { onCode, onLost });
}

/** @param {string} text */
function onCode(text) {
  drawQr(/** @type {SVGSVGElement} */ (/** @type {unknown} */ (byId("qr"))), text);
  byId("qr").dataset.text = text;
  performance.mark("badge-code"); // what docs/performance.md counts, from the tap on
  runRing(byId("ring"), EVERY_MS);
  firstShown("code");
}

function hideCode() {
  for (const id of ["actions", "at-gate"]) byId(id).hidden = true;
  stopLiveCode();
  stopRing();
  keepAwake(false);
}

/** The key is gone or broken: look, and say what helps. */
async function onLost() {
  const { keys, device_key } = known.row ?? {};
  known.keysWork = Boolean(keys && device_key && (await works(keys, device_key)));
  await show();
}
