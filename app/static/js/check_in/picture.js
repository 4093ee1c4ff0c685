// @ts-check
/** Where the camera cannot be had, a picture taken with the phone's own camera is read. */
import { openReader } from "../scan/readers.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";

const MOST_SIDES = [1600, 900]; // pixels; a large picture is read smaller, too, when it is not at first

/** @param {(text: string) => void} onText */
export function startPicture(onText) {
  const input = byId("picture", HTMLInputElement);
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    complain("");
    const text = await textIn(file).catch(() => null);
    if (text) onText(text);
    else complain(words("no_code_there"));
  });
}

/** @param {File} file @returns {Promise<string | null>} */
async function textIn(file) {
  const [picture, reader] = await Promise.all([createImageBitmap(file), openReader()]);
  try {
    for (const side of MOST_SIDES) {
      const text = await reader.read(drawn(picture, side));
      if (text) return text;
    }
    return null;
  } finally {
    reader.close();
    picture.close();
  }
}

/** @param {ImageBitmap} picture @param {number} most */
function drawn(picture, most) {
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** @param {string} text */
function complain(text) {
  byId("picture-error").hidden = !text;
  byId("picture-error").querySelector("span")?.replaceChildren(text);
}
