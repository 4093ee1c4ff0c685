// @ts-check
/** A report not yet submitted, kept at every change: the camera may kill the page. */
import { database } from "../outbox/database.js";
import { uuid7 } from "../outbox/ids.js";
import { photoOf } from "../outbox/items.js";

/**
 * @typedef {import("../outbox/database.js").Draft} Draft
 * @typedef {import("../outbox/database.js").Item} Item
 */

const NOBODY = "report:nobody";

/** @param {number | null} owner */
const idOf = (owner) => (owner === null ? NOBODY : `report:${owner}`);

/** @param {number | null} owner @returns {Draft} */
export function newDraft(owner) {
  return { id: idOf(owner), owner, key: uuid7(), fields: {}, photos: [], saved_at: Date.now() };
}

/**
 * The person's draft; one begun before signing in becomes theirs.
 * @param {number | null} owner
 * @returns {Promise<Draft | undefined>}
 */
export async function loadDraft(owner) {
  const db = await database();
  const own = await db.get("drafts", idOf(owner));
  if (own || owner === null) return own;
  const orphan = await db.get("drafts", NOBODY);
  if (!orphan) return undefined;
  const adopted = { ...orphan, id: idOf(owner), owner };
  await saveDraft(adopted);
  await db.delete("drafts", NOBODY);
  return adopted;
}

/** @param {Draft} draft */
export async function saveDraft(draft) {
  await (await database()).put("drafts", { ...draft, saved_at: Date.now() });
}

/** @param {Draft} draft */
export async function dropDraft(draft) {
  await (await database()).delete("drafts", draft.id);
}

/** Whether there is anything in it that the person would miss. @param {Draft} draft */
export function isWorthKeeping(draft) {
  const { category, place, description } = draft.fields;
  return draft.photos.length > 0 || Boolean(category || place || description);
}

/**
 * A rejected item as a draft with a new key; what was sent stays as it was.
 * @param {string} key
 * @param {number} owner
 * @returns {Promise<Draft | undefined>}
 */
export async function draftFromItem(key, owner) {
  /** @type {Item | undefined} */
  const item = await (await database()).get("items", key);
  if (!item || item.owner !== owner || item.state !== "rejected") return undefined;
  const photos = await Promise.all(item.photos.map((sha256) => photoOf(item, sha256)));
  const id = `mend:${key}`;
  const begun = await (await database()).get("drafts", id);
  return begun ?? {
    ...newDraft(owner), id, fields: item.fields, mends: item.key, errors: item.errors,
    photos: photos.filter((photo) => photo !== undefined),
  };
}

