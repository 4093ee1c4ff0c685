// @ts-check
/** Writing and reading what waits on this phone. Every change is told to all open pages. */
import { database, fact } from "./database.js";
import { CURRENT } from "./schemas.js";

/**
 * @typedef {import("./database.js").Item} Item
 * @typedef {import("./database.js").Photo} Photo
 * @typedef {import("./database.js").Receipt} Receipt
 * @typedef {{stores: string[], write: (transaction: any) => any}} Also waits for nothing but the
 *   transaction's own requests; when it throws, nothing of the whole is kept
 */

export const LEASE_MS = 60_000;
const RECEIPTS_KEPT = 100;
const STRICT = { durability: "strict" };
/** @type {Also} */
const NOTHING_ELSE = { stores: [], write: () => undefined };

/** An item with this key was saved before, perhaps in another tab. */
export class KeyTaken extends Error {}

/** @type {BroadcastChannel | undefined} */
let channel;

function openChannel() {
  channel ??= new BroadcastChannel("outbox");
  return channel;
}

/** Tell every page, this one too, that the outbox changed. */
export function announce() {
  openChannel().postMessage("changed");
  globalThis.dispatchEvent(new Event("outbox-changed"));
}

/** @param {() => void} listener called after each change, here or in another tab */
export function onChange(listener) {
  openChannel().addEventListener("message", listener);
  globalThis.addEventListener("outbox-changed", listener);
}

/** Who is signed in on this phone, as last known. @returns {Promise<number | null>} */
export async function owner() {
  return (await fact("session"))?.user ?? null;
}

/**
 * Write an item and its photos in one durable transaction. When it returns, they are on the phone.
 * @param {{key: string, owner: number, kind: string, fields: Record<string, any>, label: string, captured_at?: number}} capture
 * @param {Photo[]} photos
 * @param {{draft?: string, mends?: string}} [replaced] a draft and a rejected item that end with it
 * @param {Also} [also] written in the same transaction: all of it is kept, or none
 * @throws {KeyTaken}
 */
export async function enqueue(capture, photos, replaced = {}, also = NOTHING_ELSE) {
  const session = await fact("session");
  const item = {
    ...capture,
    schema: CURRENT[capture.kind],
    photos: photos.map((photo) => photo.sha256),
    captured_at: capture.captured_at ?? Date.now(),
    server_offset: session?.offset ?? null,
    state: "pending", frozen: false, attempts: 0, next_try: 0, not_before: 0, lease_until: 0,
    last_status: null, last_error: null,
  };
  const stores = ["items", "photos", "drafts", "receipts", ...also.stores];
  const transaction = (await database()).transaction(stores, "readwrite", STRICT);
  for (const store of ["items", "receipts"]) {
    if (await transaction.objectStore(store).getKey(item.key)) throw new KeyTaken();
  }
  // A request that fails aborts the transaction: `done` carries that, so each is left unwatched.
  const quietly = (/** @type {Promise<any>} */ request) => void request.catch(() => {});
  quietly(transaction.objectStore("items").add(item));
  for (const photo of photos) {
    quietly(transaction.objectStore("photos").put({ ...photo, owner: capture.owner }));
  }
  if (replaced.draft) quietly(transaction.objectStore("drafts").delete(replaced.draft));
  await orNothing(transaction, async () => {
    if (replaced.mends) await removeMended(transaction, replaced.mends);
    await also.write(transaction);
  });
  await transaction.done;
  announce();
}

/** What the new item, which is written already, has of it stays. @param {any} transaction @param {string} key */
async function removeMended(transaction, key) {
  const mended = await transaction.objectStore("items").get(key);
  if (mended) await remove(transaction, mended);
}

/** @param {any} transaction @param {() => any} write a part of it; when that fails, nothing of the whole is kept */
async function orNothing(transaction, write) {
  try {
    await write();
  } catch (error) {
    transaction.done.catch(() => {});
    if (transaction.error) throw transaction.error; // the disk was full: it ended by itself
    transaction.abort();
    throw error;
  }
}

/** @param {number} user @returns {Promise<Item[]>} oldest first */
export async function itemsOf(user) {
  const found = await (await database()).getAllFromIndex("items", "owner", user);
  return found.sort((/** @type {Item} */ a, /** @type {Item} */ b) => a.captured_at - b.captured_at || (a.key < b.key ? -1 : 1));
}

/** How many items wait: the person's own, and those locked for others. @param {number | null} user */
export async function counts(user) {
  const db = await database();
  const all = await db.count("items");
  const mine = user === null ? 0 : await db.countFromIndex("items", "owner", user);
  return { mine, locked: all - mine };
}

/** @param {number} user @returns {Promise<Receipt[]>} newest first */
export async function receiptsOf(user) {
  const found = await (await database()).getAllFromIndex("receipts", "owner", user);
  return found.sort((/** @type {Receipt} */ a, /** @type {Receipt} */ b) => b.received_at - a.received_at);
}

/** @param {Item} item @param {string} sha256 @returns {Promise<Photo | undefined>} */
export async function photoOf(item, sha256) {
  return (await database()).get("photos", [item.owner, sha256]);
}

/**
 * Whether the item may be sent now. Whoever holds the lock is alone: a lease found then is that of
 * a drainer that died, so it need not run out first.
 * @param {Item} item
 * @param {number} now
 * @param {{force: boolean, alone: boolean}} how
 */
export function isDue(item, now, { force, alone }) {
  if (item.state === "sending") return alone || item.lease_until <= now;
  if (item.state !== "pending" && item.state !== "needs_login") return false;
  return item.not_before <= now && (force || item.next_try <= now);
}

/** Change an item if it is still there. @param {string} key @param {Partial<Item>} changes @returns {Promise<Item | undefined>} */
export async function change(key, changes) {
  const transaction = (await database()).transaction("items", "readwrite", STRICT);
  const item = await transaction.store.get(key);
  if (item) await transaction.store.put({ ...item, ...changes });
  await transaction.done;
  announce();
  return item && { ...item, ...changes };
}

/**
 * The centre has it: keep the receipt, let go of the item and of photos that nothing else needs.
 * @param {Item} item
 * @param {{reference: string, url?: string, received_at?: number}} answer
 */
export async function settle(item, answer) {
  const transaction = (await database()).transaction(["items", "photos", "receipts"], "readwrite", STRICT);
  const receipts = transaction.objectStore("receipts");
  await receipts.put({
    key: item.key, owner: item.owner, label: item.label, reference: String(answer.reference),
    url: answer.url ?? "", received_at: answer.received_at ?? Date.now(), ...checkInOf(item),
  });
  await remove(transaction, item);
  const kept = await receipts.index("owner").getAll(item.owner);
  kept.sort((/** @type {Receipt} */ a, /** @type {Receipt} */ b) => b.received_at - a.received_at);
  for (const old of kept.slice(RECEIPTS_KEPT)) await receipts.delete(old.key);
  await transaction.done;
  announce();
}

/** What a task that asks for a check-in must still know of one, until the centre tells. @param {Item} item */
function checkInOf({ kind, fields, captured_at, server_offset }) {
  if (kind !== "check_in") return {};
  const { way, code } = fields;
  return { check_in: { way, code, at: captured_at + (server_offset ?? 0), settled_at: Date.now() } };
}

/** Its owner gives it up, after having been asked twice. @param {Item} item */
export async function discard(item) {
  const transaction = (await database()).transaction(["items", "photos"], "readwrite", STRICT);
  await remove(transaction, item);
  await transaction.done;
  announce();
}

/** @param {any} transaction @param {Item} item */
async function remove(transaction, item) {
  const items = transaction.objectStore("items");
  await items.delete(item.key);
  const others = await items.index("owner").getAll(item.owner);
  const needed = new Set(others.flatMap((/** @type {Item} */ other) => other.photos));
  for (const sha256 of item.photos) {
    if (!needed.has(sha256)) await transaction.objectStore("photos").delete([item.owner, sha256]);
  }
}
