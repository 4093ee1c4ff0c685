// @ts-check
/** The one form for the step at hand: which step, a note, photos, hours, the place. */
import { database } from "../outbox/database.js";
import { keptDraft } from "../outbox/drafts.js";
import { MOST, photosMade, showShots, takeFiles, withPhoto } from "../report/shots.js";
import { byId, element, heldStill, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { draftFromItem, joined, loadDraft, newDraft, saveDraft } from "./drafts.js";
import { awayM, distanceWords, FAR_M, fix } from "./here.js";
import { saveStep } from "./saving.js";
import { needsOf } from "./shown.js";

/**
 * @typedef {import("./shown.js").Shown} Shown
 * @typedef {import("./shown.js").Row} Row
 * @typedef {import("../outbox/database.js").Draft} Draft
 */

const WITH_PHOTOS = ["finish", "finish_part", "verify", "fail", "return", "note"];
/** Steps that prove something: where the phone was goes along. */
const WITH_PLACE = ["finish", "finish_part", "verify", "fail"];
const ICONS = { take: "play", finish: "circle-check", finish_part: "circle-check", verify: "shield-check", fail: "refresh-cw", return: "undo-2", ask: "circle-question-mark", ask_extension: "calendar", go_on: "play", note: "pencil" };

/** @type {{rows: Row[], words: Record<string, string>}} */
let table = { rows: [], words: {} };
/** @type {Shown | null} */
let current = null;
/** @type {Draft} */
let draft = newDraft(0, 0);
let step = "";
let loading = 0;
let keeping = Promise.resolve();
/** Of which "save" was pressed: photos may still be waited for. @type {Draft | null} */
let pressed = null;
/** Which is being written to the outbox: from then on it is not kept as a draft. @type {Draft | null} */
let saving = null;
/** Shows the list and the case as they stand now. @type {() => Promise<void>} */
let showAnew = () => Promise.resolve();

const note = () => byId("note", HTMLTextAreaElement);
const hours = () => byId("hours", HTMLInputElement);

/** Show the form of a case; of the case that it shows already, only what has changed. @param {number} owner @param {Shown | null} one */
export async function showForm(owner, one) {
  const mine = ++loading;
  if (!one || !one.steps.length) {
    await keeping;
    current = null;
    return hide();
  }
  const same = current?.id === one.id && draft.owner === owner;
  if (!same) {
    await inTurn(async () => {
      current = null; // nothing is written to the draft before while the next is read
      const found = await loadDraft(owner, one.id);
      if (mine === loading) fill(found);
    });
    if (mine !== loading) return;
  }
  current = one;
  if (!one.steps.includes(step)) step = one.steps.includes(draft.fields.step) ? draft.fields.step : one.steps[0];
  draw(one);
}

/** Reading and writing drafts, one after another. @param {() => Promise<void>} job */
function inTurn(job) {
  const done = keeping.then(job);
  keeping = done.catch(() => undefined);
  return done;
}

function hide() {
  step = "";
  byId("step-form").hidden = true;
  byId("save-bar").hidden = true;
}

/** @param {Draft} found */
function fill(found) {
  draft = found;
  byId("save", HTMLButtonElement).disabled = pressed === found;
  step = "";
  note().value = draft.fields.note ?? "";
  hours().value = draft.fields.hours ?? "";
  byId("form-error").hidden = true;
  showPhotos();
}

/** @param {Shown} one */
function draw(one) {
  byId("step-form").hidden = false;
  byId("save-bar").hidden = false;
  const chips = byId("steps");
  const wanted = one.steps.join(" ");
  if (chips.dataset.steps !== wanted) {
    chips.dataset.steps = wanted;
    chips.replaceChildren(...one.steps.map(chip));
  }
  for (const input of chips.querySelectorAll("input")) input.checked = input.value === step;
  chips.hidden = one.steps.length < 2;
  const needs = needsOf(one, step, table.rows);
  const plain = step === "take" || step === "go_on";
  byId("note-field").hidden = step === "take";
  byId("note-label").textContent = words(`note_${step}`);
  byId("note-wanted").textContent = needs.includes("note") ? "" : words("if_you_like");
  byId("hours-field").hidden = step !== "ask_extension";
  byId("photos-field").hidden = !WITH_PHOTOS.includes(step);
  byId("place-field").hidden = !WITH_PLACE.includes(step);
  byId("step-form").classList.toggle("bare", plain && one.steps.length < 2);
  drawPlace();
  const save = byId("save");
  save.replaceChildren(icon(/** @type {Record<string, string>} */ (ICONS)[step]), table.words[step]);
  save.dataset.step = step;
}

/** @param {string} name */
function chip(name) {
  const input = element("input", { type: "radio", name: "step", value: name });
  input.addEventListener("change", () => {
    step = name;
    draft.fields.step = name;
    mark("");
    if (current) draw(current);
    keep();
  });
  return element("label", { class: "chip" }, input, table.words[name]);
}

function showPhotos() {
  showShots(draft.photos, (sha256) => {
    draft.photos = draft.photos.filter((photo) => photo.sha256 !== sha256);
    showPhotos();
    keep();
  });
}

function drawPlace() {
  const line = byId("place-state");
  const away = current && awayM(current, /** @type {any} */ (draft.fields));
  if (away === null) line.textContent = words(draft.photos.length ? "place_unknown" : "place_with_photo");
  else line.textContent = words(away > FAR_M ? "place_far" : "place_near", { distance: distanceWords(away) });
  line.dataset.far = String(away !== null && away > FAR_M);
}

/** Where the photo was taken, as good as the phone knows. */
async function locate() {
  const wanted = draft;
  const place = await fix();
  if (!place || wanted !== draft) return;
  Object.assign(draft.fields, place);
  drawPlace();
  keep();
}

/** Keep what is in the form, one write after another. */
function keep() {
  if (!current || saving === draft) return keeping;
  const kept = draft;
  Object.assign(kept.fields, { step, note: note().value, hours: hours().value });
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
  if (WITH_PLACE.includes(step)) locate();
  const isOpen = () => draft.id === owned.id;
  takeFiles(files, () => MOST - (isOpen() ? draft : owned).photos.length,
    (photo) => addPhoto(owned, { ...photo, owner: owned.owner ?? 0 }), (text) => { if (isOpen()) mark(text); });
}

/**
 * A photo is ready: another case may be open by now, or the same one anew.
 * @param {Draft} owned the draft that it was taken for
 * @param {import("../outbox/database.js").Photo} photo
 */
function addPhoto(owned, photo) {
  return inTurn(async () => {
    const isOpen = draft.id === owned.id;
    const its = isOpen ? draft : (await keptDraft(owned.id)) ?? owned;
    its.photos = withPhoto(its.photos, photo);
    if (isOpen) {
      mark("");
      showPhotos();
      drawPlace();
    }
    await saveDraft(its);
  }).catch(() => mark(words("disk_full")));
}

/** What is missing, in words; "" when nothing is. @param {Shown} one */
function missing(one) {
  const needs = needsOf(one, step, table.rows);
  if (needs.includes("photo") && !draft.photos.length) return words("need_photo");
  if (needs.includes("note") && !note().value.trim()) return words("need_note");
  const count = Number(hours().value);
  if (needs.includes("hours") && !(Number.isInteger(count) && count >= 1 && count <= 240)) return words("need_hours");
  return "";
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  if (!current || pressed === draft) return; // a double tap
  const [wanted, asked, button] = [draft, step, byId("save", HTMLButtonElement)];
  pressed = wanted;
  button.disabled = true;
  try {
    await photosMade();
    // Who has opened another case meanwhile, or chosen another step, has not pressed anything there.
    if (current && draft === wanted && step === asked) await save(current);
  } catch (error) {
    if (draft === wanted) mark(words(/** @type {any} */ (error)?.name === "QuotaExceededError" ? "disk_full" : "not_saved"));
  } finally {
    if (pressed === wanted) pressed = null;
    button.disabled = pressed === draft;
  }
}

/** @param {Shown} one */
async function save(one) {
  const lacks = missing(one);
  if (lacks) mark(lacks);
  else await heldStill(byId("step-form"), () => store(one));
}

/** @param {Shown} one */
async function store(one) {
  const said = draft;
  const owner = /** @type {number} */ (said.owner);
  const capture = { key: said.key, owner, kind: "case_step", fields: fieldsOf(one), label: `${table.words[step]} · ${one.category} ${one.number}` };
  const photos = WITH_PHOTOS.includes(step) ? said.photos : [];
  saving = said;
  try {
    await keeping;
    await saveStep(capture, photos, { draft: said.id, mends: said.mends });
    if (draft === said) empty(one, owner);
    await showAnew(); // what is typed before that would go lost with the filling of the next form
  } finally {
    saving = null;
  }
}

/** The step as it travels. @param {Shown} one */
function fieldsOf(one) {
  const { latitude = null, longitude = null, accuracy_m = null } = draft.fields;
  const place = WITH_PLACE.includes(step) ? { latitude, longitude, accuracy_m } : {};
  return {
    report: one.id, step, version: one.version, note: step === "take" ? "" : note().value.trim(),
    ...(step === "ask_extension" ? { hours: Number(hours().value) } : {}), ...place,
  };
}

/** Begin the next with an empty form; the list tells what was saved. @param {Shown} one @param {number} owner */
function empty(one, owner) {
  current = null;
  fill(newDraft(owner, one.id));
}

/** Put what was refused into the form again, beside what was begun there since. @param {import("../outbox/database.js").Item} item */
export async function useAgain(item) {
  const again = await draftFromItem(item);
  await inTurn(async () => {
    const one = current;
    if (!one || one.id !== item.fields.report) return;
    const both = joined(draft, again);
    fill(both.draft);
    step = one.steps.includes(item.fields.step) ? item.fields.step : one.steps[0];
    draw(one);
    if (both.tooMany) mark(words("four_photos"));
    await saveDraft(draft);
  }).catch(() => mark(words("disk_full")));
  byId("step-form").scrollIntoView({ block: "start" });
}

/**
 * @param {{rows: Row[], words: Record<string, string>}} known
 * @param {() => Promise<void>} onSaved shows the list and the case as they stand then
 */
export function startForm(known, onSaved) {
  table = known;
  showAnew = onSaved;
  const form = byId("step-form", HTMLFormElement);
  for (const input of [byId("camera", HTMLInputElement), byId("gallery", HTMLInputElement)]) {
    input.addEventListener("click", () => { keep(); });
    input.addEventListener("change", onFiles);
  }
  for (const input of [note(), hours()]) input.addEventListener("input", () => { mark(""); keep(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  form.addEventListener("submit", submit);
  database().catch(() => mark(words("not_saved")));
}
