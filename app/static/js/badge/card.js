// @ts-check
/** What the centre says of the rider and the badge, asked at every contact and kept on the phone. */
import { failure, isOurs } from "../outbox/answers.js";
import { call, QUICK_MS } from "../outbox/calls.js";
import { rememberSession } from "../outbox/drainer.js";
import { owner } from "../outbox/items.js";
import { fromBase64url, toHex } from "../sk1/bytes.js";
import { changeBadge, loadBadge } from "./store.js";

/**
 * @typedef {import("../outbox/database.js").Badge} Badge
 * @typedef {"renewed" | "network" | "busy" | "signed_out" | "not_rider"} Outcome
 */

/** @type {Promise<Outcome> | undefined} */
let running;

/** Ask the centre, once at a time. Never throws. @returns {Promise<Outcome>} */
export function renew() {
  running ??= ask().catch(() => /** @type {Outcome} */ ("busy")).finally(() => { running = undefined; });
  return running;
}

/** @returns {Promise<Outcome>} */
async function ask() {
  const user = await owner();
  const { heard, keep } = await askFor(user);
  const failed = whyNot(heard);
  if (failed) return failed;
  const rider = heard.json.rider.id;
  if (rider === user) {
    await keep();
    return "renewed";
  }
  // Somebody else has signed in since: what was sent was not that person's badge.
  await rememberSession(rider, null);
  const again = await askFor(rider);
  if (again.heard.json?.rider?.id === rider) await again.keep();
  return whyNot(again.heard) ?? "renewed";
}

/** @param {number | null} user */
async function askFor(user) {
  const began = Date.now();
  const { badge = null, device_key = null } = (user === null ? undefined : await loadBadge(user)) ?? {};
  const heard = await call("/badge/renew", {
    method: "POST", body: JSON.stringify({ badge }), type: "application/json", timeoutMs: QUICK_MS,
  });
  return { heard, keep: () => keepCard(heard.json, began, device_key) };
}

/**
 * Why an answer is no card, or undefined when it is one.
 * @param {import("../outbox/answers.js").Heard} heard
 * @returns {Exclude<Outcome, "renewed"> | undefined}
 */
export function whyNot(heard) {
  if (heard.status === 403 && isOurs(heard)) return "not_rider";
  const failed = failure(heard);
  if (failed) return failed.what === "needs_login" ? "signed_out" : failed.error === "network" ? "network" : "busy";
  return typeof heard.json?.rider?.id === "number" ? undefined : "busy";
}

/**
 * Keep a card, and what goes with it, unless the phone has got another key since the centre was
 * asked: then the card is of the badge before, and enrolling brings a newer one.
 * @param {Record<string, any>} card
 * @param {number} began ms by this phone's clock, when the centre was asked
 * @param {Uint8Array | null} key the phone's then
 * @returns {Promise<Badge>}
 */
export async function keepCard(card, began, key) {
  const rider = card.rider.id;
  await rememberSession(rider, Math.round(card.now - (began + Date.now()) / 2));
  const row = await changeBadge(rider, (before) => (
    isSame(before.device_key, key) ? { ...fromCard(card, before), renewed_at: Date.now() } : {}
  ));
  await keepPortrait(rider, row, card.rider.portrait.sha256).catch(() => undefined); // the next card brings it
  return row;
}

/**
 * What a card changes in the row: a badge that is not here any more takes its key along.
 * @param {Record<string, any>} card
 * @param {Badge} before
 * @returns {Partial<Badge>}
 */
export function fromCard(card, before) {
  const here = card.badge?.here ? card.badge : null;
  if (!here && before.badge) return { card, keys: null, device_key: null, badge: null, credential: null };
  return { card, badge: here?.badge ?? null, credential: here?.credential ? fromBase64url(here.credential) : null };
}

/** @param {Uint8Array | null} one @param {Uint8Array | null} other */
const isSame = (one, other) => (one && toHex(one)) === (other && toHex(other));

/** @param {number} rider @param {Badge} row @param {string | null} sha256 */
async function keepPortrait(rider, row, sha256) {
  if (sha256 === row.portrait_sha256) return;
  if (!sha256) {
    await changeBadge(rider, () => ({ portrait: null, portrait_sha256: null }));
    return;
  }
  const response = await fetch(`/badge/portrait/${sha256}.jpg`, { signal: AbortSignal.timeout(QUICK_MS) });
  const portrait = await response.arrayBuffer();
  const digest = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", portrait)));
  if (digest === sha256) await changeBadge(rider, () => ({ portrait, portrait_sha256: sha256 }));
}
