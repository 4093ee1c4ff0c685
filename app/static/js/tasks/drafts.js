// @ts-check
/** What somebody began for a task, kept at every change: the camera may kill the page. */
import { database } from "../outbox/database.js";
import { uuid7 } from "../outbox/ids.js";
import { photoOf } from "../outbox/items.js";

/**
 * @typedef {import("../outbox/database.js").Draft} Draft
 * @typedef {import("../outbox/database.js").Item} Item
 * @typedef {{sha256: string, thumb: string}} Before a photo of the attempt before
 */

/** @param {number} owner @param {number} claim */
const idOf = (owner, claim) => `task:${owner}:${claim}`;

/**
 * An empty one; of what was sent back all that was handed in.
 * @param {number} owner
 * @param {Record<string, any>} task with its claim
 * @returns {Draft}
 */
export function newDraft(owner, { claim, proof }) {
  const before = claim.state === "sent_back";
  const typed = proof.questions.map((/** @type {any} */ _question, /** @type {number} */ index) => (before && claim.answers[index]) || "");
  const kept = before ? claim.photos : [];
  return {
    id: idOf(owner, claim.id), owner, key: uuid7(), photos: [], saved_at: Date.now(),
    fields: { claim: claim.id, attempt: claim.attempts, typed, kept, touched: false },
  };
}

/** What was kept of this attempt, else an empty one. @param {number} owner @param {Record<string, any>} task @returns {Promise<Draft>} */
export async function loadDraft(owner, task) {
  const db = await database();
  const found = await db.get("drafts", idOf(owner, task.claim.id));
  if (found?.fields.attempt !== task.claim.attempts) return newDraft(owner, task);
  // Another tab may have kept it once more after it was saved: its key is used up.
  const used = (await db.getKey("items", found.key)) ?? (await db.getKey("receipts", found.key));
  return used ? { ...found, key: uuid7() } : found;
}

/** Drafts that nobody touched are not kept. @param {Draft} draft */
export async function saveDraft(draft) {
  const db = await database();
  if (draft.fields.touched || draft.mends) await db.put("drafts", { ...draft, saved_at: Date.now() });
  else await db.delete("drafts", draft.id);
}

/**
 * What the centre did not take, as a draft with a new key; saving it takes the item's place.
 * @param {Item} item
 * @param {Record<string, any>} task
 * @returns {Promise<Draft>}
 */
export async function draftFromItem(item, task) {
  const photos = await Promise.all(item.photos.map((sha256) => photoOf(item, sha256)));
  const empty = newDraft(item.owner, task);
  const { answers = [], kept = [], latitude, longitude, accuracy_m } = item.fields;
  const typed = empty.fields.typed.map((/** @type {string} */ _before, /** @type {number} */ index) => answers[index] ?? "");
  const still = task.claim.photos.filter((/** @type {Before} */ one) => kept.includes(one.sha256));
  return {
    ...empty, mends: item.key, photos: photos.filter((photo) => photo !== undefined),
    fields: { ...empty.fields, typed, kept: still, latitude, longitude, accuracy_m, touched: true },
  };
}
