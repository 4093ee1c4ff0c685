// @ts-check
/** The page of one report: the slider, and the reporter's steps through the outbox. */
import { startSlider } from "./slider.js";
import { startStep } from "./step.js";

startSlider();
for (const form of document.querySelectorAll("form[data-step]")) {
  await startStep(/** @type {HTMLFormElement} */ (form));
}
document.documentElement.dataset.ready = "true";
