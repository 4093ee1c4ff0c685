// @ts-check
/** Looks for a code in what a camera shows: one frame at a time, always the newest. */
import { drawFrame } from "./frames.js";
import { openReader } from "./readers.js";

/**
 * @typedef {object} Decoder
 * @property {() => void} start look, until paused
 * @property {() => void} pause what is being looked at counts no more
 * @property {() => void} stop for good
 */

/**
 * @param {HTMLVideoElement} video
 * @param {(text: string) => void} onText called for every frame that holds a code
 * @returns {Promise<Decoder>}
 * @throws {import("./readers.js").NoReader}
 */
export async function openDecoder(video, onText) {
  const reader = await openReader();
  const canvas = document.createElement("canvas");
  let round = 0; // whoever began an earlier one stops
  let looking = false;
  let turn = 0;

  const look = async (/** @type {number} */ mine) => {
    while (mine === round) {
      await nextFrame(video);
      if (mine !== round || !video.videoWidth) continue;
      drawFrame(video, canvas, turn);
      turn += 1;
      const text = await reader.read(canvas).catch(() => null);
      if (mine === round && text !== null) onText(text);
    }
  };
  const pause = () => {
    round += 1;
    looking = false;
  };

  return {
    start: () => {
      if (looking) return;
      looking = true;
      round += 1;
      look(round);
    },
    pause,
    stop: () => {
      pause();
      reader.close();
    },
  };
}

/** @param {HTMLVideoElement} video @returns {Promise<void>} when the camera has a new picture */
function nextFrame(video) {
  return new Promise((resolve) => {
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(() => resolve());
    else requestAnimationFrame(() => resolve());
  });
}
