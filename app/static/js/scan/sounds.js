// @ts-check
/** A verdict to hear and to feel: the guard looks at the rider. */
import { fact, setFact } from "../outbox/database.js";

/** Hz and seconds of each tone; gaps are tones of 0 Hz. @type {Record<string, [number, number][]>} */
const TONES = {
  green: [[880, 0.08], [1320, 0.14]],
  amber: [[660, 0.12], [0, 0.08], [660, 0.12]],
  red: [[196, 0.3], [0, 0.07], [196, 0.3]],
};
/** ms on, off, on. */
const SHAKES = { green: [60], amber: [80, 60, 80], red: [280, 80, 280] };
const QUIET = "sound_off";

/** @type {AudioContext | undefined} */
let audio;
let isQuiet = false;

/** Browsers let a page sound only after a first tap. */
export function unlockSounds() {
  fact(QUIET).then((off) => { isQuiet = Boolean(off); }, () => undefined);
  document.addEventListener("pointerdown", () => {
    audio ??= globalThis.AudioContext && new AudioContext();
    audio?.resume().catch(() => undefined);
  });
}

export const soundIsOn = () => !isQuiet;

/** @param {boolean} on */
export function switchSound(on) {
  isQuiet = !on;
  setFact(QUIET, isQuiet).catch(() => undefined);
  if (on) play("green");
}

/** @param {"green" | "amber" | "red"} level */
export function feedback(level) {
  if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(SHAKES[level]);
  if (!isQuiet) play(level);
}

/** @param {string} level */
function play(level) {
  if (audio?.state !== "running") return;
  let at = audio.currentTime;
  for (const [hertz, seconds] of TONES[level]) {
    if (hertz) tone(audio, hertz, at, seconds);
    at += seconds;
  }
}

/** @param {AudioContext} context @param {number} hertz @param {number} at @param {number} seconds */
function tone(context, hertz, at, seconds) {
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  oscillator.type = hertz < 400 ? "sawtooth" : "sine";
  oscillator.frequency.value = hertz;
  volume.gain.setValueAtTime(0.35, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + seconds);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + seconds);
}
