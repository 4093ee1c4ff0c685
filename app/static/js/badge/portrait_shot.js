// @ts-check
/** Portraits: cut to 3:4 and made small, from the camera's picture or from a file. */
import { BadPhoto, prepare } from "../photos/downsize.js";
import { toHex } from "../sk1/bytes.js";

const WIDTH_PX = 720;
const HEIGHT_PX = 960;
const QUALITY = 0.88;
const UPPER = 0.35; // of what is cut off a tall picture, so much goes at the top: faces are there

/** @typedef {Omit<import("../outbox/database.js").Photo, "owner">} Shot */

/** @param {HTMLVideoElement} video @returns {Promise<Shot>} as others see the face, not mirrored */
export const fromCamera = (video) => cut(video, video.videoWidth, video.videoHeight);

/** @param {Blob} file @returns {Promise<Shot>} @throws {BadPhoto} */
export async function fromFile(file) {
  const small = await prepare(file);
  if (!small.width) return small; // a kind that this browser cannot open: the centre can, and cuts it
  const picture = await createImageBitmap(new Blob([small.bytes], { type: small.mime }));
  try {
    return await cut(picture, picture.width, picture.height);
  } finally {
    picture.close();
  }
}

/**
 * The part of a picture that has the portrait's form.
 * @param {number} width
 * @param {number} height
 */
export function partOf(width, height) {
  const scale = Math.min(width / WIDTH_PX, height / HEIGHT_PX);
  const [wide, high] = [WIDTH_PX * scale, HEIGHT_PX * scale];
  return { x: (width - wide) / 2, y: (height - high) * UPPER, width: wide, height: high };
}

/** @param {CanvasImageSource} source @param {number} width @param {number} height @returns {Promise<Shot>} */
async function cut(source, width, height) {
  const part = partOf(width, height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(Math.min(WIDTH_PX, part.width));
  canvas.height = Math.round((canvas.width * HEIGHT_PX) / WIDTH_PX);
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new BadPhoto("too_many_pixels");
  context.imageSmoothingQuality = "high";
  context.drawImage(source, part.x, part.y, part.width, part.height, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new BadPhoto("too_many_pixels");
  const bytes = await blob.arrayBuffer();
  const sha256 = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  return { sha256, mime: "image/jpeg", bytes, width: canvas.width, height: canvas.height };
}
