// @ts-check
/** What the centre did not take joins what was begun in the same form since: neither overwrites the other. */
import { photoOf } from "../outbox/items.js";
import { MOST, withPhoto } from "./shots.js";

/**
 * @typedef {import("../outbox/database.js").Item} Item
 * @typedef {import("../outbox/database.js").Photo} Photo
 */

/** What was typed since, and after it what was said before where that differs. @param {string} typed @param {string} [before] */
export function bothWords(typed, before = "") {
  const [since, said] = [typed.trim(), before.trim()];
  if (!said || since === said || since.endsWith(`\n${said}`)) return typed;
  return since ? `${since}\n${said}` : before;
}

/**
 * Those taken since come first, up to the most.
 * @param {Photo[]} taken
 * @param {Photo[]} before
 * @param {number} [most]
 * @returns {{photos: Photo[], tooMany: boolean}}
 */
export function bothPhotos(taken, before, most = MOST) {
  const photos = before.reduce((all, photo) => withPhoto(all, photo), taken);
  return { photos: photos.slice(0, Math.max(most, taken.length)), tooMany: photos.length > Math.max(most, taken.length) };
}

/**
 * Where the phone was, as it was found since, or else before.
 * @param {Record<string, any>} since
 * @param {Record<string, any>} before
 */
export function laterPlace(since, before) {
  const { latitude, longitude, accuracy_m } = typeof since.latitude === "number" ? since : before;
  return { latitude, longitude, accuracy_m };
}

/** The photos of an item that are on this phone. @param {Item} item @returns {Promise<Photo[]>} */
export async function photosOf(item) {
  const found = await Promise.all(item.photos.map((sha256) => photoOf(item, sha256)));
  return found.filter((photo) => photo !== undefined);
}
