// @ts-check
/** What somebody began to write of a case, kept at every change: a call comes in, the page dies. */
import { database } from "../outbox/database.js";
import { uuid7 } from "../outbox/ids.js";
import { photoOf } from "../outbox/items.js";

/**
 * @typedef {import("../outbox/database.js").Draft} Draft
 * @typedef {import("../outbox/database.js").Item} Item
 */

/** @param {number} owner @param {number} report */
const idOf = (owner, report) => `case:${owner}:${report}`;

/** @param {number} owner @param {number} report @returns {Draft} */
export function newDraft(owner, report) {
  return { id: idOf(owner, report), owner, key: uuid7(), fields: { report }, photos: [], saved_at: Date.now() };
}

/** @param {number} owner @param {number} report @returns {Promise<Draft>} */
export async function loadDraft(owner, report) {
  return (await (await database()).get("drafts", idOf(owner, report))) ?? newDraft(owner, report);
}

/** Drafts with nothing in them are not kept. @param {Draft} draft */
export async function saveDraft(draft) {
  const db = await database();
  if (isWorthKeeping(draft)) await db.put("drafts", { ...draft, saved_at: Date.now() });
  else await db.delete("drafts", draft.id);
}

/** @param {Draft} draft */
export function isWorthKeeping({ photos, fields, mends }) {
  return photos.length > 0 || Boolean(fields.note || fields.hours || mends);
}

/** @param {number} owner @returns {Promise<Draft[]>} */
export async function draftsOf(owner) {
  const start = `case:${owner}:`;
  return (await database()).getAll("drafts", IDBKeyRange.bound(start, `${start}\uffff`));
}

/**
 * What was refused, as a draft with a new key; saving it takes the refused one's place.
 * @param {Item} item
 * @returns {Promise<Draft>}
 */
export async function draftFromItem(item) {
  const photos = await Promise.all(item.photos.map((sha256) => photoOf(item, sha256)));
  const { report, step, note, hours, latitude, longitude, accuracy_m } = item.fields;
  return {
    ...newDraft(item.owner, report), fields: { report, step, note, hours, latitude, longitude, accuracy_m },
    photos: photos.filter((photo) => photo !== undefined), mends: item.key,
  };
}
