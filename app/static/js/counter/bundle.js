// @ts-check
/**
 * What the counter knows, fetched ahead: the host's stations, keys of the issuer, status list, keys
 * of the codes on the screen. Scanning and logging need nothing else, so they never wait.
 */
import { isOurs } from "../outbox/answers.js";
import { call, QUICK_MS } from "../outbox/calls.js";
import { rememberSession } from "../outbox/drainer.js";
import { openStatusList } from "../sk1/status_list.js";
import { keep, kept } from "./store.js";

/**
 * @typedef {{id: number, number: string, zh: string, en: string, state: "open" | "full" | "closed",
 *   until: number, keys: Record<string, string>}} Station keys of the screen's codes by day, base64url
 *
 * @typedef {object} Data as GET /counter/bundle.json answers
 * @property {number} version
 * @property {number} user
 * @property {number} now ms
 * @property {Station[]} stations
 * @property {boolean} more there are others than these
 * @property {Record<string, string[]>} issuer_keys
 * @property {string} status_list
 * @property {Record<string, string>} short_keys
 * @property {import("./voucher_judging.js").Vouchers} [vouchers] none from a centre of before
 * @property {number} [told_to] see voucher_judging.js
 * @property {{id: number, zh: string, en: string}[]} [rewards] that can be had at these stations
 *
 * @typedef {{owner: number, etag: string | null, data: Data, wanted: number | null}} Kept
 * @typedef {{kept: Kept, data: Data, list: import("../sk1/status_list.js").StatusList}} Bundle
 * @typedef {"fresh" | "offline" | "busy" | "signed_out" | "no_role"} Heard
 */

const VERSION = 1;

/** The bundle of a person on this device, or null. @param {number | null} user @returns {Promise<Bundle | null>} */
export async function keptBundle(user) {
  const found = await kept("bundle", user);
  return found ? open(found).catch(() => null) : null;
}

/** @param {Kept} found @returns {Promise<Bundle>} @throws {import("../sk1/status_list.js").BadList} */
async function open(found) {
  return { kept: found, data: found.data, list: await openStatusList(found.data.status_list, found.data.issuer_keys) };
}

/**
 * Ask for a newer one, of whoever is signed in by now.
 * @param {Bundle | null} held
 * @param {number | null} wanted a station that must be in it
 * @returns {Promise<{heard: Heard, bundle: Bundle | null}>} what is to be held now
 */
export async function renewBundle(held, wanted) {
  const began = Date.now();
  const etag = held?.kept.wanted === wanted ? held?.kept.etag : null;
  const answer = await call(`/counter/bundle.json${wanted ? `?station=${wanted}` : ""}`, { etag, timeoutMs: QUICK_MS });
  if (answer.status === 304 && held) return { heard: "fresh", bundle: held };
  if (answer.status === 200 && answer.json?.version === VERSION) {
    const { user, now } = answer.json;
    await rememberSession(user, Math.round(now - (began + Date.now()) / 2));
    return take(held, { owner: user, etag: answer.etag ?? null, data: answer.json, wanted });
  }
  if (answer.status === 401 && isOurs(answer)) return { heard: "signed_out", bundle: held };
  if (answer.status === 403 && isOurs(answer)) return { heard: "no_role", bundle: null };
  return { heard: answer.status === 0 || answer.status < 400 ? "offline" : "busy", bundle: held };
}

/**
 * A list that no key of ours signed is not taken, nor one older than the list in hand.
 * @param {Bundle | null} held
 * @param {Kept} fresh
 * @returns {Promise<{heard: Heard, bundle: Bundle | null}>}
 */
async function take(held, fresh) {
  const mine = held?.kept.owner === fresh.owner ? held : null;
  try {
    const opened = await open(fresh);
    const isOlder = mine !== null && opened.list.iat < mine.list.iat;
    const row = isOlder ? { ...fresh, data: { ...fresh.data, status_list: mine.data.status_list } } : fresh;
    await keep("bundle", fresh.owner, row).catch(() => undefined); // a full device still has it in hand
    return { heard: "fresh", bundle: { kept: row, data: row.data, list: isOlder ? mine.list : opened.list } };
  } catch {
    return { heard: "busy", bundle: mine };
  }
}
