// @ts-check
/** What was begun in a form, as this phone keeps it. */
import { database } from "./database.js";
import { uuid7 } from "./ids.js";

/** @typedef {import("./database.js").Draft} Draft */

/**
 * Another tab may have kept it once more after it was saved: its key is used up then, and what is
 * in it is something new.
 * @param {string} id
 * @returns {Promise<Draft | undefined>}
 */
export async function keptDraft(id) {
  const db = await database();
  const found = await db.get("drafts", id);
  if (!found) return undefined;
  const used = (await db.getKey("items", found.key)) ?? (await db.getKey("receipts", found.key));
  return used ? { ...found, key: uuid7() } : found;
}
