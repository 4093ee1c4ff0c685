// @ts-check
/** Helpers of the forms of steps: answers that are ready, and a department found by its name. */
import { element } from "../ui/dom.js";
import { words } from "../ui/words.js";

/** Dress what has just been shown; what is dressed already stays as it is. */
export function dressForms() {
  for (const select of document.querySelectorAll("select[data-department]:not([data-dressed])")) {
    addSearch(/** @type {HTMLSelectElement} */ (select));
  }
  for (const select of document.querySelectorAll("select[data-templates]:not([data-dressed])")) {
    fillByChoice(/** @type {HTMLSelectElement} */ (select));
  }
}

/** A field above a choice that leaves only what has its text; the first of them is chosen.
 * @param {HTMLSelectElement} select */
function addSearch(select) {
  select.dataset.dressed = "";
  const all = [...select.options];
  const label = words("find_department");
  const field = /** @type {HTMLInputElement} */ (
    element("input", { type: "search", class: "input find-department", placeholder: label, "aria-label": label, autocomplete: "off" })
  );
  field.addEventListener("input", () => {
    const text = field.value.trim().toLowerCase();
    const fitting = all.filter((option) => option.value && option.text.toLowerCase().includes(text));
    select.replaceChildren(...(text ? fitting : all));
    if (text && fitting.length) fitting[0].selected = true;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // sending is another decision
    select.focus();
  });
  select.before(field);
}

/** An answer that is chosen goes into the note, behind what is there. @param {HTMLSelectElement} select */
function fillByChoice(select) {
  select.dataset.dressed = "";
  select.addEventListener("change", () => {
    const note = /** @type {HTMLTextAreaElement | null} */ (document.getElementById(select.dataset.templates ?? ""));
    if (!note || !select.value) return;
    note.value = [note.value.trim(), select.value].filter(Boolean).join("\n").slice(0, note.maxLength);
    select.value = "";
    note.focus();
  });
}
