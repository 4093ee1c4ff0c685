// @ts-check
/** What is typed for a case stays until it is sent, whatever is shown in between. */

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */
/** @type {Map<string, Map<string, string>>} by case, then by form and field */
const typed = new Map();
const TYPED = "#case form textarea, #case form select[name], #case form input:not([type=hidden]):not([type=file])[name]";

/** @returns {string} the case that is shown */
function opened() {
  const shown = /** @type {HTMLElement | null} */ (document.querySelector("#case[data-open]"));
  return shown?.dataset.open?.split(".")[0] ?? "";
}

/** @param {Field} field */
function nameOf(field) {
  return `${field.form?.id || field.form?.getAttribute("action")} ${field.name}`;
}

/** @param {Field} field */
function wasChanged(field) {
  if (field instanceof HTMLSelectElement) {
    const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return field.value !== (first?.value ?? "");
  }
  return field.value !== field.defaultValue;
}

function keep() {
  const fields = /** @type {Field[]} */ ([...document.querySelectorAll(TYPED)]);
  const changed = fields.filter(wasChanged).map((field) => /** @type {[string, string]} */ ([nameOf(field), field.value]));
  if (changed.length) typed.set(opened(), new Map(changed));
}

function putBack() {
  const kept = typed.get(opened());
  for (const field of /** @type {Field[]} */ ([...document.querySelectorAll(TYPED)])) {
    const value = kept?.get(nameOf(field));
    if (value === undefined || wasChanged(field)) continue;
    field.value = value;
    unfold(field);
  }
  // The browser folds what comes in open while the form that it replaces is open still: of
  // <details> with one name it lets one be open.
  for (const field of document.querySelectorAll('#case [aria-invalid="true"]')) unfold(field);
}

/** @param {Element} field */
function unfold(field) {
  for (let box = field.closest("details"); box; box = box.parentElement?.closest("details") ?? null) box.open = true;
}

/** Whether something is typed that is not sent. */
export function isTyping() {
  return /** @type {Field[]} */ ([...document.querySelectorAll(TYPED)]).some(wasChanged);
}

export function startKeeping() {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = /** @type {CustomEvent} */ (event).detail;
    const wentThrough = requestConfig?.verb === "post" && xhr.status < 400;
    if (wentThrough) typed.delete(opened());
    else keep();
  });
  document.addEventListener("htmx:afterSwap", putBack);
}
