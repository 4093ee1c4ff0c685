// @ts-check
/** What somebody began to wish, kept at every change. */
import { database } from "../outbox/database.js";
import { owner } from "../outbox/items.js";

/** @typedef {{text: string, station: number | null}} Begun */

/** @param {number | null} user */
export const draftOf = (user) => `wish:${user}`;

/** @returns {Promise<Begun | null>} of who is signed in, if anything was begun */
export async function loadDraft() {
  const user = await owner();
  return (await (await database()).get("drafts", draftOf(user)))?.fields ?? null;
}

/** What is empty is not kept. @param {Begun} begun */
export async function keepDraft(begun) {
  const [user, db] = [await owner(), await database()];
  const id = draftOf(user);
  if (user === null || !begun.text.trim()) return db.delete("drafts", id);
  return db.put("drafts", { id, owner: user, key: "", fields: begun, photos: [], saved_at: Date.now() });
}
