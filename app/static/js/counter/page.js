// @ts-check
/** The counter's page: from what this device keeps, renewed when there is network. */
import { whoami } from "../outbox/calls.js";
import { rememberSession } from "../outbox/drainer.js";
import { askToPersist } from "../pwa/persist.js";
import { unlockSounds } from "../scan/sounds.js";
import { startSheets } from "../ui/sheets.js";
import { counter, keepUp, load } from "./counter.js";
import { startHandSheet } from "./hand_sheet.js";
import { startHere } from "./here_view.js";
import { startLogSheet } from "./log_sheet.js";
import { startNumberSheet } from "./number_sheet.js";
import { keepCounterPacks } from "./pack.js";
import { startPurposes } from "./purposes.js";
import { startScanSheet } from "./scan_sheet.js";
import { startScreen } from "./screen.js";
import { startStationsSheet } from "./stations_sheet.js";
import { startStrip } from "./strip.js";
import { startUndo } from "./undo.js";

/** Whoever comes from signing in may be another person than the one whose rows are kept. */
async function askWhoSignedIn() {
  if (!/\/sign-in(\/|\?|$)/.test(document.referrer)) return;
  const began = Date.now();
  const { json } = await whoami();
  if (typeof json?.user === "number") await rememberSession(json.user, Math.round(json.now - (began + Date.now()) / 2));
}

async function start() {
  unlockSounds();
  startSheets();
  startPurposes();
  startStrip();
  startHere();
  startUndo();
  startScanSheet();
  startHandSheet();
  startNumberSheet();
  startLogSheet();
  startScreen();
  startStationsSheet();
  await askWhoSignedIn().catch(() => undefined);
  await load();
  const renewed = keepUp();
  document.documentElement.dataset.ready = "true";
  await renewed;
  if (counter.heard !== "fresh") return;
  askToPersist();
  keepCounterPacks().catch(() => undefined);
}

await start();
