// @ts-check
/** Step-up: eight digits that the next code must answer, so that a code made before is worth nothing. */
import { CHALLENGE_DIGITS, challengeText } from "../sk1/codec.js";
import { drawQr } from "../sk1/qr.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";

const LASTS_MS = 60_000;

/** @type {string | null} */
let digits = null;
let until_ms = 0;
/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;
/** @type {() => void} */
let ended = () => undefined;

/** The digits that are asked for now, or null. */
export const askedDigits = () => digits;

/** Show new digits; they count for a minute. */
export function askChallenge() {
  const number = crypto.getRandomValues(new Uint32Array(1))[0] % 10 ** CHALLENGE_DIGITS;
  digits = String(number).padStart(CHALLENGE_DIGITS, "0");
  until_ms = Date.now() + LASTS_MS;
  byId("challenge-digits").textContent = `${digits.slice(0, 4)} ${digits.slice(4)}`;
  drawQr(/** @type {any} */ (document.getElementById("challenge-qr")), challengeText(digits));
  hint("");
  byId("challenge").hidden = false;
  byId("challenge").focus();
  clearInterval(ticking);
  ticking = setInterval(tick, 250);
  tick();
}

/** @param {"" | "hint_challenge" | "hint_challenge_printed"} word why what was read is no answer */
export function hint(word) {
  const line = byId("challenge-hint");
  line.dataset.first ??= line.textContent ?? "";
  line.textContent = word ? words(word) : line.dataset.first;
}

function tick() {
  const left_ms = until_ms - Date.now();
  byId("challenge-left").textContent = words("seconds_left", { count: Math.max(Math.ceil(left_ms / 1000), 0) });
  if (left_ms <= 0) endChallenge();
}

/** Nothing is asked for any more. */
export function endChallenge() {
  if (digits === null) return;
  digits = null;
  clearInterval(ticking);
  byId("challenge").hidden = true;
  ended();
}

/** @param {() => void} onEnd */
export function startChallenge(onEnd) {
  ended = onEnd;
  byId("challenge-end").addEventListener("click", endChallenge);
}
