// @ts-check
/** What every page does: know its person, keep the worker running, send what waits, renew the badge. */
import { renewIfOld } from "./badge/contact.js";
import { setFact } from "./outbox/database.js";
import { startBadge } from "./outbox/badge.js";
import { rememberSession } from "./outbox/drainer.js";
import { startTriggers } from "./outbox/triggers.js";
import { startCameraTab } from "./report/camera_tab.js";
import { startWorker } from "./pwa/register.js";

async function start() {
  const { user, now } = document.body.dataset;
  try {
    if (user) await rememberSession(Number(user), Number(now) - Date.now());
    if (document.querySelector("[data-signed-out]")) await setFact("session", null);
    await setFact("locale", document.documentElement.dataset.locale);
  } catch {
    // Storage is refused (a private window): pages work, capturing offline does not.
  }
  startBadge();
  startTriggers();
  renewIfOld().catch(() => undefined);
  document.getElementById("try-again")?.addEventListener("click", () => location.reload());
}

startWorker();
startCameraTab();
start();
