// @ts-check
/** The page's words, in the person's language, as the server wrote them into it. */

/** @type {Record<string, string> | undefined} */
let known;

/** @returns {Record<string, string>} */
function load() {
  /** @type {Record<string, string>} */
  const all = {};
  for (const block of document.querySelectorAll("script.words")) {
    Object.assign(all, JSON.parse(block.textContent || "{}"));
  }
  return all;
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] for the places written as {name}
 */
export function words(key, values = {}) {
  known ??= load();
  const text = known[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
