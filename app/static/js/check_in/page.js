// @ts-check
/** The page to check in: from a code before the camera, or in the address, to one tap and a receipt. */
import { nowMs, readSession } from "../badge/clock.js";
import { keepPack } from "../pwa/packs.js";
import { look, rest, startCameraPanel } from "../scan/camera_panel.js";
import { readsByItself } from "../scan/readers.js";
import { feedback, unlockSounds } from "../scan/sounds.js";
import { keptDirectory, renewDirectory, stationById } from "../stations/directory.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { showFound, startChoosing } from "./choosing.js";
import { keptKeys, renewKeys } from "./issuer_keys.js";
import { markOfCode, refusal } from "./judging.js";
import { takePending } from "./pending.js";
import { startPicture } from "./picture.js";
import { scanned } from "./scanned.js";
import { showWrong } from "./wrong.js";

const PARTS = ["aim", "help", "wrong", "found", "receipt"];
let judging = false;
/** @type {Promise<unknown>} what is newer than what this phone keeps */
let renewing = Promise.resolve();

async function start() {
  await readSession().catch(() => null);
  renewing = Promise.allSettled([renewDirectory(), renewKeys()]);
  startChoosing({ show, again: startCamera });
  byId("scan-again").addEventListener("click", startCamera);
  startPicture(onText);
  unlockSounds();
  addEventListener("hashchange", () => { openAddress(); });
  keepReader().catch(() => undefined);
  if (!(await openAddress())) await startCamera();
  document.documentElement.dataset.ready = "true";
}

/** A phone whose browser cannot read codes keeps the reader for when there is no network. */
async function keepReader() {
  if (!(await readsByItself())) await keepPack("decoder");
}

/** The phone's own camera has opened this page, or somebody comes back from signing in. @returns {Promise<boolean>} */
async function openAddress() {
  const pending = takePending(nowMs());
  const { href, hash, pathname } = location;
  if (!hash && !pending) return false;
  history.replaceState(null, "", pathname); // else the page opened again would use the same code
  await (hash ? decide(href, nowMs()) : decide(location.origin + pathname + pending?.hash, pending?.read_at ?? 0));
  return true;
}

async function startCamera() {
  show("aim");
  byId("hint").textContent = words("hint_scan");
  await startCameraPanel(onText);
  if (!byId("aim").hidden) look(true); // something may have been read meanwhile
}

/** @param {string} text before the camera */
function onText(text) {
  return decide(text, nowMs());
}

/** @param {string} text @param {number} read_at ms, by the centre's clock */
async function decide(text, read_at) {
  if (judging) return;
  judging = true;
  rest();
  try {
    await judge(text, read_at);
  } finally {
    judging = false;
  }
}

/** @param {string} text @param {number} read_at */
async function judge(text, read_at) {
  const found = scanned(text, location.origin);
  const why = await whyNot(found);
  if (why) {
    feedback("red");
    show("wrong");
    return showWrong(why, text);
  }
  const good = /** @type {import("./judging.js").Poster | import("./judging.js").Counter} */ (found);
  const station = await stationOf(good.code.station);
  feedback("green");
  show("found");
  return showFound({ found: good, station, read_at, mark: markOfCode(good, station, read_at) });
}

/** By what the phone keeps; when that says no, by what is newer, where there is network. @param {import("./scanned.js").Scanned} found */
async function whyNot(found) {
  const why = await refusal(found, await keptKeys(), Date.now());
  if (!why || found.kind !== "poster") return why;
  await newer();
  return refusal(found, await keptKeys(), Date.now());
}

/** What is kept is there at once; a phone that does not know it waits for what is newer. @param {number} id */
async function stationOf(id) {
  const find = async () => {
    const kept = await keptDirectory();
    return kept ? stationById(kept, id) : undefined;
  };
  const found = await find();
  if (found) return found;
  await newer();
  return find();
}

function newer() {
  byId("hint").textContent = words("asking");
  return renewing;
}

/** One part of the page. @param {string} part */
function show(part) {
  for (const id of PARTS) byId(id).hidden = id !== part && !(part === "aim" && id === "help");
  if (part === "aim") return;
  scrollTo(0, 0);
  byId(part).focus();
}

start();
