// @ts-check
/** Makes a photo small enough for a bad network: longest side 1600 px, about 400 KB, no metadata. */
import { readHeader } from "./header.js";

export const LONGEST_PX = 1600;
export const TARGET_BYTES = 400_000;
const QUALITIES = [0.82, 0.7, 0.58];
const MAX_FILE_BYTES = 60 * 1024 * 1024;
const MAX_PIXELS = 130_000_000; // phones with 108 megapixels exist; more than that kills the page
const MAX_RAW_BYTES = 15 * 1024 * 1024;

/** A file that cannot become a photo; `word` says why to the person. */
export class BadPhoto extends Error {
  /** @param {string} word @param {Record<string, string | number>} [values] */
  constructor(word, values = {}) {
    super(word);
    this.word = word;
    this.values = values;
  }
}

/**
 * @param {Blob} file
 * @returns {Promise<{sha256: string, mime: string, bytes: ArrayBuffer, width: number, height: number}>}
 * @throws {BadPhoto}
 */
export async function prepare(file) {
  if (file.size > MAX_FILE_BYTES) throw new BadPhoto("too_large", { size: Math.round(file.size / 1e6) });
  const header = readHeader(new Uint8Array(await file.slice(0, 262_144).arrayBuffer()));
  if (header.width * header.height > MAX_PIXELS) throw new BadPhoto("too_many_pixels");
  const picture = await decode(file);
  if (!picture) return raw(file, header.kind);
  const { width, height } = fit(picture.width, picture.height);
  const blob = await encode(picture, width, height);
  picture.close();
  return finish(blob, width, height);
}

/** @param {number} width @param {number} height */
export function fit(width, height) {
  const scale = Math.min(1, LONGEST_PX / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** @param {Blob} file @returns {Promise<ImageBitmap | undefined>} upright */
async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return undefined;
  }
}

/** A HEIC that this browser cannot open goes as it is: the centre can. @param {Blob} file @param {string} kind */
async function raw(file, kind) {
  if (kind !== "heic") throw new BadPhoto("no_picture");
  if (file.size > MAX_RAW_BYTES) throw new BadPhoto("too_large", { size: Math.round(file.size / 1e6) });
  return finish(new Blob([file], { type: "image/heic" }), 0, 0);
}

/** @param {ImageBitmap} picture @param {number} width @param {number} height @returns {Promise<Blob>} */
async function encode(picture, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new BadPhoto("too_many_pixels");
  context.fillStyle = "#fff"; // a transparent picture gets a white ground
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
  /** @type {Blob | null} */
  let blob = null;
  for (const quality of QUALITIES) {
    blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && blob.size <= TARGET_BYTES) break;
  }
  if (!blob) throw new BadPhoto("too_many_pixels");
  return blob;
}

/** @param {Blob} blob @param {number} width @param {number} height */
async function finish(blob, width, height) {
  const bytes = await blob.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { sha256, mime: blob.type, bytes, width, height };
}
