// @ts-check
/** The questions of a task as a form: each drawn once, so that nobody's typing is disturbed. */
import { byId, element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { MOST_WORDS } from "./answers.js";

/** @typedef {import("./answers.js").Question} Question */

/**
 * @param {Question[]} questions
 * @param {string[]} typed
 * @param {(index: number, text: string) => void} onChange
 */
export function drawQuestions(questions, typed, onChange) {
  byId("questions").replaceChildren(...questions.map((question, index) => {
    const change = (/** @type {string} */ text) => { markQuestion(index, ""); onChange(index, text); };
    const name = `answer-${index}`;
    const choices = choicesOf(question);
    const error = element("p", { class: "error", id: `${name}-error`, hidden: "" }, icon("triangle-alert"), element("span", {}));
    return choices ? chips(question, name, choices, typed[index] ?? "", change, error) : line(question, name, typed[index] ?? "", change, error);
  }));
}

/** @param {Question} question @returns {[string, string][] | null} value and word */
function choicesOf({ kind, options = [] }) {
  if (kind === "yes_no") return [["yes", words("yes")], ["no", words("no")]];
  return kind === "choice" ? options.map((option) => [option, option]) : null;
}

/**
 * @param {Question} question @param {string} name @param {[string, string][]} choices @param {string} chosen
 * @param {(text: string) => void} change @param {HTMLElement} error
 */
function chips(question, name, choices, chosen, change, error) {
  const made = choices.map(([value, text]) => {
    const input = element("input", { type: "radio", name, value, ...(value === chosen ? { checked: "" } : {}) });
    input.addEventListener("change", () => change(value));
    return element("label", { class: "chip" }, input, text);
  });
  return element("fieldset", { class: "question stack", id: name },
    element("legend", { class: "label" }, question.text), element("div", { class: "chips" }, ...made), error);
}

/** @param {Question} question @param {string} name @param {string} text @param {(text: string) => void} change @param {HTMLElement} error */
function line(question, name, text, change, error) {
  const number = question.kind === "number";
  const input = number
    ? element("input", { class: "input", id: name, inputmode: "decimal", autocomplete: "off", maxlength: "16" })
    : element("textarea", { class: "input", id: name, rows: "2", maxlength: String(MOST_WORDS) });
  input.setAttribute("aria-describedby", `${name}-error`);
  const box = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (input);
  box.value = text;
  box.addEventListener("input", () => change(box.value));
  return element("div", { class: "question field" }, element("label", { for: name }, question.text), box, error);
}

/** @param {number} index @param {string} text none takes the mark away */
export function markQuestion(index, text) {
  const error = document.getElementById(`answer-${index}-error`);
  if (!error) return;
  error.hidden = !text;
  error.querySelector("span")?.replaceChildren(text);
  const input = document.getElementById(`answer-${index}`);
  if (text) input?.setAttribute("aria-invalid", "true");
  else input?.removeAttribute("aria-invalid");
}
