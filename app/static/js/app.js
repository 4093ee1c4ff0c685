// @ts-check
/** What every page does: know its person, keep the worker running, send what waits, renew the badge and the way for pushes. */
import { renewIfOld } from "./badge/contact.js";
import { setUnread } from "./messages/count.js";
import { setFact } from "./outbox/database.js";
import { startBadge } from "./outbox/badge.js";
import { rememberSession } from "./outbox/drainer.js";
import { startTriggers } from "./outbox/triggers.js";
import { startCameraTab } from "./report/camera_tab.js";
import { startWorker } from "./pwa/register.js";

async function start() {
  // Before anything is waited for: a page that came without network is tapped at once.
  document.getElementById("try-again")?.addEventListener("click", () => location.reload());
  const { user, now, unread, push } = document.body.dataset;
  try {
    if (user) await rememberSession(Number(user), Number(now) - Date.now());
    if (user && unread) await setUnread(Number(user), Number(unread));
    if (document.querySelector("[data-signed-out]")) await setFact("session", null);
    await setFact("locale", document.documentElement.dataset.locale);
  } catch {
    // Storage is refused (a private window): pages work, capturing offline does not.
  }
  startBadge();
  startTriggers();
  renewIfOld().catch(() => undefined);
  if (user && push) confirmPushes(push).catch(() => undefined);
}

/** Where notifications are not allowed there is nothing to confirm, and nothing to load. @param {string} keyId */
async function confirmPushes(keyId) {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  await (await import("./push/start.js")).confirmPushes(keyId);
}

startWorker();
startCameraTab();
start();
