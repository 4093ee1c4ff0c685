// @ts-check
/** Snap and report: the form, its draft, and saving it to the outbox. */
import { choose, chosen, remember, startCategories } from "./categories.js";
import { draftFromItem, dropDraft, isWorthKeeping, loadDraft, newDraft, saveDraft } from "./draft.js";
import { currentPlace, locate, locateIfAllowed, setPlace, startPlace, stopPlace } from "./place.js";
import { showReceipt } from "./receipt.js";
import { MOST, photosMade, showShots, takeFiles, withPhoto } from "./shots.js";
import { learnOwner } from "../outbox/drainer.js";
import { uuid7 } from "../outbox/ids.js";
import { enqueue, KeyTaken, owner } from "../outbox/items.js";
import { askForBackgroundSync, drainNow } from "../outbox/triggers.js";
import { askToPersist } from "../pwa/persist.js";
import { byId, heldStill } from "../ui/dom.js";
import { words } from "../ui/words.js";

/** @typedef {import("../outbox/database.js").Draft} Draft */

const form = byId("report", HTMLFormElement);
const placeWords = byId("place", HTMLInputElement);
const description = byId("description", HTMLTextAreaElement);
/** @type {Draft} */
let draft = newDraft(null);
let saved = false;

/** @param {string} field @param {string} [text] none takes the mark away */
function mark(field, text) {
  const line = form.querySelector(`[data-error="${field}"]`);
  if (!(line instanceof HTMLElement)) return;
  line.hidden = !text;
  line.querySelector("span")?.replaceChildren(text ?? "");
  for (const input of form.querySelectorAll(`[aria-describedby="${field}-error"]`)) {
    input.toggleAttribute("aria-invalid", false);
    if (text) input.setAttribute("aria-invalid", "true");
  }
}

/** What the form holds now, as the fields of the wire. */
function fields() {
  return {
    category: chosen()?.code ?? null, ...currentPlace(),
    place: placeWords.value.trim(), description: description.value.trim(),
    taken: draft.photos.map((photo) => photo.taken ?? null),
  };
}

/** Keep the draft; a full disk must not stop the typing. */
async function keep() {
  if (saved) return; // a late fix, or leaving the page, must not bring it back
  draft = { ...draft, fields: fields() };
  if (!isWorthKeeping(draft)) return;
  await saveDraft(draft).catch((error) => {
    if (isFull(error)) mark("item", words("disk_full"));
  });
}

/** @param {any} error */
const isFull = (error) => error?.name === "QuotaExceededError";

/** @param {Draft} loaded */
function fill(loaded) {
  draft = loaded;
  choose(draft.fields.category ?? undefined);
  placeWords.value = draft.fields.place ?? "";
  description.value = draft.fields.description ?? "";
  const { latitude = null, longitude = null, accuracy_m = null } = draft.fields;
  if (latitude !== null) setPlace({ latitude, longitude, accuracy_m });
  for (const [field, [text]] of Object.entries(draft.errors ?? {})) mark(field, text);
  drawShots();
}

function drawShots() {
  showShots(draft.photos, (sha256) => {
    draft.photos = draft.photos.filter((photo) => photo.sha256 !== sha256);
    drawShots();
    keep();
  });
}

/** @param {Omit<import("../outbox/database.js").Photo, "owner">} photo */
async function addPhoto(photo) {
  draft.photos = withPhoto(draft.photos, { ...photo, owner: draft.owner ?? 0 });
  drawShots();
  await keep();
}

/** @param {Event} event */
function onFiles(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const files = [...(input.files ?? [])];
  input.value = ""; // the same file may be chosen again
  mark("photos");
  if (currentPlace().latitude === null) locate();
  takeFiles(files, () => MOST - draft.photos.length, addPhoto, (text) => mark("photos", text));
}

/** Say at each field what is missing; answers whether the report is whole. */
function check() {
  const { category, latitude, place } = fields();
  mark("photos", draft.photos.length ? undefined : words("need_photo"));
  mark("category", category ? undefined : words("need_category"));
  mark("place", latitude !== null || place ? undefined : words("need_place"));
  const first = form.querySelector(".error:not([hidden])");
  first?.scrollIntoView({ block: "center" });
  return !first;
}

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  const save = byId("save", HTMLButtonElement);
  if (save.disabled) return; // a double tap
  save.disabled = true;
  try {
    await photosMade();
    for (const field of ["latitude", "description", "item"]) mark(field);
    if (check()) await heldStill(form, store);
  } catch (error) {
    complain(isFull(error) ? "disk_full" : "not_saved");
  } finally {
    save.disabled = false;
  }
}

/** @param {string} word why it is not saved */
function complain(word) {
  mark("item", words(word));
  form.querySelector("[data-error=item]")?.scrollIntoView({ block: "center" });
}

async function store() {
  const user = (await owner()) ?? (await learnOwner());
  byId("signed-out-note").hidden = user !== null;
  if (user === null) {
    await keep();
    byId("signed-out-note").scrollIntoView({ block: "center" });
    return;
  }
  if (draft.owner !== null && draft.owner !== user) { // who signed in in another tab did not write this
    await keep();
    return complain("another_person");
  }
  askToPersist();
  const photos = draft.photos.map((photo) => ({ ...photo, owner: user }));
  const capture = { key: draft.key, owner: user, kind: "report", fields: fields(), label: chosen()?.name ?? "" };
  await put(capture, photos);
  draft = newDraft(user);
  stopPlace();
  await remember(user, capture.fields.category ?? "").catch(() => undefined);
  await showReceipt(capture.key);
  askForBackgroundSync().catch(() => undefined);
  drainNow({ force: true }).catch(() => undefined);
}

/**
 * The same draft open in two tabs has one key: the second to save files a report of its own.
 * @param {{key: string, owner: number, kind: string, fields: Record<string, any>, label: string}} capture
 * @param {import("../outbox/database.js").Photo[]} photos
 */
async function put(capture, photos) {
  const replaced = { draft: draft.id, mends: draft.mends };
  saved = true; // from now on: a draft written meanwhile would outlive it
  try {
    await enqueue(capture, photos, replaced).catch((error) => {
      if (!(error instanceof KeyTaken)) throw error;
      capture.key = uuid7();
      return enqueue(capture, photos, replaced);
    });
  } catch (error) {
    saved = false;
    throw error;
  }
}

async function showWhetherSignedIn() {
  byId("signed-out-note").hidden = (await learnOwner().catch(() => null)) !== null;
}

async function load() {
  const user = await owner().catch(() => null);
  if (user === null) showWhetherSignedIn();
  await startCategories(user, () => { mark("category"); keep(); });
  startPlace(() => { mark("place"); keep(); });
  const mended = new URLSearchParams(location.search).get("mend");
  const found = (mended && user !== null && (await draftFromItem(mended, user))) || (await loadDraft(user).catch(() => undefined));
  byId("draft-note").hidden = !found || Boolean(found.mends) || !isWorthKeeping(found);
  fill(found ?? newDraft(user));
  if (currentPlace().latitude === null && !(await locateIfAllowed()) && draft.photos.length) locate();
}

function listen() {
  for (const input of [byId("camera", HTMLInputElement), byId("gallery", HTMLInputElement)]) {
    input.addEventListener("click", () => { keep(); });
    input.addEventListener("change", onFiles);
  }
  placeWords.addEventListener("input", () => { mark("place"); keep(); });
  description.addEventListener("input", keep);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  byId("drop-draft").addEventListener("click", async () => {
    await dropDraft(draft);
    location.reload();
  });
  form.addEventListener("submit", submit);
}

await load();
listen();
document.documentElement.dataset.ready = "true";
