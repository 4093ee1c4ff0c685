// @ts-check
/** The gate page: from a code before the camera to a verdict, a pass, and the next rider. */
import { keepAwake } from "../badge/wake.js";
import { byId, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { adviceFor } from "./advice.js";
import { look, rest, startCameraPanel } from "../scan/camera_panel.js";
import { askChallenge, askedDigits, endChallenge, hint, startChallenge } from "./challenge.js";
import { clockOff, noteClock } from "./clock_check.js";
import { changed, gate, keepUp, loadGate, onGate, renew } from "./gate.js";
import { answersChallenge, badgeIn, isPrinted, judgeFound, judgeText, judgeTyped } from "./judging.js";
import { forget, isNewRefusal, isSameLook, remember } from "../scan/looks.js";
import { keepGatePack } from "./pack.js";
import { insisting, record } from "./recording.js";
import { startSearch } from "./search.js";
import { onSheet, sheetIsOpen, startSheets } from "../ui/sheets.js";
import { askShift, startShift } from "./shift.js";
import { startShortEntry } from "./short_entry.js";
import { feedback, soundIsOn, switchSound, unlockSounds } from "../scan/sounds.js";
import { showClockAlarm, startStrip } from "./strip.js";
import { nowMs, nowS } from "./time.js";
import { startToggles, toggle } from "./toggles.js";
import { canUndo, startUndo, takeBack } from "./undo.js";
import { hideVerdict, showVerdict, startVerdictScreen, verdictIsShown } from "./verdict_screen.js";

/**
 * @typedef {import("./judging.js").Judged} Judged
 * @typedef {(toggle: {wanted: "entry" | "exit", firm: boolean}) => Judged | Promise<Judged>} Judge
 */

/** Not written down: such a text says nothing of a badge. */
const NO_BADGE = ["not_ours", "malformed", "bad_short_code"];

/** @type {{judged: Judged, again: Judge} | undefined} */
let current;
let judging = false;
/** @type {import("./clock_check.js").Seen[]} */
let clocks = [];

/** @param {string} text before the camera */
async function onText(text) {
  const asked = askedDigits();
  if (asked !== null && !answersChallenge(text)) return hint(isPrinted(text) ? "hint_challenge_printed" : "hint_challenge");
  if (asked === null && isSameLook(text, badgeIn(text), Date.now())) return say("hint_same");
  return decideOn((how) => judgeText(text, how, asked));
}

/** Judge, and show it. @param {Judge} judge @param {{wanted: "entry" | "exit", firm: boolean}} [how] @returns {Promise<Judged | undefined>} */
async function decideOn(judge, how = toggle()) {
  if (judging || !gate.bundle) return undefined;
  judging = true;
  look(false);
  try {
    const judged = await judge(how);
    current = { judged, again: judge };
    show(judged);
    return judged;
  } finally {
    judging = false;
  }
}

/** @param {Judged} judged */
function show(judged) {
  const { data, list } = /** @type {import("./bundle.js").Bundle} */ (gate.bundle);
  const { level, reason } = judged.verdict;
  showVerdict(judged, adviceFor(judged, { rules: data.rules, call: data.compound.call, list_iat: list.iat, now_s: nowS() }));
  feedback(level);
  endChallenge();
  checkClock(judged);
  if (judged.text !== null) remember({ text: judged.text, badge: judged.badge, entered: level === "green" }, Date.now());
  if (level === "green") record(judged, "entered");
  if (level === "red" && !NO_BADGE.includes(reason) && isNewRefusal(judged.text ?? judged.short ?? "", nowMs())) record(judged, "refused");
}

/** @param {Judged} judged */
function checkClock({ badge, off_s }) {
  if (badge === null || off_s === null) return;
  clocks = noteClock(clocks, { badge, off_s, at: Date.now() });
  const off = clockOff(clocks);
  showClockAlarm(off);
  if (off !== null) renew(); // with network the centre's clock helps
}

/** @param {boolean} letIn */
function decide(letIn) {
  if (!current) return;
  const { judged } = current;
  if (letIn && judged.text !== null) remember({ text: judged.text, badge: judged.badge, entered: true }, Date.now());
  next();
  record(judged, letIn ? "entered" : "refused");
}

/** The next rider. */
function next() {
  current = undefined;
  hideVerdict();
  resume();
}

async function undo() {
  if (canUndo()) await takeBack();
  next();
}

/** Who is inside goes in once more: the guard says so. */
async function swap() {
  if (!current) return;
  const { judged, again } = current;
  if (judged.verdict.level === "green") await takeBack();
  if (judged.code) gate.replays.forget(judged.code);
  await decideOn(again, insisting());
}

function challenge() {
  hideVerdict();
  current = undefined;
  forget();
  askChallenge();
  resume();
}

/** Look on where nothing is in the way, and say what is. */
function resume() {
  byId("no-bundle").hidden = gate.bundle !== null;
  byId("challenge").hidden = askedDigits() === null || verdictIsShown();
  say(gate.guard ? "hint_scan" : "hint_shift");
  if (sheetIsOpen()) rest();
  else look(gate.bundle !== null && Boolean(gate.guard) && !verdictIsShown());
}

/** @param {string} word */
function say(word) {
  byId("hint").textContent = words(word);
  if (word === "hint_same") setTimeout(() => { if (byId("hint").textContent === words(word)) say("hint_scan"); }, 2000);
}

/** @param {string} typed @returns {Promise<boolean>} whether the digits were right */
async function onTyped(typed) {
  const judged = await judgeTyped(typed, toggle());
  if (judged.verdict.reason === "bad_short_code") {
    feedback("red");
    return false;
  }
  await decideOn((how) => judgeTyped(typed, how));
  return true;
}

function showSound() {
  byId("sound").setAttribute("aria-pressed", String(!soundIsOn()));
  byId("sound").replaceChildren(icon(soundIsOn() ? "volume-2" : "volume-x"), words(soundIsOn() ? "sound_on" : "sound_off"));
}

function listen() {
  startVerdictScreen({ decide, next, undo, swap, challenge });
  startSheets();
  onSheet(() => setTimeout(resume)); // after whoever closed it has done its work
  startShift();
  startSearch((rider) => decideOn((how) => judgeFound(rider, how)));
  startShortEntry(onTyped);
  startChallenge(resume);
  startToggles();
  startUndo();
  startStrip();
  onGate(() => { if (!verdictIsShown()) byId("no-bundle").hidden = gate.bundle !== null; });
  byId("open-challenge").addEventListener("click", challenge);
  byId("bundle-again").addEventListener("click", () => renew().then(resume));
  byId("sound").addEventListener("click", () => { switchSound(!soundIsOn()); showSound(); });
}

async function start() {
  unlockSounds();
  listen();
  const opening = startCameraPanel(onText);
  if (!(await loadGate())) return location.replace("/gate/enrol");
  keepAwake(true);
  if (gate.guard) resume();
  else await askShift();
  await opening;
  performance.mark("reading");
  keepUp();
  changed();
  showSound();
  document.documentElement.dataset.ready = "true";
  return keepGatePack().catch(() => undefined);
}

await start();
