// @ts-check
/** Sheets over a page: one at a time, closed by their button, Escape or the phone's back. */
import { byId } from "./dom.js";

/** @type {Set<(open: boolean) => void>} */
const listeners = new Set();

/** @param {(open: boolean) => void} listener called when a sheet opens or the last one closes */
export function onSheet(listener) {
  listeners.add(listener);
}

/** Whether one is open. */
export const sheetIsOpen = () => document.querySelector("dialog.sheet[open]") !== null;

/** @param {string} id */
export function openSheet(id) {
  byId(id, HTMLDialogElement).showModal();
  listeners.forEach((listener) => listener(true));
}

/** @param {string} id */
export function closeSheet(id) {
  byId(id, HTMLDialogElement).close();
}

export function startSheets() {
  for (const sheet of document.querySelectorAll("dialog.sheet")) {
    sheet.addEventListener("close", () => listeners.forEach((listener) => listener(sheetIsOpen())));
    sheet.querySelector("[data-close]")?.addEventListener("click", () => closeSheet(sheet.id));
  }
}
