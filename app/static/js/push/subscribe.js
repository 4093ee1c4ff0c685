// @ts-check
/**
 * Whether this phone takes pushes: turned on by its person, and from then on kept so. For pages and
 * the service worker.
 */
import { isOurs } from "../outbox/answers.js";
import { call, QUICK_MS } from "../outbox/calls.js";
import { fact, setFact } from "../outbox/database.js";
import { owner } from "../outbox/items.js";
import { fromBase64url, toBase64url } from "../sk1/bytes.js";
import { within } from "./within.js";

/**
 * @typedef {"no_answer" | "not_allowed" | "network" | "signed_out" | "server"} Failure
 * @typedef {object} Standing what is remembered of it
 * @property {boolean} on whether the person wants it
 * @property {string | null} endpoint as the centre has it
 * @property {string | null} key_id of the centre's key that it was made with
 * @property {number | null} user
 * @property {string | null} locale in which pushes come
 * @property {number} at ms, when the centre last heard
 * @property {number} tried_at ms
 * @property {Failure | null} failed why the last try came to nothing
 */

// A browser whose push service is out of reach, as Google's is in China, may never answer.
const ANSWER_MS = 20_000;
const QUICKLY_MS = 5_000;
/** @type {Standing} */
const OFF = { on: false, endpoint: null, key_id: null, user: null, locale: null, at: 0, tried_at: 0, failed: null };

/** @returns {Promise<Standing>} */
export async function standing() {
  return { ...OFF, ...(await fact("push")) };
}

/**
 * Subscribe, or confirm the subscription, and tell the centre. Tried again by itself when it fails.
 * @param {any} registration
 * @returns {Promise<Standing>}
 */
export async function join(registration) {
  const before = { ...(await standing()), on: true, tried_at: Date.now() };
  await setFact("push", before);
  const after = await tryToJoin(registration, before);
  await setFact("push", after);
  return after;
}

/** The browser says that its terms have changed: only where it is turned on. @param {any} registration */
export async function renew(registration) {
  if ((await standing()).on) await join(registration);
}

/** @param {any} registration @param {Standing} before @returns {Promise<Standing>} */
async function tryToJoin(registration, before) {
  const heard = await call("/push/key.json", { timeoutMs: QUICK_MS });
  const { key, id } = heard.json ?? {};
  if (heard.status !== 200 || !key) return { ...before, failed: whyNot(heard) };
  const subscription = await subscriptionOf(registration, key, id, before);
  if (!subscription) return { ...before, endpoint: null, failed: "no_answer" };
  const answer = await tell(subscription, id);
  if (answer.status === 204) return { ...before, ...(await present(subscription.endpoint, id)), at: Date.now(), failed: null };
  const failed = whyNot(answer);
  return { ...before, endpoint: failed === "not_allowed" ? null : before.endpoint, failed };
}

/** @param {string | null} endpoint @param {string} keyId */
export async function present(endpoint, keyId) {
  return { endpoint, key_id: keyId, user: await owner(), locale: (await fact("locale")) ?? null };
}

/**
 * The browser's subscription made with this key: the one that it has, or a new one.
 * @param {any} registration
 * @param {string} key
 * @param {string} id
 * @param {Standing} before
 * @returns {Promise<any>} undefined when the browser does not make one
 */
async function subscriptionOf(registration, key, id, before) {
  const held = await within(registration.pushManager.getSubscription(), QUICKLY_MS, undefined);
  if (held && isOfKey(held, key, before.key_id === id)) return held;
  if (held) await within(held.unsubscribe(), QUICKLY_MS, undefined);
  const options = { userVisibleOnly: true, applicationServerKey: fromBase64url(key) };
  return within(registration.pushManager.subscribe(options), ANSWER_MS, undefined);
}

/** @param {any} held @param {string} key @param {boolean} otherwise for a browser that does not say */
function isOfKey(held, key, otherwise) {
  const used = held.options?.applicationServerKey;
  return used ? toBase64url(new Uint8Array(used)) === key : otherwise;
}

/** @param {any} subscription @param {string} keyId */
function tell(subscription, keyId) {
  const { endpoint, keys } = subscription.toJSON();
  return call("/push/subscriptions", {
    method: "POST", body: JSON.stringify({ endpoint, keys, key_id: keyId }), type: "application/json", timeoutMs: QUICK_MS,
  });
}

/** @param {import("../outbox/answers.js").Heard} heard @returns {Failure} */
export function whyNot(heard) {
  if (heard.status === 422) return "not_allowed";
  if (heard.status === 0 || (heard.status >= 300 && heard.status < 400)) return "network"; // a portal's page too
  if (heard.status === 401) return isOurs(heard) ? "signed_out" : "network";
  return "server";
}

/** The person wants no more of it on this phone. @param {any} registration */
export async function leave(registration) {
  const { endpoint } = await standing();
  await setFact("push", OFF);
  const held = await within(registration.pushManager.getSubscription(), QUICKLY_MS, undefined);
  await within(held?.unsubscribe() ?? Promise.resolve(), QUICKLY_MS, undefined);
  // The push service tells the centre too, when the next message comes: so one try is enough.
  const gone = held?.endpoint ?? endpoint;
  if (gone) {
    await call("/push/unsubscribe", {
      method: "POST", body: JSON.stringify({ endpoint: gone }), type: "application/json", timeoutMs: QUICK_MS,
    });
  }
}
