// @ts-check
/**
 * What the gate knows, fetched ahead: keys of the issuer, status list, rules, who is inside. A
 * verdict needs nothing else, so it never waits for the network.
 */
import { call, QUICK_MS } from "../outbox/calls.js";
import { isOurs } from "../outbox/answers.js";
import { openStatusList } from "../sk1/status_list.js";
import { keep, kept } from "./store.js";
import { askWho, learnOffset } from "./time.js";

/**
 * @typedef {import("../sk1/status_list.js").StatusList} StatusList
 * @typedef {[status_index: number, badge: string, label: string, portrait: string, stars: number]} RiderRow
 *
 * @typedef {object} Data as GET /gate/bundle answers
 * @property {number} version
 * @property {number} now ms
 * @property {{id: number, last_seq: number, last_hash: string}} scanner
 * @property {{id: number, zh: string, en: string}} gate
 * @property {{id: number, zh: string, en: string, call: string}} compound
 * @property {number[]} scopes
 * @property {import("./rules.js").Rules} rules
 * @property {Record<string, string[]>} issuer_keys
 * @property {string} status_list
 * @property {Record<string, string>} short_keys
 * @property {string[]} guards
 * @property {RiderRow[]} riders
 * @property {string[]} inside badges
 * @property {Record<string, number>} printed_today
 *
 * @typedef {{etag: string | null, data: Data, fetched_at: number}} Kept fetched_at: ms by this phone's clock
 * @typedef {{kept: Kept, data: Data, list: StatusList, byIndex: Map<number, RiderRow>}} Bundle
 * @typedef {"new" | "same" | "offline" | "signed_out" | "refused"} Heard
 */

const VERSION = 1;

/** The bundle on this phone, or null. @returns {Promise<Bundle | null>} */
export async function keptBundle() {
  const found = await kept("bundle");
  return found ? open(found).catch(() => null) : null;
}

/** @param {Kept} found @returns {Promise<Bundle>} @throws {import("../sk1/status_list.js").BadList} */
async function open(found) {
  const { data } = found;
  const list = await openStatusList(data.status_list, data.issuer_keys);
  return { kept: found, data, list, byIndex: new Map(data.riders.map((row) => [row[0], row])) };
}

/**
 * Ask for a newer one.
 * @param {Bundle | null} held
 * @param {number} user whom this phone is signed in as
 * @returns {Promise<{heard: Heard, bundle: Bundle | null}>} what is to be held now
 */
export async function renewBundle(held, user) {
  const began = Date.now();
  const answer = await call("/gate/bundle", { etag: held?.kept.etag, timeoutMs: QUICK_MS });
  if (answer.status === 304) {
    await askWho();
    return { heard: "same", bundle: held };
  }
  if (answer.status === 200 && answer.json?.version === VERSION) {
    await learnOffset(user, answer.json.now, began);
    return take(held, { etag: answer.etag ?? null, data: answer.json, fetched_at: Date.now() });
  }
  if ((answer.status === 401 || answer.status === 403) && isOurs(answer)) return { heard: "signed_out", bundle: held };
  return { heard: answer.status >= 500 || answer.status === 200 ? "refused" : "offline", bundle: held };
}

/**
 * A list that no key of ours signed is not taken, nor one older than the list in hand.
 * @param {Bundle | null} held
 * @param {Kept} fresh
 * @returns {Promise<{heard: Heard, bundle: Bundle | null}>}
 */
async function take(held, fresh) {
  try {
    let bundle = await open(fresh);
    if (held && bundle.list.iat < held.list.iat) {
      bundle = { ...bundle, list: held.list, data: { ...fresh.data, status_list: held.data.status_list } };
    }
    await keep("bundle", { ...fresh, data: bundle.data }).catch(() => undefined); // a full phone still has it in hand
    return { heard: "new", bundle };
  } catch {
    return { heard: "refused", bundle: held };
  }
}
