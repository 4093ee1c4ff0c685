// @ts-check
/** Doing a task: photos, the place, a check-in, answers; kept at every change. */
import { keptDraft } from "../outbox/drafts.js";
import { MOST, photosMade, showShots, takeFiles, withPhoto } from "../report/shots.js";
import { byId, element, heldStill, icon } from "../ui/dom.js";
import { fix } from "../ui/here.js";
import { words } from "../ui/words.js";
import { answerOf, unanswered } from "./answers.js";
import { draftFromItem, joined, loadDraft, saveDraft } from "./drafts.js";
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
/** Of which "save" was pressed: photo and place may still be waited for. @type {Draft | null} */
let pressed = null;
/** Which is being written to the outbox: from then on it is not kept as a draft. @type {Draft | null} */
let saving = null;

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
    await inTurn(async () => {
      current = null; // nothing is written to the draft before while the next is read
      const found = await loadDraft(owner, task);
      if (mine !== loading) return;
      current = task;
      fill(found);
    });
    if (mine !== loading) return;
  }
  current = task;
  drawCheckIn(task);
  byId("do-form").hidden = byId("save").hidden = false; // only now: nothing in it moves any more
}

/** Reading and writing drafts, one after another. @param {() => Promise<void>} job */
function inTurn(job) {
  const done = keeping.then(job);
  keeping = done.catch(() => undefined);
  return done;
}

/** @param {Draft} found */
function fill(found) {
  draft = found;
  byId("save", HTMLButtonElement).disabled = pressed === found;
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

/** @param {Draft} [its] */
const room = (its = draft) => MOST - its.photos.length - its.fields.kept.length;

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

/** @param {Shown} task */
function drawCheckIn({ proof, checkedIn: done = false }) {
  const wanted = proof.check_in;
  byId("check-in-field").hidden = !wanted;
  if (!wanted) return;
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
  if (!current || saving === draft) return keeping;
  draft.fields.touched = true;
  const kept = draft;
  return inTurn(() => saveDraft(kept)).catch(() => mark(words("disk_full")));
}

/** @param {string} text none takes it away */
function mark(text) {
  byId("form-error").hidden = !text;
  byId("form-error").querySelector("span")?.replaceChildren(text);
  if (text) byId("form-error").scrollIntoView({ block: "center" });
}

/** @param {Event} event */
function onFiles(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const [files, owned] = [[...(input.files ?? [])], draft];
  input.value = ""; // the same file may be chosen again
  if (current?.proof.place) locate();
  const isOpen = () => draft.id === owned.id;
  takeFiles(files, () => room(isOpen() ? draft : owned),
    (photo) => addPhoto(owned, { ...photo, owner: owned.owner ?? 0 }), (text) => { if (isOpen()) mark(text); });
}

/**
 * A photo is ready: another task may be open by now, or the same one anew.
 * @param {Draft} owned the draft that it was taken for
 * @param {import("../outbox/database.js").Photo} photo
 */
function addPhoto(owned, photo) {
  return inTurn(async () => {
    const isOpen = draft.id === owned.id;
    const its = isOpen ? draft : (await keptDraft(owned.id)) ?? owned;
    its.photos = withPhoto(its.photos, photo);
    its.fields.touched = true;
    if (isOpen) {
      mark("");
      drawPhotos();
    }
    await saveDraft(its);
  }).catch(() => mark(words("disk_full")));
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
  if (!current || pressed === draft) return; // a double tap
  const [wanted, button] = [draft, byId("save", HTMLButtonElement)];
  pressed = wanted;
  button.disabled = true;
  try {
    await photosMade();
    if (draft === wanted && current?.proof.place && typeof draft.fields.latitude !== "number") await locate();
    // Who has opened another task meanwhile has not pressed anything there.
    if (draft === wanted && current) await save(current);
  } catch (error) {
    if (draft === wanted) mark(trouble(error));
  } finally {
    if (pressed === wanted) pressed = null;
    button.disabled = pressed === draft;
  }
}

/** @param {Shown} task */
async function save(task) {
  const lacks = missing(task);
  mark(lacks);
  if (!lacks) await heldStill(byId("do-form"), () => store(task));
}

/** @param {Shown} task */
async function store(task) {
  const said = draft;
  const owner = /** @type {number} */ (said.owner);
  const { typed, kept, latitude = null, longitude = null, accuracy_m = null } = said.fields;
  const answers = task.proof.questions.map((/** @type {any} */ question, /** @type {number} */ index) => answerOf(question, typed[index] ?? ""));
  const place = task.proof.place ? { latitude, longitude, accuracy_m } : {};
  const fields = { answers, kept: kept.map((/** @type {Before} */ one) => one.sha256), ...place };
  saving = said;
  try {
    await keeping;
    await saveStep({
      key: said.key, owner, task, step: "hand_in", fields, photos: said.photos,
      replaced: { draft: said.id, mends: said.mends },
    });
    if (draft !== said) return;
    current = null;
    dispatchEvent(new CustomEvent("step-saved"));
  } finally {
    saving = null;
  }
}

/** Put what was not taken into the form again, beside what was begun there since. @param {import("../outbox/database.js").Item} item @param {Shown} task */
export async function useAgain(item, task) {
  const again = await draftFromItem(item, task);
  await inTurn(async () => {
    if (current?.id !== task.id) return;
    const both = joined(draft, again, task.proof.questions);
    fill(both.draft);
    if (both.tooMany) mark(words("four_photos"));
    await saveDraft(draft);
  }).catch(() => mark(words("disk_full")));
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
