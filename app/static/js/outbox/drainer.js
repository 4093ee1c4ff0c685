// @ts-check
/**
 * Sends what waits, one drainer at a time in all tabs and the service worker. An item leaves only
 * for a receipt that names its key.
 */
import { backoffMs, decide, failure, isOurs } from "./answers.js";
import { postItems, putPhoto, whoami } from "./calls.js";
import { fact, setFact } from "./database.js";
import { change, isDue, itemsOf, LEASE_MS, owner, photoOf, settle } from "./items.js";
import { upToDate } from "./schemas.js";

/**
 * @typedef {import("./database.js").Item} Item
 * @typedef {import("./answers.js").Action} Action
 * @typedef {object} Pass
 * @property {boolean} ran false when another drainer was at it
 * @property {number} sent
 * @property {number} left own items that still wait to be sent
 * @property {number} nextTry ms, the earliest; Infinity when nothing will be tried by itself
 * @property {boolean} needsLogin
 */

export const LOCK = "outbox";
const TOGETHER = 50;

/**
 * One pass over the queue.
 * @param {{force?: boolean, patient?: boolean}} [options] force: also what is not due yet;
 *   patient: wait for a drainer that is at it
 * @returns {Promise<Pass>}
 */
export async function drain({ force = false, patient = false } = {}) {
  /** @type {Pass} */
  const idle = { ran: false, sent: 0, left: 0, nextTry: Infinity, needsLogin: false };
  // An old browser has no locks: the lease on each item must do.
  if (!navigator.locks) return pass({ force, alone: false });
  return await navigator.locks.request(LOCK, { ifAvailable: !patient }, (lock) => (lock ? pass({ force, alone: true }) : idle));
}

/** @param {{force: boolean, alone: boolean}} how @returns {Promise<Pass>} */
async function pass(how) {
  const known = await owner();
  const due = known === null ? [] : dueOf(await itemsOf(known), Date.now(), how);
  if (known === null || !due.length) return summary(known, 0, false);
  const asked = await askWho(known);
  if (typeof asked !== "number") {
    for (const item of due) await keepWaiting(item, asked);
    return summary(known, 0, asked.what === "needs_login");
  }
  return sendAll(asked, dueOf(await itemsOf(asked), Date.now(), how));
}

/**
 * What may be sent now. Check-ins go along with whatever is sent, however lately they were tried:
 * a rating or a task that was done may rest on one, and must not arrive before it.
 * @param {Item[]} items
 * @param {number} now
 * @param {{force: boolean, alone: boolean}} how
 * @returns {Item[]} in the same order
 */
export function dueOf(items, now, how) {
  if (!items.some((item) => isDue(item, now, how))) return [];
  return items.filter((item) => isDue(item, now, item.kind === "check_in" ? { ...how, force: true } : how));
}

/** @param {number} user @param {Item[]} due @returns {Promise<Pass>} */
async function sendAll(user, due) {
  let sent = 0;
  const loads = loadsOf(due);
  for (const [index, load] of loads.entries()) {
    const actions = load.length === 1 ? [await send(load[0])] : await sendTogether(load);
    sent += actions.filter((action) => action.what === "receipt").length;
    const last = actions.find((action) => action.stop);
    if (!last) continue;
    if (last.what === "needs_login") await lockAll(user);
    for (const later of loads.slice(index + 1).flat()) await keepWaiting(later, last);
    return summary(user, sent, last.what === "needs_login");
  }
  return summary(user, sent, false);
}

/**
 * What goes in one request each: an item with photos alone, those without together. A gate's phone
 * that had no network for a day has hundreds.
 * @param {Item[]} due
 * @returns {Item[][]} in the same order
 */
export function loadsOf(due) {
  /** @type {Item[][]} */
  const loads = [];
  for (const item of due) {
    const last = loads.at(-1);
    const joins = last && last.length < TOGETHER && !item.photos.length && !last[0].photos.length;
    if (joins) last.push(item);
    else loads.push([item]);
  }
  return loads;
}

/**
 * Ask the server who is signed in; items of anybody else stay untouched.
 * @param {number | null} known
 * @returns {Promise<number | Action>}
 */
async function askWho(known) {
  const began = Date.now();
  const heard = await whoami();
  const failed = failure(heard);
  if (failed) {
    if (failed.what === "needs_login" && known !== null) await lockAll(known);
    return failed;
  }
  const { user, now } = heard.json ?? {};
  if (typeof user !== "number") return { what: "keep", stop: true, error: "portal" };
  await rememberSession(user, typeof now === "number" ? Math.round(now - (began + Date.now()) / 2) : null);
  return user;
}

/**
 * Who is signed in, by asking the centre: whoever closes the app right after signing in is not known here yet.
 * @returns {Promise<number | null>} null: nobody, or the centre was not reached
 */
export async function learnOwner() {
  const asked = await askWho(null);
  return typeof asked === "number" ? asked : null;
}

/** @param {number} user @param {number | null} offset ms, server minus phone */
export async function rememberSession(user, offset) {
  const before = await fact("session");
  await setFact("session", { user, offset: offset ?? (before?.user === user ? before.offset : null) });
}

/** @param {number} user */
async function lockAll(user) {
  for (const item of await itemsOf(user)) {
    if (item.state === "pending" || item.state === "sending") {
      await change(item.key, { state: "needs_login", lease_until: 0 });
    }
  }
}

/** Freeze an item and take its lease; undefined when it was discarded meanwhile. @param {Item} stored */
function begin(stored) {
  return change(stored.key, {
    ...upToDate(stored), state: "sending", frozen: true, lease_until: Date.now() + LEASE_MS,
  });
}

/** Items without photos, in one request. @param {Item[]} load @returns {Promise<Action[]>} */
async function sendTogether(load) {
  const items = (await Promise.all(load.map(begin))).filter((item) => item !== undefined);
  if (!items.length) return [];
  const heard = await postItems(items.map(wireOf));
  const actions = items.map((item) => decide(heard, item.key));
  for (const [index, item] of items.entries()) {
    await change(item.key, { last_status: heard.status });
    await conclude(item, actions[index]);
  }
  return actions;
}

/** @param {Item} stored @returns {Promise<Action>} */
async function send(stored) {
  const fresh = !stored.frozen;
  const item = await begin(stored);
  if (!item) return { what: "keep", stop: false }; // discarded meanwhile
  // The first time the server cannot have its photos; later it says which ones it lacks.
  let action = fresh ? await sendPhotos(item, item.photos) : undefined;
  action ??= await sendItem(item);
  if (action.what === "photos") {
    action = (await sendPhotos(item, action.answer.missing ?? [])) ?? (await sendItem(item));
    if (action.what === "photos") action = { what: "keep", stop: false, error: "server" };
  }
  await conclude(item, action);
  return action;
}

/** @param {Item} item @returns {Promise<Action>} */
async function sendItem(item) {
  await change(item.key, { lease_until: Date.now() + LEASE_MS });
  const heard = await postItems([wireOf(item)]);
  const action = decide(heard, item.key);
  await change(item.key, { last_status: heard.status });
  return action;
}

/** An item as it travels. @param {Item} item */
function wireOf({ key, kind, schema, fields, photos, captured_at, server_offset }) {
  return { key, kind, schema, fields, photos, captured_at, server_offset, sent_at: Date.now() };
}

/**
 * @param {Item} item
 * @param {string[]} hashes
 * @returns {Promise<Action | undefined>} undefined when all were taken
 */
async function sendPhotos(item, hashes) {
  for (const sha256 of hashes) {
    const photo = await photoOf(item, sha256);
    if (!photo) return { what: "rejected", stop: false, answer: { errors: { photos: ["?"] } } };
    await change(item.key, { lease_until: Date.now() + LEASE_MS });
    const heard = await putPhoto(photo);
    await change(item.key, { last_status: heard.status });
    if ((heard.status === 413 || heard.status === 422) && isOurs(heard)) {
      const errors = heard.json.error.errors ?? { photos: [heard.json.error.message] };
      return { what: "rejected", stop: false, answer: { errors } };
    }
    const failed = failure(heard);
    if (failed) return failed;
    if (heard.json?.sha256 !== sha256) return { what: "keep", stop: true, error: "portal" };
  }
  return undefined;
}

/** @param {Item} item @param {Action} action */
async function conclude(item, action) {
  if (action.what === "receipt") return settle(item, action.answer);
  if (action.what === "conflict") return change(item.key, { state: "conflict", lease_until: 0, last_error: null });
  if (action.what === "rejected") {
    return change(item.key, { state: "rejected", lease_until: 0, errors: action.answer.errors, last_error: null });
  }
  return keepWaiting(item, action);
}

/** @param {Item} item @param {Action} action */
function keepWaiting(item, action) {
  if (action.what === "needs_login") return change(item.key, { state: "needs_login", lease_until: 0 });
  const now = Date.now();
  const attempts = item.attempts + 1;
  return change(item.key, {
    state: "pending", attempts, lease_until: 0, last_error: action.error ?? null,
    next_try: now + backoffMs(attempts), not_before: now + (action.waitMs ?? 0),
  });
}

/** @param {number | null} user @param {number} sent @param {boolean} needsLogin @returns {Promise<Pass>} */
async function summary(user, sent, needsLogin) {
  const items = user === null ? [] : await itemsOf(user);
  const waiting = items.filter((item) => item.state === "pending" || item.state === "sending");
  const left = items.filter((item) => item.state !== "rejected" && item.state !== "conflict").length;
  const times = waiting.map((item) => (
    item.state === "sending" ? item.lease_until : Math.max(item.next_try, item.not_before)
  ));
  return { ran: true, sent, left, needsLogin, nextTry: Math.min(...times, Infinity) };
}
