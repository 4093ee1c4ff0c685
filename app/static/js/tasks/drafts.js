// @ts-check
/** What somebody began for a task, kept at every change: the camera may kill the page. */
import { database } from "../outbox/database.js";
import { keptDraft } from "../outbox/drafts.js";
import { uuid7 } from "../outbox/ids.js";
import { bothPhotos, bothWords, laterPlace, photosOf } from "../report/using_again.js";
import { MOST } from "../report/shots.js";

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
  const found = await keptDraft(idOf(owner, task.claim.id));
  return found && found.fields.attempt === task.claim.attempts ? found : newDraft(owner, task);
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
  const empty = newDraft(item.owner, task);
  const { answers = [], kept = [], latitude, longitude, accuracy_m } = item.fields;
  const typed = empty.fields.typed.map((/** @type {string} */ _before, /** @type {number} */ index) => answers[index] ?? "");
  const still = task.claim.photos.filter((/** @type {Before} */ one) => kept.includes(one.sha256));
  return {
    ...empty, mends: item.key, photos: await photosOf(item),
    fields: { ...empty.fields, typed, kept: still, latitude, longitude, accuracy_m, touched: true },
  };
}

/**
 * What was not taken, joined to what was begun in its form since. Of a choice or a number only one
 * can stand: what was said since.
 * @param {Draft} draft as the form holds it
 * @param {Draft} again of the item that was not taken
 * @param {import("./answers.js").Question[]} questions
 * @returns {{draft: Draft, tooMany: boolean}} tooMany: not all photos found room
 */
export function joined(draft, again, questions) {
  if (draft.mends === again.mends) return { draft, tooMany: false }; // it is in the form already
  if (!draft.fields.touched) return { draft: again, tooMany: false };
  const [since, before] = [draft.fields, again.fields];
  const typed = questions.map(({ kind }, index) => (
    kind === "words" ? bothWords(since.typed[index] ?? "", before.typed[index]) : since.typed[index] || before.typed[index]
  ));
  const held = new Set(since.kept.map((/** @type {Before} */ one) => one.sha256));
  const kept = [...since.kept, ...before.kept.filter((/** @type {Before} */ one) => !held.has(one.sha256))];
  const { photos, tooMany } = bothPhotos(draft.photos, again.photos, MOST - kept.length);
  return { draft: { ...draft, fields: { ...since, typed, kept, ...laterPlace(since, before) }, photos, mends: again.mends }, tooMany };
}
