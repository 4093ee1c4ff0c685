// @ts-check
/** Waiting for a browser that may never answer. */

/**
 * @template T
 * @template {T | undefined | null | boolean} O
 * @param {Promise<T>} promise
 * @param {number} ms
 * @param {O} otherwise what counts when it fails or takes longer
 * @returns {Promise<T | O>}
 */
export function within(promise, ms, otherwise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<O>} */
  const late = new Promise((ok) => { timer = setTimeout(() => ok(otherwise), ms); });
  return Promise.race([promise.catch(() => otherwise), late]).finally(() => clearTimeout(timer));
}
