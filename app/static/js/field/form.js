// @ts-check
/** The one form for the step at hand: which step, a note, photos, hours, the place. */
import { database } from "../outbox/database.js";
import { enqueue, itemsOf, KeyTaken } from "../outbox/items.js";
import { askForBackgroundSync, drainNow } from "../outbox/triggers.js";
import { alsoTaken } from "../outbox/work.js";
import { askToPersist } from "../pwa/persist.js";
import { showShots, takeFiles, MOST } from "../report/shots.js";
import { byId, element, heldStill, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { draftFromItem, loadDraft, newDraft, saveDraft } from "./drafts.js";
import { awayM, distanceWords, FAR_M, fix } from "./here.js";
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
let saving = false;

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
    await keeping;
    current = null; // nothing is written to the draft before while the next is read
    const found = await loadDraft(owner, one.id);
    if (mine !== loading) return;
    fill(found);
  }
  current = one;
  if (!one.steps.includes(step)) step = one.steps.includes(draft.fields.step) ? draft.fields.step : one.steps[0];
  draw(one);
}

function hide() {
  step = "";
  byId("step-form").hidden = true;
  byId("save-bar").hidden = true;
}

/** @param {Draft} found */
function fill(found) {
  draft = found;
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
  const place = await fix();
  if (!place) return;
  Object.assign(draft.fields, place);
  drawPlace();
  keep();
}

/** Keep what is in the form, one write after another. */
function keep() {
  if (!current || saving) return keeping;
  const kept = draft;
  Object.assign(kept.fields, { step, note: note().value, hours: hours().value });
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
  const [owned, owner] = [draft, draft.owner ?? 0];
  if (WITH_PLACE.includes(step)) locate();
  await takeFiles(files, MOST - owned.photos.length, async (photo) => {
    if (owned.photos.some((one) => one.sha256 === photo.sha256)) return;
    owned.photos.push({ ...photo, owner });
    mark("");
    if (owned === draft) showPhotos();
    drawPlace();
    await keep();
  }, mark);
  input.value = "";
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
  if (!current || saving) return;
  const lacks = missing(current);
  if (lacks) return mark(lacks);
  const button = byId("save", HTMLButtonElement);
  saving = button.disabled = true;
  try {
    await heldStill(byId("step-form"), () => store(/** @type {Shown} */ (current)));
  } catch (error) {
    mark(words(/** @type {any} */ (error)?.name === "QuotaExceededError" ? "disk_full" : "not_saved"));
  } finally {
    saving = button.disabled = false;
  }
}

/** Into the outbox, with the draft's end and the list's new look, all or nothing. @param {Shown} one */
async function store(one) {
  await keeping;
  const owner = /** @type {number} */ (draft.owner);
  const fields = fieldsOf(one);
  askToPersist();
  if (await isSavedAlready(owner, fields)) return done(one, owner);
  const photos = WITH_PHOTOS.includes(step) ? draft.photos : [];
  const capture = { key: draft.key, owner, kind: "case_step", fields, label: `${table.words[step]} · ${one.category} ${one.number}` };
  const taken = { key: draft.key, report: one.id, step, version: one.version };
  try {
    await enqueue(capture, photos, { draft: draft.id, mends: draft.mends }, alsoTaken(owner, taken));
  } catch (error) {
    if (!(error instanceof KeyTaken)) throw error; // saved from another tab: this is the same
  }
  done(one, owner);
  askForBackgroundSync().catch(() => undefined);
  drainNow({ force: true }).catch(() => undefined);
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

/** Whether another tab saved this very step. @param {number} owner @param {Record<string, any>} fields */
async function isSavedAlready(owner, { report, step: name, version }) {
  if (name === "note") return false;
  const items = await itemsOf(owner);
  return items.some((item) => item.kind === "case_step" && item.key !== draft.mends && item.state !== "rejected"
    && item.fields.report === report && item.fields.step === name && item.fields.version === version);
}

/** Begin the next with an empty form; the list tells what was saved. @param {Shown} one @param {number} owner */
function done(one, owner) {
  current = null;
  fill(newDraft(owner, one.id));
  dispatchEvent(new CustomEvent("step-saved", { detail: one.id }));
}

/** Put what was refused into the form again. @param {import("../outbox/database.js").Item} item */
export async function useAgain(item) {
  if (!current) return;
  await keeping;
  fill(await draftFromItem(item));
  await saveDraft(draft);
  step = current.steps.includes(item.fields.step) ? item.fields.step : current.steps[0];
  draw(current);
  byId("step-form").scrollIntoView({ block: "start" });
}

/** @param {{rows: Row[], words: Record<string, string>}} known */
export function startForm(known) {
  table = known;
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
