// @ts-check
/** At the start of a page: the centre hears again of a phone that takes pushes, when something about it has changed. */
import { within } from "./within.js";
import { join, present, standing } from "./subscribe.js";

/** @typedef {import("./subscribe.js").Standing} Standing */

const WEEK_MS = 7 * 24 * 3600_000;
const AGAIN_MS = 600_000; // after a try that failed
const READY_MS = 10_000;

/** Where notifications are allowed. @param {string} keyId of the key that the centre has now */
export async function confirmPushes(keyId) {
  const kept = await standing();
  if (!kept.on || !navigator.serviceWorker) return;
  const registration = await within(navigator.serviceWorker.ready, READY_MS, undefined);
  if (!registration?.pushManager) return;
  const held = await within(registration.pushManager.getSubscription(), READY_MS, undefined);
  if (isDue(kept, await present(held?.endpoint ?? null, keyId), Date.now())) await join(registration);
}

/**
 * Whether the centre must hear of it: when the subscription, the key, the person or the language is
 * another than it knows, and once a week.
 * @param {Standing} kept
 * @param {{endpoint: string | null, key_id: string, user: number | null, locale: string | null}} found
 * @param {number} ms
 */
export function isDue(kept, found, ms) {
  if (found.user === null) return false;
  if (kept.failed && Math.abs(ms - kept.tried_at) < AGAIN_MS) return false;
  if (kept.endpoint === null || Math.abs(ms - kept.at) > WEEK_MS) return true;
  return kept.endpoint !== found.endpoint || kept.key_id !== found.key_id || kept.user !== found.user || kept.locale !== found.locale;
}
