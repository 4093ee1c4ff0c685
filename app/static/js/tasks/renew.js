// @ts-check
/** Asking the centre for the tasks, and keeping them. */
import { isOurs } from "../outbox/answers.js";
import { call, QUICK_MS } from "../outbox/calls.js";
import { database } from "../outbox/database.js";
import { rememberSession } from "../outbox/drainer.js";
import { changeTasks, keptTasks } from "./store.js";
import { renewed } from "./shown.js";

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
  const [held, waiting] = owner === null ? [undefined, new Set()] : [await keptTasks(owner), await waitingKeys(owner)];
  const began = Date.now();
  const answer = await call("/tasks/mine.json", { etag: held?.etag, timeoutMs: QUICK_MS });
  if (answer.status === 304 && held) return keep({ etag: held.etag, data: held.data, user: held.owner, asked_at: began }, waiting);
  if (answer.status === 200 && answer.json?.version === VERSION) {
    const { user, now } = answer.json;
    await rememberSession(user, Math.round(now - (began + Date.now()) / 2));
    return keep({ etag: answer.etag ?? null, data: answer.json, user, asked_at: began }, user === owner ? waiting : await waitingKeys(user));
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
 * @param {{etag: string | null, data: Record<string, any>, user: number, asked_at: number}} fresh
 * @param {Set<string>} waiting
 * @returns {Promise<Heard>}
 */
async function keep(fresh, waiting) {
  await changeTasks(fresh.user, (before) => renewed(before, { ...fresh, now: Date.now() }, waiting));
  return "fresh";
}
