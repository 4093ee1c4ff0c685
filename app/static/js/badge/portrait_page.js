// @ts-check
/** The page that takes a rider's portrait: camera with an outline, look, send. */
import { failure, isOurs } from "../outbox/answers.js";
import { call } from "../outbox/calls.js";
import { BadPhoto } from "../photos/downsize.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { dropShot, keepShot, keptShot } from "./portrait_draft.js";
import { fromCamera, fromFile } from "./portrait_shot.js";

/** @typedef {import("./portrait_shot.js").Shot} Shot */

const CAMERA = { audio: false, video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 960 } } };
/** @type {Record<string, string>} */
const CAMERA_WORDS = { NotAllowedError: "camera_denied", SecurityError: "camera_denied", NotFoundError: "camera_none", OverconstrainedError: "camera_none" };

const user = Number(document.body.dataset.user);
const video = byId("video", HTMLVideoElement);
const taken = byId("taken", HTMLImageElement);
/** @type {MediaStream | undefined} */
let stream;
/** @type {Shot | undefined} */
let shot;

/** @param {string} text none takes the line away */
function complain(text) {
  byId("problem").hidden = !text;
  byId("problem").querySelector("span")?.replaceChildren(text);
}

async function openCamera() {
  complain("");
  byId("open-camera").hidden = true;
  try {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "NotFoundError");
    stream = await navigator.mediaDevices.getUserMedia(CAMERA);
    video.srcObject = stream;
    await video.play();
    show("camera");
  } catch (error) {
    byId("open-camera").hidden = false;
    complain(words(CAMERA_WORDS[/** @type {any} */ (error)?.name] ?? "camera_busy"));
  }
}

function closeCamera() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  video.srcObject = null;
}

/** @param {"camera" | "taken"} what */
function show(what) {
  video.hidden = what !== "camera";
  byId("take").hidden = what !== "camera";
  taken.hidden = what !== "taken";
  byId("after").hidden = what !== "taken";
  byId("finder").classList.toggle("looking", what === "taken");
  byId("off").hidden = true;
}

/** Keep what was taken, and let the rider look at it. @param {Shot} made @param {string} word */
async function look(made, word) {
  shot = made;
  closeCamera();
  if (taken.src) URL.revokeObjectURL(taken.src);
  taken.src = URL.createObjectURL(new Blob([made.bytes], { type: made.mime }));
  byId("hint").textContent = words(word);
  show("taken");
  byId("commands").hidden = true;
}

/** @param {() => Promise<Shot>} make */
async function take(make) {
  complain("");
  try {
    const made = await make();
    await keepShot(user, made).catch(() => undefined); // a full phone can still send it now
    await look(made, "taken");
  } catch (error) {
    complain(error instanceof BadPhoto ? words(error.word, error.values) : words("no_picture"));
  }
}

async function send() {
  if (!shot) return;
  complain("");
  const button = byId("send", HTMLButtonElement);
  button.disabled = true;
  byId("hint").textContent = words("sending");
  const form = new FormData();
  form.append("portrait", new Blob([shot.bytes], { type: shot.mime }), "portrait.jpg");
  const heard = await call("/badge/portrait", { method: "POST", body: form });
  button.disabled = false;
  byId("hint").textContent = words("taken");
  const wrong = whatIsWrong(heard);
  if (wrong) return complain(wrong);
  await dropShot(user).catch(() => undefined);
  location.href = "/badge";
  return undefined;
}

/** @param {import("../outbox/answers.js").Heard} heard @returns {string | null} */
function whatIsWrong(heard) {
  if (heard.status === 201) return null;
  if (heard.status >= 400 && heard.status < 500 && heard.status !== 401 && isOurs(heard)) {
    const { errors, message } = heard.json.error;
    return errors?.portrait?.[0] ?? message;
  }
  const failed = failure(heard);
  if (failed?.what === "needs_login") return words("signed_out");
  return words(failed?.error === "network" ? "network" : "busy");
}

function listen() {
  byId("open-camera").addEventListener("click", openCamera);
  byId("take").addEventListener("click", () => take(() => fromCamera(video)));
  byId("send").addEventListener("click", send);
  byId("again").addEventListener("click", () => {
    byId("commands").hidden = false;
    byId("after").hidden = true;
    openCamera();
  });
  const file = byId("file", HTMLInputElement);
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen) take(() => fromFile(chosen));
  });
  byId("shoot").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("pagehide", closeCamera);
}

listen();
byId("plain").hidden = true;
const kept = await keptShot(user).catch(() => undefined);
if (kept) await look(kept, "kept");
else byId("open-camera").hidden = false;
document.documentElement.dataset.ready = "true";
// Where it was allowed before, the camera is up at once; else the tap asks.
const permission = await navigator.permissions?.query(/** @type {any} */ ({ name: "camera" })).catch(() => undefined);
if (!kept && permission?.state === "granted") await openCamera();
