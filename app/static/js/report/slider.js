// @ts-check
/**
 * Before and after, one picture laid over the other. The range below moves the line, and so does a
 * finger on the pictures. Without this module they stand side by side.
 */
import { bounded, percentAt } from "./slider_math.js";
import { words } from "../ui/words.js";

export function startSlider() {
  const [pictures, label, range] = ["compare", "slide", "share"].map((id) => document.getElementById(id));
  if (!pictures || !label || !(range instanceof HTMLInputElement)) return;
  const show = () => {
    const percent = bounded(Number(range.value));
    pictures.style.setProperty("--share", `${percent}%`);
    range.setAttribute("aria-valuetext", words("comparing", { percent }));
  };
  pictures.classList.add("laid-over");
  label.hidden = false;
  range.addEventListener("input", show);
  followFinger(pictures, (percent) => {
    range.value = String(percent);
    show();
  });
  show();
}

/** @param {HTMLElement} pictures @param {(percent: number) => void} move */
function followFinger(pictures, move) {
  const follow = (/** @type {PointerEvent} */ event) => move(percentAt(event.clientX, pictures.getBoundingClientRect()));
  pictures.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pictures.setPointerCapture(event.pointerId);
    follow(event);
  });
  pictures.addEventListener("pointermove", (event) => {
    if (pictures.hasPointerCapture(event.pointerId)) follow(event);
  });
  pictures.addEventListener("dragstart", (event) => event.preventDefault());
}
