// @ts-check
/**
 * Scanning: a badge before the camera is logged at once, and what came of it stands over the picture; a voucher is
 * shown first, since what is handed out does not come back.
 */
import { look, startCameraPanel, stopCameraPanel } from "../scan/camera_panel.js";
import { forget, isSameLook, remember } from "../scan/looks.js";
import { feedback } from "../scan/sounds.js";
import { byId, icon } from "../ui/dom.js";
import { onSheet, openSheet } from "../ui/sheets.js";
import { words } from "../ui/words.js";
import { looksLikeVoucher } from "../vouchers/voucher_code.js";
import { counter } from "./counter.js";
import { freshen, openVoucher } from "./hand_sheet.js";
import { badgeIn, judgeBadge } from "./judging.js";
import { log } from "./logging.js";
import { purposeWord } from "./purposes.js";

/** @typedef {import("./judging.js").Judged} Judged */

const GO_ON_MS = 2_200;
const ICONS = { right: "circle-check", wrong: "triangle-alert", unknown: "circle-x" };
const LEVELS = { right: "green", wrong: "amber", unknown: "red" };

/** @type {Judged | undefined} what waits for the host's word */
let waiting;
let judging = false;
/** What the host has opened the camera for; it tells a voucher from a badge by itself. @type {"log" | "hand"} */
let mode = "log";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} text before the camera */
async function onText(text) {
  if (judging || isSameLook(text, badgeIn(text), Date.now())) return;
  judging = true;
  try {
    if (looksLikeVoucher(text)) await takeVoucher(text);
    else if (mode === "hand") refuseBadge(text);
    else await take(await judgeBadge(text));
  } finally {
    judging = false;
  }
}

/** @param {string} text */
async function takeVoucher(text) {
  look(false);
  remember({ text, badge: null, entered: true }, Date.now());
  await openVoucher(text);
}

/** Handing out, a badge is no mistake to be logged. @param {string} text */
function refuseBadge(text) {
  look(false);
  remember({ text, badge: null, entered: false }, Date.now());
  feedback("red");
  show("unknown", words("no_voucher"), "", words(badgeIn(text) ? "no_voucher_badge" : "why_not_ours"));
}

/** @param {Judged} judged */
async function take(judged) {
  look(false);
  remember({ text: judged.text, badge: judged.badge, entered: judged.outcome === "right" }, Date.now());
  if (judged.outcome === "right") return write(judged);
  waiting = judged.outcome === "wrong" ? judged : undefined;
  feedback(/** @type {any} */ (LEVELS[judged.outcome]));
  return show(judged.outcome, words(judged.outcome === "wrong" ? "does_not_count" : "unknown_code"), judged.label, words(`why_${judged.reason}`));
}

/** @param {Judged} judged */
async function write(judged) {
  const { text, label, code, reason } = judged;
  const written = await log({ way: "badge", code: text }, label, () => {
    forget();
    if (code) counter.replays.forget(code);
  });
  feedback(written ? "green" : "red");
  if (!written) return show("unknown", words("not_written"), label, words("not_written_text"));
  const note = ["printed", "clock_skew"].includes(reason) ? words(`why_${reason}`) : purposeWord(counter.purpose);
  show("right", words("checked_in"), label, note);
  timer = setTimeout(next, GO_ON_MS);
}

/** @param {"right" | "wrong" | "unknown"} outcome @param {string} word @param {string} label @param {string} line */
function show(outcome, word, label, line) {
  clearTimeout(timer);
  byId("scanned").dataset.outcome = outcome;
  byId("scanned-icon").replaceChildren(icon(ICONS[outcome]));
  byId("scanned-word").textContent = word;
  byId("scanned-label").textContent = label;
  byId("scanned-line").textContent = line;
  byId("log-anyway").hidden = waiting === undefined;
  byId("scanned").hidden = false;
  byId("announce").textContent = [word, label, line].filter(Boolean).join(". ");
}

/** The next one. */
function next() {
  clearTimeout(timer);
  waiting = undefined;
  byId("scanned").hidden = true;
  look(byId("scan", HTMLDialogElement).open);
}

async function logAnyway() {
  const judged = waiting;
  waiting = undefined;
  if (judged) await write(judged);
}

/** @param {"log" | "hand"} wanted */
async function open(wanted) {
  mode = wanted;
  byId("scan").dataset.mode = mode;
  byId("scan-title").textContent = words(`title_${mode}`);
  openSheet("scan");
  if (mode === "hand") freshen();
  next();
  await startCameraPanel(onText);
  if (byId("scanned").hidden) next();
  performance.mark("reading");
  byId("scan").dataset.reading = "true";
}

export function startScanSheet() {
  byId("open-scan").addEventListener("click", () => open("log"));
  byId("open-hand").addEventListener("click", () => open("hand"));
  byId("hand-out").addEventListener("close", () => { if (byId("scan", HTMLDialogElement).open) next(); });
  byId("scan-next").addEventListener("click", next);
  byId("log-anyway").addEventListener("click", logAnyway);
  byId("scan-undo").addEventListener("click", () => {
    byId("undo-button").click();
    next();
  });
  byId("scanned").addEventListener("click", (event) => {
    if (!/** @type {HTMLElement} */ (event.target).closest("button") && waiting === undefined) next();
  });
  onSheet((isOpen) => {
    if (isOpen) return;
    clearTimeout(timer);
    stopCameraPanel();
    delete byId("scan").dataset.reading;
  });
}
