// @ts-check
/** What travelled, as the tasks of a page in one language: app/blueprints/tasks/wire.py tells the form. */

/** @typedef {import("./shown.js").Task} Task */

/**
 * Those that are offered, and those of which the rider has a claim; each once.
 * @param {Record<string, any>} data as GET /tasks/mine.json answered
 * @param {string} locale
 * @returns {Task[]}
 */
export function readTasks(data, locale) {
  /** @type {Map<number, Task>} */
  const found = new Map();
  for (const one of data.tasks) found.set(one.id, readTask(one, null, locale));
  for (const claim of data.claims) {
    const why = found.get(claim.task.id)?.why ?? "";
    found.set(claim.task.id, readTask({ ...claim.task, why }, claim, locale));
  }
  return [...found.values()];
}

/** @param {Record<string, any>} wire @param {Record<string, any> | null} claim @param {string} locale @returns {Task} */
function readTask({ title, words, by, area, at, proof, ...rest }, claim, locale) {
  const say = (/** @type {{zh: string, en: string}} */ { zh, en }) => (locale === "en" && en) || zh;
  const check_in = proof.check_in && { id: proof.check_in.id, name: say(proof.check_in) };
  return {
    ...rest, title: say(title), words: say(words), publisher: say(by), area: area && say(area),
    latitude: at?.[0] ?? null, longitude: at?.[1] ?? null, proof: { ...proof, check_in },
    claim: claim && readClaim(claim),
  };
}

/** @param {Record<string, any>} wire */
function readClaim({ task: _task, photos, ...rest }) {
  const path = (/** @type {number} */ index, /** @type {string} */ size) => `/tasks/claims/${rest.id}/photos/${rest.attempts}/${index + 1}/${size}`;
  return {
    ...rest,
    photos: photos.map((/** @type {string} */ sha256, /** @type {number} */ index) => ({ sha256, thumb: path(index, "thumb"), large: path(index, "large") })),
  };
}
