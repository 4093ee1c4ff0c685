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
  const heard = await call("/badge/news", { timeoutMs: QUICK_MS });
  const pass = failure(heard) ? null : heard.json?.pass;
  if (!pass || pass.key === last) return;
  last = pass.key;
  onPass(pass);
}
