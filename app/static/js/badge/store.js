// @ts-check
/** The rows of riders' badges on this phone: one a person, changed a few fields at a time. */
import { database } from "../outbox/database.js";

/** @typedef {import("../outbox/database.js").Badge} Badge */

const COUNTERS = 0x10000;

/** @param {number} owner @returns {Badge} */
export function emptyBadge(owner) {
  return {
    owner, keys: null, device_key: null, badge: null, card: null, credential: null, counter: 0,
    portrait: null, portrait_sha256: null, renewed_at: 0,
  };
}

/** @param {number} owner @returns {Promise<Badge | undefined>} */
export async function loadBadge(owner) {
  return (await database()).get("badges", owner);
}

/**
 * Change some fields; the row is made if there is none.
 * @param {number} owner
 * @param {(row: Badge) => Partial<Badge>} change what to set, by what stands there now
 * @returns {Promise<Badge>} the row as it is kept
 */
export async function changeBadge(owner, change) {
  const transaction = (await database()).transaction("badges", "readwrite");
  const before = (await transaction.store.get(owner)) ?? emptyBadge(owner);
  const after = { ...before, ...change(before) };
  transaction.store.put(after).catch(() => undefined); // a put that fails ends the transaction
  await transaction.done;
  return after;
}

/**
 * Count the next code. It may be made at once, and shown once its number is kept, so that none
 * comes twice.
 * @param {number} owner
 * @returns {Promise<{row: Badge, kept: Promise<void>}>}
 */
export async function countUp(owner) {
  const transaction = (await database()).transaction("badges", "readwrite");
  const before = (await transaction.store.get(owner)) ?? emptyBadge(owner);
  const row = { ...before, counter: (before.counter + 1) % COUNTERS };
  transaction.store.put(row).catch(() => undefined); // a put that fails ends the transaction
  return { row, kept: transaction.done };
}

/**
 * Signing out: the card, the portrait and the credential go, so that whoever holds the phone next
 * can show nothing, and so do the maps. The key pair stays, with the badge's id: without the
 * credential it proves nothing, the credential is had only by signing in as this person, and with
 * the pair that brings the same badge back; else every signing out would end in moving the badge.
 * @param {number} owner
 */
export async function emptyOnSignOut(owner) {
  const db = await database();
  if (await db.getKey("badges", owner)) {
    await changeBadge(owner, ({ keys, device_key, badge, counter }) => (
      { ...emptyBadge(owner), keys, device_key, badge, counter }
    ));
  }
  await db.delete("drafts", `portrait:${owner}`); // taken, and not sent yet
  await db.clear("maps");
}
