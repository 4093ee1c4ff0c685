// @ts-check
/** The cases that somebody works on, and their pictures, as this phone keeps them. */
import { database } from "./database.js";

/** @typedef {import("./database.js").Work} Work */

/** @param {number} owner @returns {Promise<Work | undefined>} */
export async function keptWork(owner) {
  return (await database()).get("work", owner);
}

/**
 * Make the row anew of what it was, with nobody in between.
 * @param {number} owner
 * @param {(before: Work | undefined) => Work} anew
 * @returns {Promise<Work>}
 */
export async function changeWork(owner, anew) {
  const transaction = (await database()).transaction("work", "readwrite");
  const after = anew(await transaction.store.get(owner));
  transaction.store.put(after).catch(() => undefined); // a put that fails ends the transaction
  await transaction.done;
  return after;
}

/**
 * To be written together with an item: the list shows the step as taken.
 * @param {number} owner
 * @param {Work["taken"][number]} step
 * @returns {import("./items.js").Also}
 */
export function alsoTaken(owner, step) {
  return {
    stores: ["work"],
    write: async (transaction) => {
      const store = transaction.objectStore("work");
      const row = await store.get(owner);
      if (row) await store.put({ ...row, taken: [...row.taken, step] });
    },
  };
}

/** Signing out: nothing of the cases stays but what the person saved and has not sent. @param {number} owner */
export async function forgetWork(owner) {
  const transaction = (await database()).transaction(["work", "case_pictures"], "readwrite");
  const pictures = transaction.objectStore("case_pictures");
  transaction.objectStore("work").delete(owner).catch(() => undefined);
  for (const key of await pictures.index("owner").getAllKeys(owner)) pictures.delete(key).catch(() => undefined);
  await transaction.done;
}
