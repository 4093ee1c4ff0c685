// @ts-check
/** Asking the centre for the list, and keeping it. */
import { isOurs } from "../outbox/answers.js";
import { call, QUICK_MS } from "../outbox/calls.js";
import { database } from "../outbox/database.js";
import { rememberSession } from "../outbox/drainer.js";
import { itemsOf } from "../outbox/items.js";
import { changeWork, keptWork } from "../outbox/work.js";
import { draftsOf } from "./drafts.js";
import { renewed } from "./renewed.js";

/** @typedef {"fresh" | "offline" | "signed_out" | "no_role" | "busy"} Heard */

const VERSION = 1;
/** @type {Promise<Heard> | undefined} */
let running;

/** Renew the list of whoever is signed in. Calls while one runs share it. @param {number | null} owner as last known */
export function renew(owner) {
  running ??= ask(owner).finally(() => { running = undefined; });
  return running;
}

/** Once more, after one that may have been asked before something changed. @param {number | null} owner */
export async function renewAfresh(owner) {
  await running?.catch(() => undefined);
  return renew(owner);
}

/** @param {number | null} owner @returns {Promise<Heard>} */
async function ask(owner) {
  const [held, keys] = owner === null ? [undefined, new Set()] : [await keptWork(owner), await waitingKeys(owner)];
  const began = Date.now();
  const answer = await call("/field/cases.json", { etag: held?.etag, timeoutMs: QUICK_MS });
  if (answer.status === 304 && held) return keep({ etag: held.etag, data: held.data, user: held.owner }, keys);
  if (answer.status === 200 && answer.json?.version === VERSION) {
    const { user, now } = answer.json;
    await rememberSession(user, Math.round(now - (began + Date.now()) / 2));
    return keep({ etag: answer.etag ?? null, data: answer.json, user }, user === owner ? keys : await waitingKeys(user));
  }
  if (answer.status === 401 && isOurs(answer)) return "signed_out";
  if (answer.status === 403 && isOurs(answer)) return "no_role";
  return answer.status === 0 || answer.status < 400 ? "offline" : "busy";
}

/** @param {number} owner @returns {Promise<Set<string>>} */
async function waitingKeys(owner) {
  return new Set(await (await database()).getAllKeysFromIndex("items", "owner", owner));
}

/**
 * @param {{etag: string | null, data: Record<string, any>, user: number}} fresh
 * @param {Set<string>} keys
 * @returns {Promise<Heard>}
 */
async function keep(fresh, keys) {
  const items = (await itemsOf(fresh.user)).filter((item) => item.kind === "case_step");
  const drafts = await draftsOf(fresh.user);
  const cases = new Set([...items, ...drafts].map((one) => one.fields.report));
  await changeWork(fresh.user, (before) => renewed(before, { ...fresh, now: Date.now() }, { keys, cases }));
  return "fresh";
}
