// @ts-check
/** When to drain: at start, online, page shown, after enqueue, on a timer, and when asked. */
import { drain } from "./drainer.js";
import { onChange } from "./items.js";

const LOOK_AGAIN_MS = 60_000;
const TAKEN_MS = 3_000; // another tab or the worker is at it: what it leaves is looked at soon

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {Promise<import("./drainer.js").Pass> | undefined} */
let running;

/**
 * Drain now; calls while one runs share it. Failures to read the database are left to the next try.
 * @param {{force?: boolean, patient?: boolean}} [options]
 */
export function drainNow(options) {
  running ??= drain(options)
    .then((pass) => {
      plan(pass.ran ? pass.nextTry : Date.now() + TAKEN_MS);
      return pass;
    })
    .finally(() => { running = undefined; });
  return running;
}

/** Wait for a pass that runs, here or in another tab, then do one that takes everything. */
export async function sendNow() {
  await running?.catch(() => undefined);
  return drainNow({ force: true, patient: true });
}

/** @param {number} at ms */
function plan(at) {
  clearTimeout(timer);
  timer = undefined; // else the next change would take it for one that still runs
  if (at === Infinity) return;
  // A little jitter, so that the tabs of one phone and the phones of one street spread out.
  const wait = Math.max(at - Date.now(), 0) + Math.random() * 500;
  timer = setTimeout(() => {
    timer = undefined;
    quietly();
  }, Math.min(wait, LOOK_AGAIN_MS));
}

/** @param {{force?: boolean}} [options] */
function quietly(options) {
  drainNow(options).catch(() => undefined);
}

/** Ask the browser to wake the worker when there is network again, where it can. */
export async function askForBackgroundSync() {
  const registration = await navigator.serviceWorker?.ready;
  await /** @type {any} */ (registration)?.sync?.register("outbox").catch(() => undefined);
}

export function startTriggers() {
  const now = () => quietly({ force: true });
  now();
  addEventListener("online", now);
  addEventListener("pageshow", (event) => { if (event.persisted) now(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) now(); });
  document.addEventListener("htmx:afterOnLoad", () => quietly());
  onChange(() => { if (!timer && !running) plan(Date.now() + 1000); });
}
