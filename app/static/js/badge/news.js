// @ts-check
/** Asks whether a gate has let this rider in, so that the map comes by itself. */
import { failure } from "../outbox/answers.js";
import { call, QUICK_MS } from "../outbox/calls.js";

const EVERY_MS = 15_000;

/**
 * @typedef {object} Pass
 * @property {string} key
 * @property {{zh: string, en: string}} gate
 * @property {{id: number, zh: string, en: string}} compound
 * @property {number} at ms
 * @property {"entry" | "exit"} direction
 * @property {string} level
 * @property {boolean} self
 */

/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;
/** @type {string | undefined} */
let last;

/**
 * Ask every 15 s while the page is seen, and tell each pass once.
 * @param {(pass: Pass) => void} onPass
 */
export function startNews(onPass) {
  if (timer !== undefined) return;
  timer = setInterval(() => ask(onPass), EVERY_MS);
  ask(onPass);
}

/** @param {(pass: Pass) => void} onPass */
async function ask(onPass) {
  if (document.hidden || !navigator.onLine) return; // only a hint, but then the map is not urgent
  const pass = await newestPass();
  if (!pass || pass.key === last) return;
  last = pass.key;
  onPass(pass);
}

/** The last pass that let this rider through, of the last quarter of an hour. @returns {Promise<Pass | null>} */
export async function newestPass() {
  const heard = await call("/badge/news", { timeoutMs: QUICK_MS });
  return failure(heard) ? null : (heard.json?.pass ?? null);
}
