// @ts-check
/** The phone's camera: start, pause, stop; which one; its light. */
import { fact, setFact } from "../outbox/database.js";

const CHOSEN = "camera";
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };
/** @type {Record<string, CameraWord>} */
const WORDS = {
  NotAllowedError: "denied", SecurityError: "denied",
  NotFoundError: "none", OverconstrainedError: "none",
  NotReadableError: "busy", AbortError: "busy",
};

/** @typedef {"denied" | "none" | "busy"} CameraWord */

/** The camera cannot be had; `word` says why. */
export class CameraError extends Error {
  /** @param {CameraWord} word */
  constructor(word) {
    super(word);
    this.word = word;
  }
}

/** @type {MediaStream | undefined} */
let stream;
/** @type {Promise<void> | undefined} */
let starting;

/**
 * Show the camera chosen last, or the one at the back. Calls while it starts share it.
 * @param {HTMLVideoElement} video
 * @returns {Promise<void>}
 * @throws {CameraError}
 */
export function startCamera(video) {
  if (stream?.active) return video.play().catch(() => undefined);
  starting ??= open(video).finally(() => { starting = undefined; });
  return starting;
}

/** @param {HTMLVideoElement} video */
async function open(video) {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraError("none");
  const chosen = await fact(CHOSEN).catch(() => undefined);
  const which = chosen ? { deviceId: { ideal: chosen } } : { facingMode: { ideal: "environment" } };
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...SIZE } });
  } catch (error) {
    throw new CameraError(WORDS[/** @type {any} */ (error)?.name] ?? "busy");
  }
  video.srcObject = stream;
  await video.play().catch(() => undefined); // a page that is hidden meanwhile plays when it is shown
}

/** Hold the picture; the camera stays on. @param {HTMLVideoElement} video */
export function pauseCamera(video) {
  video.pause();
}

/** Let go of the camera. @param {HTMLVideoElement} video */
export function stopCamera(video) {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  video.srcObject = null;
}

/** @returns {Promise<{id: string, label: string, now: boolean}[]>} labels are empty before the first permission */
export async function cameras() {
  const found = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const now = stream?.getVideoTracks()[0]?.getSettings().deviceId;
  return found.filter(({ kind }) => kind === "videoinput")
    .map(({ deviceId, label }) => ({ id: deviceId, label, now: deviceId === now }));
}

/** Take the next camera of the phone, and remember it. @param {HTMLVideoElement} video @throws {CameraError} */
export async function nextCamera(video) {
  const all = await cameras();
  const next = all[(all.findIndex((one) => one.now) + 1) % all.length];
  if (!next) throw new CameraError("none");
  await setFact(CHOSEN, next.id).catch(() => undefined);
  stopCamera(video);
  await startCamera(video);
}

/** Whether this camera has a light. */
export function hasTorch() {
  return Boolean(/** @type {any} */ (capabilities()).torch);
}

/** Whether the light is on. */
export function torchIsOn() {
  return Boolean(/** @type {any} */ (stream?.getVideoTracks()[0]?.getSettings() ?? {}).torch);
}

/** @param {boolean} on @returns {Promise<boolean>} whether it is on now */
export async function setTorch(on) {
  const track = stream?.getVideoTracks()[0];
  await track?.applyConstraints({ advanced: [/** @type {any} */ ({ torch: on })] }).catch(() => undefined);
  return torchIsOn();
}

function capabilities() {
  return stream?.getVideoTracks()[0]?.getCapabilities?.() ?? {};
}
