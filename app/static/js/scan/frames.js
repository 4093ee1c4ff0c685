// @ts-check
/** Which part of a camera's picture is looked at, and how large. */

const LONGEST_PX = 720;
const WHOLE_EVERY = 4;

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Cut in the picture's pixels
 */

/**
 * The middle square, where the code is held; each fourth time the whole picture.
 * @param {number} width
 * @param {number} height
 * @param {number} turn counts up
 * @returns {Cut}
 */
export function cutOf(width, height, turn) {
  if (turn % WHOLE_EVERY === WHOLE_EVERY - 1) return { x: 0, y: 0, width, height };
  const side = Math.min(width, height);
  return { x: Math.round((width - side) / 2), y: Math.round((height - side) / 2), width: side, height: side };
}

/** @param {Cut} cut @returns {{width: number, height: number}} at most 720 px long, never enlarged */
export function sizeOf(cut) {
  const scale = Math.min(1, LONGEST_PX / Math.max(cut.width, cut.height));
  return { width: Math.round(cut.width * scale), height: Math.round(cut.height * scale) };
}

/**
 * Draw the part that is looked at this turn.
 * @param {HTMLVideoElement} video
 * @param {HTMLCanvasElement} canvas
 * @param {number} turn
 */
export function drawFrame(video, canvas, turn) {
  const cut = cutOf(video.videoWidth, video.videoHeight, turn);
  const { width, height } = sizeOf(cut);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  context?.drawImage(video, cut.x, cut.y, cut.width, cut.height, 0, 0, width, height);
}
