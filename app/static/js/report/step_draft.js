// @ts-check
/** What a reporter began to write for a step, kept at every change: the camera may kill the page. */
import { database } from "../outbox/database.js";
import { uuid7 } from "../outbox/ids.js";
import { itemsOf } from "../outbox/items.js";

/**
 * @typedef {import("../outbox/database.js").Draft} Draft
 * @typedef {import("../outbox/database.js").Item} Item
 */

/** @param {number} owner @param {number} report @param {string} step */
const idOf = (owner, report, step) => `step:${owner}:${report}:${step}`;

/** @param {number | null} owner @param {number} report @param {string} step @returns {Promise<Draft>} */
export async function loadDraft(owner, report, step) {
  const id = idOf(owner ?? 0, report, step);
  const found = owner === null ? undefined : await (await database()).get("drafts", id);
  return found ?? { id, owner, key: uuid7(), fields: {}, photos: [], saved_at: Date.now() };
}

/** Drafts with nothing in them are not kept. @param {Draft} draft */
export async function saveDraft(draft) {
  const db = await database();
  const worth = draft.owner !== null && (draft.photos.length > 0 || Boolean(draft.fields.note || draft.mends));
  if (worth) await db.put("drafts", { ...draft, saved_at: Date.now() });
  else await db.delete("drafts", draft.id);
}

/** The last step of this kind that is still on this phone. @param {number} owner @param {number} report @param {string} step */
export async function waiting(owner, report, step) {
  const found = (await itemsOf(owner)).filter(({ kind, fields }) => kind === "case_step" && fields.report === report && fields.step === step);
  return /** @type {Item | undefined} */ (found.at(-1));
}
