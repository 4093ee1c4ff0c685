// @ts-check
/** The photos of a draft: taking, showing, removing. */
import { BadPhoto, prepare } from "../photos/downsize.js";
import { placeOfFile } from "../photos/exif_place.js";
import { byId, element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";

/** @typedef {import("../outbox/database.js").Photo} Photo */

export const MOST = 4;
/** @type {string[]} */
let pictures = [];
let working = Promise.resolve();

/**
 * Make photos of files, one after another, after those that were chosen before; `onPhoto` gets
 * each, `onProblem` a text for what failed.
 * @param {Iterable<File>} files
 * @param {() => number} room how many more fit, once it is their turn
 * @param {(photo: Omit<Photo, "owner">) => Promise<void>} onPhoto
 * @param {(text: string) => void} onProblem
 */
export function takeFiles(files, room, onPhoto, onProblem) {
  const chosen = [...files]; // now: the input is emptied before it is their turn
  working = working.then(() => makeAll(chosen, room(), onPhoto, onProblem));
}

/** Until no photo is being made smaller: whoever saves before would lose it. */
export async function photosMade() {
  let seen;
  do {
    seen = working;
    await seen;
  } while (seen !== working);
}

/**
 * With one more, unless it is there already.
 * @param {Photo[]} photos
 * @param {Photo} photo
 */
export function withPhoto(photos, photo) {
  return photos.some((one) => one.sha256 === photo.sha256) ? photos : [...photos, photo];
}

/**
 * @param {File[]} chosen
 * @param {number} room
 * @param {(photo: Omit<Photo, "owner">) => Promise<void>} onPhoto
 * @param {(text: string) => void} onProblem
 */
async function makeAll(chosen, room, onPhoto, onProblem) {
  if (chosen.length > room) onProblem(words("four_photos"));
  byId("photo-work").textContent = words("preparing");
  for (const file of chosen.slice(0, Math.max(room, 0))) {
    try {
      const taken = await placeOfFile(file); // gone once it is made smaller
      await onPhoto({ ...(await prepare(file)), taken });
    } catch (error) {
      // A file that was deleted meanwhile, or that the browser fails on, is one bad photo too.
      onProblem(error instanceof BadPhoto ? words(error.word, error.values) : words("no_picture"));
    }
  }
  byId("photo-work").textContent = "";
}

/** @param {Photo[]} photos @param {(sha256: string) => void} onRemove @param {number} [most] */
export function showShots(photos, onRemove, most = MOST) {
  pictures.forEach((url) => URL.revokeObjectURL(url));
  pictures = [];
  byId("shots").replaceChildren(...photos.map((photo, index) => shot(photo, index + 1, onRemove)));
  const take = byId("take");
  take.classList.toggle("first", photos.length === 0);
  take.hidden = photos.length >= most;
  if (photos.length) byId("take-text").textContent = words("another_photo");
}

/** @param {Photo} photo @param {number} number @param {(sha256: string) => void} onRemove */
function shot(photo, number, onRemove) {
  const url = URL.createObjectURL(new Blob([photo.bytes], { type: photo.mime }));
  pictures.push(url);
  const remove = element("button", { type: "button", "aria-label": words("remove_photo", { number }) }, icon("x"));
  remove.addEventListener("click", () => onRemove(photo.sha256));
  return element("div", { class: "shot" }, element("img", { src: url, alt: words("photo", { number }) }), remove);
}
