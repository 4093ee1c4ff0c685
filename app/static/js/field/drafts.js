// @ts-check
/** What somebody began to write of a case, kept at every change: a call comes in, the page dies. */
import { database } from "../outbox/database.js";
import { keptDraft } from "../outbox/drafts.js";
import { uuid7 } from "../outbox/ids.js";
import { bothPhotos, bothWords, laterPlace, photosOf } from "../report/using_again.js";

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
  return (await keptDraft(idOf(owner, report))) ?? newDraft(owner, report);
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
  const { report, step, note, hours, latitude, longitude, accuracy_m } = item.fields;
  return {
    ...newDraft(item.owner, report), fields: { report, step, note, hours, latitude, longitude, accuracy_m },
    photos: await photosOf(item), mends: item.key,
  };
}

/**
 * What was refused, joined to what was begun in its form since.
 * @param {Draft} draft as the form holds it
 * @param {Draft} again of the item that was refused
 * @returns {{draft: Draft, tooMany: boolean}} tooMany: not all photos found room
 */
export function joined(draft, again) {
  if (draft.mends === again.mends) return { draft, tooMany: false }; // it is in the form already
  if (!isWorthKeeping(draft)) return { draft: again, tooMany: false };
  const [since, before] = [draft.fields, again.fields];
  const { photos, tooMany } = bothPhotos(draft.photos, again.photos);
  const fields = { ...since, step: before.step, note: bothWords(since.note ?? "", before.note), hours: since.hours || before.hours, ...laterPlace(since, before) };
  return { draft: { ...draft, fields, photos, mends: again.mends }, tooMany };
}
