// @ts-check
/** The messages that this phone keeps, so that they can be read with no network. */
import { database } from "../outbox/database.js";

/**
 * @typedef {import("../outbox/database.js").Message} Message
 * @typedef {Omit<Message, "owner" | "untold" | "kept_at">} Told as the centre tells it
 */

export const MOST = 100;

/**
 * Keep messages as the centre tells them now; beyond the newest hundred of a person the oldest go.
 * @param {number} owner
 * @param {Told[]} told
 * @param {{allRead?: boolean, onlyNew?: boolean}} [how] allRead: nothing of the person's is unread
 *   any more; onlyNew: what is kept already is known better
 */
export async function keepMessages(owner, told, { allRead = false, onlyNew = false } = {}) {
  const transaction = (await database()).transaction("messages", "readwrite");
  const before = await transaction.store.index("owner").getAll(owner);
  const rows = told.map((one) => ({ ...one, owner, untold: false, kept_at: Date.now() }));
  const known = new Set(onlyNew ? before.map((/** @type {Message} */ row) => row.id) : []);
  const { put, drop } = renewed(before, rows.filter((row) => !known.has(row.id)), allRead);
  // A request that fails ends the transaction, and `done` carries that.
  for (const row of put) transaction.store.put(row).catch(() => undefined);
  for (const row of drop) transaction.store.delete([owner, row.id]).catch(() => undefined);
  await transaction.done;
}

/**
 * Which rows to write and which to let go. What was read here stays read, though the centre may not
 * know yet.
 * @param {Message[]} before
 * @param {Message[]} told
 * @param {boolean} allRead
 */
export function renewed(before, told, allRead) {
  const kept = new Map(before.map((row) => [row.id, row]));
  const put = told.map((row) => (kept.get(row.id)?.untold ? { ...row, unread: false, untold: true } : row));
  for (const row of put) kept.delete(row.id);
  if (allRead) put.push(...[...kept.values()].filter((row) => row.unread).map((row) => ({ ...row, unread: false })));
  const all = new Set([...before, ...told].map((row) => row.id));
  const oldest = [...all].sort((one, other) => other - one).slice(MOST);
  const drop = before.filter((row) => oldest.includes(row.id));
  return { put: put.filter((row) => !oldest.includes(row.id)), drop };
}

/** @param {number} owner @returns {Promise<Message[]>} newest first */
export async function keptMessages(owner) {
  const found = await (await database()).getAllFromIndex("messages", "owner", owner);
  return found.sort((/** @type {Message} */ one, /** @type {Message} */ other) => other.id - one.id);
}

/**
 * It was read on this phone: it is no longer among the unread.
 * @param {number} owner
 * @param {number} id
 * @param {boolean} told whether the centre has heard of it
 */
export async function keepRead(owner, id, told) {
  const transaction = (await database()).transaction(["messages", "facts"], "readwrite");
  const [messages, facts] = [transaction.objectStore("messages"), transaction.objectStore("facts")];
  const row = await messages.get([owner, id]);
  const unread = await facts.get("unread");
  if (row) messages.put({ ...row, unread: false, untold: !told }).catch(() => undefined);
  if (row?.unread && unread?.user === owner) {
    facts.put({ ...unread, count: Math.max(unread.count - 1, 0) }, "unread").catch(() => undefined);
  }
  await transaction.done;
}

/** Signing out: nothing that one was told stays. @param {number} owner */
export async function forgetMessages(owner) {
  const transaction = (await database()).transaction("messages", "readwrite");
  for (const key of await transaction.store.index("owner").getAllKeys(owner)) {
    transaction.store.delete(key).catch(() => undefined);
  }
  await transaction.done;
}
