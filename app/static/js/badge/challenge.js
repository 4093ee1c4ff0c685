// @ts-check
/** A gate in doubt shows eight digits: typed or read by the camera, the code then answers them. */
import { challengeDigits } from "../sk1/codec.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { answerChallenge, challengeLeftMs } from "./live_code.js";
import { closeShort } from "./short.js";

/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;
/** @type {(() => void) | undefined} */
let stopScan;

export function startChallenge() {
  const dialog = byId("challenge", HTMLDialogElement);
  const input = byId("challenge-digits", HTMLInputElement);
  byId("challenge-open").addEventListener("click", () => open(dialog, input));
  byId("challenge-close").addEventListener("click", () => dialog.close());
  byId("challenge-scan").addEventListener("click", scan);
  input.addEventListener("input", () => { complain(""); });
  byId("challenge-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take(input.value);
  });
  dialog.addEventListener("close", endScan);
  byId("asked-end").addEventListener("click", () => { endAnswer(); answerChallenge(null); });
}

/** @param {HTMLDialogElement} dialog @param {HTMLInputElement} input */
function open(dialog, input) {
  input.value = "";
  complain("");
  dialog.showModal();
  input.focus();
}

/** @param {string} text */
function complain(text) {
  byId("challenge-error").hidden = !text;
  byId("challenge-error").querySelector("span")?.replaceChildren(text);
  byId("challenge-digits").toggleAttribute("aria-invalid", false);
  if (text) byId("challenge-digits").setAttribute("aria-invalid", "true");
}

/** @param {string} text typed or scanned */
function take(text) {
  const digits = challengeDigits(text);
  if (!digits) return complain(words("eight_digits"));
  byId("challenge", HTMLDialogElement).close();
  showAnswer(digits);
  return answerChallenge(digits);
}

/** @param {string} digits */
function showAnswer(digits) {
  closeShort();
  byId("asked-digits").textContent = digits.replace(/(\d{4})(\d{4})/, "$1 $2");
  byId("short-open").hidden = true;
  byId("asked").hidden = false;
  clearInterval(ticking);
  const tick = () => {
    const left_s = Math.ceil(challengeLeftMs() / 1000);
    byId("asked-left").textContent = words("seconds", { count: left_s });
    if (left_s === 0) endAnswer();
  };
  ticking = setInterval(tick, 1000);
  setTimeout(tick, 0); // once the answer is set
}

function endAnswer() {
  clearInterval(ticking);
  byId("asked").hidden = true;
  closeShort();
}

async function scan() {
  const video = byId("challenge-video", HTMLVideoElement);
  complain("");
  try {
    const [{ startCamera, stopCamera }, { openDecoder }] = await Promise.all([
      import("../scan/camera.js"), import("../scan/decoder.js"),
    ]);
    video.hidden = false;
    byId("challenge-hint").textContent = words("scan_now");
    const decoder = await openDecoder(video, (text) => { if (challengeDigits(text)) take(text); });
    stopScan = () => {
      decoder.stop();
      stopCamera(video);
    };
    await startCamera(video);
    decoder.start();
  } catch {
    endScan();
    complain(words("no_camera"));
  }
}

function endScan() {
  stopScan?.();
  stopScan = undefined;
  byId("challenge-video").hidden = true;
}
