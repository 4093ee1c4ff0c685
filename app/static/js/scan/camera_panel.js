// @ts-check
/** Camera and decoder on the page: up as soon as it opens, off while nobody looks, and what is wrong. */
import { openDecoder } from "./decoder.js";
import { CameraError, cameras, hasTorch, nextCamera, pauseCamera, setTorch, startCamera, stopCamera, torchIsOn } from "./camera.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";

const video = byId("video", HTMLVideoElement);
/** @type {import("./decoder.js").Decoder | undefined} */
let decoder;
let wanted = false;
let inUse = false;
let listening = false;
/** @type {(text: string) => void} */
let hear = () => undefined;

/** Open both at once: neither waits for the other. @param {(text: string) => void} onText */
export async function startCameraPanel(onText) {
  hear = onText;
  inUse = true;
  listen();
  await Promise.all([up(), openReader()]);
}

/** Nobody scans now: the camera goes off, until the panel is started again. */
export function stopCameraPanel() {
  inUse = false;
  look(false);
  stopCamera(video);
}

async function openReader() {
  try {
    decoder ??= await openDecoder(video, hear);
    if (wanted) decoder.start();
  } catch {
    tell("reader");
  }
}

async function up() {
  try {
    await startCamera(video);
    if (!inUse) return stopCamera(video); // closed while it started
    tell("");
    await showTools();
  } catch (error) {
    tell(error instanceof CameraError ? error.word : "busy");
  }
}

/** Look for codes, or pause; the camera itself goes on for the next. @param {boolean} on */
export function look(on) {
  wanted = on;
  if (on) {
    startCamera(video).catch(() => undefined);
    decoder?.start();
  } else decoder?.pause();
}

/** A sheet covers the picture. */
export function rest() {
  look(false);
  pauseCamera(video);
}

/** @param {"" | "denied" | "none" | "busy" | "reader"} word */
function tell(word) {
  byId("camera-trouble").hidden = !word;
  byId("frame").hidden = byId("hint").hidden = Boolean(word);
  if (!word) return;
  byId("camera-title").textContent = words(`camera_${word}`);
  byId("camera-text").textContent = words(`camera_${word}_text`);
}

async function showTools() {
  byId("torch").hidden = !hasTorch();
  byId("torch").setAttribute("aria-pressed", String(torchIsOn()));
  byId("switch-camera").hidden = (await cameras()).length < 2;
}

function listen() {
  if (listening) return;
  listening = true;
  byId("torch").addEventListener("click", async () => {
    byId("torch").setAttribute("aria-pressed", String(await setTorch(!torchIsOn())));
  });
  byId("switch-camera").addEventListener("click", async () => {
    await nextCamera(video).catch((error) => tell(error instanceof CameraError ? error.word : "busy"));
    await showTools();
  });
  byId("camera-again").addEventListener("click", () => { up(); openReader(); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stopCamera(video);
    else if (inUse) up();
  });
}
