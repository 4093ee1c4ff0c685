// @ts-check
/** The tasks of a rider as this phone keeps them: what the centre said, and what was saved here since. */
import { database } from "../outbox/database.js";

/**
 * @typedef {{key: string, claim: number, step: "hand_in" | "release" | "appeal"}} Taken
 * @typedef {object} Kept
 * @property {number} owner user id
 * @property {string | null} etag
 * @property {Record<string, any>} data as GET /tasks/mine.json answered
 * @property {number} [asked_at] ms by the phone's clock: what the centre received since may not be in it
 * @property {number} fetched_at likewise
 * @property {Taken[]} taken steps saved here that the list does not show yet
 */

/** @param {number} owner @returns {Promise<Kept | undefined>} */
export async function keptTasks(owner) {
  return (await database()).get("tasks", owner);
}

/**
 * Make the row anew of what it was, with nobody in between.
 * @param {number} owner
 * @param {(before: Kept | undefined) => Kept} anew
 */
export async function changeTasks(owner, anew) {
  const transaction = (await database()).transaction("tasks", "readwrite");
  const after = anew(await transaction.store.get(owner));
  transaction.store.put(after).catch(() => undefined); // a put that fails ends the transaction
  await transaction.done;
}

/**
 * To be written together with an item: the list shows the step as taken.
 * @param {number} owner
 * @param {Taken} step
 * @returns {import("../outbox/items.js").Also}
 */
export function alsoTaken(owner, step) {
  return {
    stores: ["tasks"],
    write: async (transaction) => {
      const store = transaction.objectStore("tasks");
      const row = await store.get(owner);
      if (row) await store.put({ ...row, taken: [...row.taken, step] });
    },
  };
}

/** Signing out: only what was saved and has not been sent stays. @param {number} owner */
export async function forgetTasks(owner) {
  await (await database()).delete("tasks", owner);
}
