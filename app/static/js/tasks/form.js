// @ts-check
/** Doing a task: photos, the place, a check-in, answers; kept at every change. */
import { itemsOf } from "../outbox/items.js";
import { MOST, showShots, takeFiles } from "../report/shots.js";
import { byId, element, heldStill, icon } from "../ui/dom.js";
import { fix } from "../ui/here.js";
import { words } from "../ui/words.js";
import { answerOf, unanswered } from "./answers.js";
import { hasCheckedIn } from "./check_in.js";
import { draftFromItem, loadDraft, saveDraft } from "./drafts.js";
import { drawQuestions, markQuestion } from "./questions.js";
import { saveStep, trouble } from "./saving.js";
import { thereWords } from "./where.js";

/**
 * @typedef {import("./shown.js").Shown} Shown
 * @typedef {import("../outbox/database.js").Draft} Draft
 * @typedef {import("./drafts.js").Before} Before
 */

const NOTHING = { id: "", owner: null, key: "", fields: {}, photos: [], saved_at: 0 };
/** @type {Shown | null} */
let current = null;
/** @type {Draft} */
let draft = NOTHING;
let loading = 0;
let keeping = Promise.resolve();
let saving = false;

/** Show the form of a task; of the task that it shows already, only what may have changed. @param {number} owner @param {Shown | null} task */
export async function showForm(owner, task) {
  const mine = ++loading;
  if (!task) {
    byId("do-form").hidden = byId("save").hidden = true;
    await keeping;
    current = null;
    draft = NOTHING;
    return;
  }
  if (current?.id !== task.id || draft.owner !== owner || draft.fields.attempt !== task.claim.attempts) {
    await keeping;
    current = null; // nothing is written to the draft before while the next is read
    const found = await loadDraft(owner, task);
    if (mine !== loading) return;
    current = task;
    fill(found);
  }
  current = task;
  await drawCheckIn(owner, task);
  byId("do-form").hidden = byId("save").hidden = false; // only now: nothing in it moves any more
}

/** @param {Draft} found */
function fill(found) {
  draft = found;
  const { proof } = /** @type {Shown} */ (current);
  byId("photos-field").hidden = !proof.photos;
  byId("there-field").hidden = !proof.place;
  byId("photos-wanted").textContent = words("photos_wanted", { count: proof.photos });
  drawQuestions(proof.questions, draft.fields.typed, (index, text) => {
    draft.fields.typed[index] = text;
    touch();
  });
  mark("");
  drawPhotos();
  drawThere();
}

const room = () => MOST - draft.photos.length - draft.fields.kept.length;

function drawPhotos() {
  showShots(draft.photos, (sha256) => {
    draft.photos = draft.photos.filter((photo) => photo.sha256 !== sha256);
    drawPhotos();
    touch();
  }, room() + draft.photos.length);
  if (draft.fields.kept.length) byId("take").classList.remove("first");
  byId("kept-shots").replaceChildren(...draft.fields.kept.map(keptShot));
}

/** A photo of the attempt before: it need not be taken again. @param {Before} photo @param {number} index */
function keptShot(photo, index) {
  const image = element("img", { src: photo.thumb, alt: words("photo_before", { number: index + 1 }) });
  image.addEventListener("error", () => image.replaceWith(element("span", { class: "shot-none" }, icon("image"))));
  const remove = element("button", { type: "button", "aria-label": words("remove_before", { number: index + 1 }) }, icon("x"));
  remove.addEventListener("click", () => {
    draft.fields.kept = draft.fields.kept.filter((/** @type {Before} */ one) => one.sha256 !== photo.sha256);
    drawPhotos();
    touch();
  });
  return element("div", { class: "shot" }, image, remove);
}

function drawThere() {
  if (!current?.proof.place) return;
  const { word, values, far } = thereWords(current, draft.fields);
  const line = byId("there-state");
  line.textContent = words(word, values);
  line.dataset.far = String(far);
}

/** @param {number} owner @param {Shown} task */
async function drawCheckIn(owner, task) {
  const wanted = task.proof.check_in;
  byId("check-in-field").hidden = !wanted;
  if (!wanted) return;
  const done = hasCheckedIn(task, await itemsOf(owner));
  const holder = byId("check-in-state");
  holder.dataset.done = String(done);
  holder.replaceChildren(icon(done ? "circle-check" : "coffee"), words(done ? "checked_in" : "check_in_at", { station: wanted.name }));
  byId("check-in-way").hidden = done;
}

/** Where the phone is; asked for when a photo is taken, and by the button. */
async function locate() {
  const wanted = draft;
  byId("there-state").textContent = words("there_looking");
  const found = await fix();
  if (wanted !== draft) return;
  if (found) Object.assign(draft.fields, found);
  drawThere();
  if (found) touch();
}

/** Something was typed, tapped or taken: keep it, one write after another. */
function touch() {
  if (!current || saving) return keeping;
  draft.fields.touched = true;
  const kept = draft;
  keeping = keeping.then(() => saveDraft(kept)).catch(() => mark(words("disk_full")));
  return keeping;
}

/** @param {string} text none takes it away */
function mark(text) {
  byId("form-error").hidden = !text;
  byId("form-error").querySelector("span")?.replaceChildren(text);
  if (text) byId("form-error").scrollIntoView({ block: "center" });
}

/** @param {Event} event */
async function onFiles(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const files = [...(input.files ?? [])];
  input.value = ""; // the same file may be chosen again
  const owned = draft;
  if (current?.proof.place) locate();
  await takeFiles(files, room(), async (photo) => {
    if (owned.photos.some((one) => one.sha256 === photo.sha256)) return;
    owned.photos.push({ ...photo, owner: owned.owner ?? 0 });
    mark("");
    if (owned === draft) drawPhotos();
    await touch();
  }, mark);
}

/** What is missing, in words, marked where it is; "" when nothing is. @param {Shown} task */
function missing({ proof }) {
  const lacks = unanswered(proof.questions, draft.fields.typed);
  for (const index of lacks) markQuestion(index, words(proof.questions[index].kind === "number" ? "need_number" : "need_answer"));
  const photos = draft.photos.length + draft.fields.kept.length;
  if (photos < proof.photos) return words("need_photos", { count: proof.photos, have: photos });
  if (proof.place && typeof draft.fields.latitude !== "number") return words("need_place");
  return lacks.length ? words("need_answers") : "";
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  if (!current || saving) return; // a double tap
  const button = byId("save", HTMLButtonElement);
  saving = button.disabled = true;
  try {
    await keeping;
    if (current.proof.place && typeof draft.fields.latitude !== "number") await locate();
    const lacks = missing(current);
    mark(lacks);
    if (!lacks) await heldStill(byId("do-form"), () => store(/** @type {Shown} */ (current)));
  } catch (error) {
    mark(trouble(error));
  } finally {
    saving = button.disabled = false;
  }
}

/** @param {Shown} task */
async function store(task) {
  const owner = /** @type {number} */ (draft.owner);
  const { typed, kept, latitude = null, longitude = null, accuracy_m = null } = draft.fields;
  const answers = task.proof.questions.map((/** @type {any} */ question, /** @type {number} */ index) => answerOf(question, typed[index] ?? ""));
  const place = task.proof.place ? { latitude, longitude, accuracy_m } : {};
  const fields = { answers, kept: kept.map((/** @type {Before} */ one) => one.sha256), ...place };
  await saveStep({
    key: draft.key, owner, task, step: "hand_in", fields, photos: draft.photos,
    replaced: { draft: draft.id, mends: draft.mends },
  });
  current = null;
  dispatchEvent(new CustomEvent("step-saved"));
}

/** Put what was not taken into the form again. @param {import("../outbox/database.js").Item} item @param {Shown} task */
export async function useAgain(item, task) {
  await keeping;
  current = task;
  fill(await draftFromItem(item, task));
  await saveDraft(draft);
  byId("do-form").scrollIntoView({ block: "start" });
}

export function startForm() {
  for (const id of ["proof-camera", "proof-gallery"]) {
    byId(id).addEventListener("click", () => { touch(); });
    byId(id).addEventListener("change", onFiles);
  }
  byId("find-place").addEventListener("click", () => { locate(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && draft.fields.touched) touch(); });
  byId("do-form").addEventListener("submit", submit);
}
