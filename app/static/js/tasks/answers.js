// @ts-check
/** Answers to the questions of a task: what stands in the form, and what travels. */

/** @typedef {{text: string, kind: "words" | "yes_no" | "number" | "choice", options?: string[]}} Question */

export const MOST_WORDS = 300;
const NUMBER = /^-?\d+(\.\d+)?$/;
const MOST_DIGITS = 12;

/**
 * What was typed or tapped, as it travels; "" for what is no answer.
 * @param {Question} question
 * @param {string} typed as the form has it
 */
export function answerOf({ kind, options = [] }, typed) {
  const text = typed.trim();
  if (kind === "yes_no") return ["yes", "no"].includes(text) ? text : "";
  if (kind === "choice") return options.includes(text) ? text : "";
  if (kind === "number") {
    const number = text.normalize("NFKC").replace(",", "."); // a Chinese keyboard types digits of full width
    return number.length <= MOST_DIGITS && NUMBER.test(number) ? number : "";
  }
  return text.slice(0, MOST_WORDS);
}

/**
 * Which questions have no answer, by their place.
 * @param {Question[]} questions
 * @param {string[]} typed
 */
export function unanswered(questions, typed) {
  return questions.flatMap((question, index) => (answerOf(question, typed[index] ?? "") ? [] : [index]));
}
