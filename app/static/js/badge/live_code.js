// @ts-check
/** The code on the screen: a new one every 15 s while the page is seen, at once when it comes back. */
import { challengeBytes } from "../sk1/codec.js";
import { liveCode } from "../sk1/proof.js";
import { nowMs, nowS } from "./clock.js";
import { countUp } from "./store.js";

export const EVERY_MS = 15_000;
export const CHALLENGE_MS = 60_000;

/**
 * @typedef {object} Show
 * @property {(text: string) => void} onCode a new code to draw
 * @property {() => void} onLost the key does not sign any more, or there is nothing to sign
 */

/** @type {number | null} */
let owner = null;
/** @type {Show} */
let show = { onCode: () => undefined, onLost: () => undefined };
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {{bytes: Uint8Array, until: number} | null} */
let challenge = null;
let round = 0;

/** @param {number} user @param {Show} how */
export function startLiveCode(user, how) {
  owner = user;
  show = how;
  return renewCode();
}

export function stopLiveCode() {
  owner = null;
  challenge = null;
  clearTimeout(timer);
}

/** Answer what a gate asks for, for a minute; null is the plain code again. @param {string | null} digits */
export function answerChallenge(digits) {
  challenge = digits === null ? null : { bytes: challengeBytes(digits), until: nowMs() + CHALLENGE_MS };
  return renewCode();
}

/** How long the gate's question is still answered, in ms. */
export const challengeLeftMs = () => Math.max((challenge?.until ?? 0) - nowMs(), 0);

async function renewCode() {
  clearTimeout(timer);
  if (owner === null || document.hidden) return;
  round += 1;
  const mine = round;
  try {
    const text = await makeCode(owner);
    if (mine !== round) return; // another one began meanwhile
    show.onCode(text);
    timer = setTimeout(renewCode, EVERY_MS);
  } catch {
    if (mine === round) show.onLost();
  }
}

/** @param {number} user @returns {Promise<string>} */
async function makeCode(user) {
  const { row: { counter, credential, keys }, kept } = await countUp(user);
  if (!credential || !keys) throw new Error("no badge on this phone");
  if (challengeLeftMs() === 0) challenge = null;
  const [text] = await Promise.all([
    liveCode(credential, keys, { time_s: nowS(), counter, challenge: challenge?.bytes ?? null }), kept,
  ]);
  return text;
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) renewCode(); });
