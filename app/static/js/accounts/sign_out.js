// @ts-check
/** Signing out: what waits is sent, saved or left locked; kept pages, the badge, cases, tasks, messages and the counter go. */
import { emptyOnSignOut } from "../badge/store.js";
import { forgetCounter } from "../counter/store.js";
import { forgetMessages } from "../messages/keep.js";
import { forgetWork } from "../outbox/work.js";
import { setFact } from "../outbox/database.js";
import { downloadExport } from "../outbox/export.js";
import { counts, onChange, owner } from "../outbox/items.js";
import { sendNow } from "../outbox/triggers.js";
import { forgetVouchers } from "../vouchers/kept.js";
import { showAppBadge } from "../pwa/app_badge.js";
import { forgetTasks } from "../tasks/store.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";

const outcome = byId("outcome");

async function show() {
  const { mine } = await counts(await owner());
  byId("waiting").hidden = mine === 0 && !outcome.textContent;
  byId("waiting-count").textContent = words("waiting", { count: mine });
}

byId("send-now").addEventListener("click", async () => {
  outcome.textContent = words("sending");
  const { left } = await sendNow();
  outcome.textContent = left ? words("some_left", { count: left }) : words("all_sent");
});

byId("export").addEventListener("click", async () => {
  const user = await owner();
  if (user === null) return;
  await downloadExport(user);
  outcome.textContent = words("saved_file");
});

byId("sign-out", HTMLFormElement).addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  navigator.serviceWorker?.controller?.postMessage("signed out");
  const user = await owner().catch(() => null);
  if (user !== null) {
    await emptyOnSignOut(user).catch(() => undefined);
    await forgetWork(user).catch(() => undefined);
    await forgetTasks(user).catch(() => undefined);
    await forgetMessages(user).catch(() => undefined);
    await forgetCounter().catch(() => undefined);
    await forgetVouchers(user).catch(() => undefined);
  }
  for (const name of ["session", "unread"]) await setFact(name, null).catch(() => undefined);
  await showAppBadge().catch(() => undefined);
  form.submit();
});

show();
onChange(show);
