// @ts-check
/**
 * A step of the reporter's: kept on this phone first and sent second, so that an answer can be given
 * without network from a page that is open. Without this module the form is posted as it is.
 */
import { database } from "../outbox/database.js";
import { enqueue, onChange, owner } from "../outbox/items.js";
import { askForBackgroundSync, drainNow } from "../outbox/triggers.js";
import { element, heldStill, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { MOST, photosMade, showShots, takeFiles, withPhoto } from "./shots.js";
import { loadDraft, saveDraft, waiting } from "./step_draft.js";
import { bothPhotos, bothWords, photosOf } from "./using_again.js";

/**
 * @typedef {import("../outbox/database.js").Draft} Draft
 * @typedef {import("../outbox/database.js").Item} Item
 */

const NEEDS_NOTE = ["appeal"];
const NEEDS_SOMETHING = ["answer", "reopen"];
const STUCK = ["rejected", "conflict"];

/** @param {HTMLFormElement} form */
export async function startStep(form) {
  const { step = "", case: report = "0", version = "0", label = "" } = form.dataset;
  const user = await owner().catch(() => null);
  const draft = await loadDraft(user, Number(report), step).catch(() => null);
  if (!draft) return; // storage is refused: the form is posted as it is
  const one = new StepForm(form, { step, report: Number(report), version: Number(version), label }, draft);
  one.listen();
  await one.showWaiting();
}

class StepForm {
  /**
   * @param {HTMLFormElement} form
   * @param {{step: string, report: number, version: number, label: string}} about
   * @param {Draft} draft
   */
  constructor(form, about, draft) {
    this.form = form;
    this.about = about;
    this.draft = draft;
    this.note = form.querySelector("textarea");
    this.busy = false;
    this.sent = "";
    if (this.note && !this.note.value) this.note.value = draft.fields.note ?? "";
    if (draft.photos.length) this.openFold();
    this.drawShots();
  }

  listen() {
    this.form.addEventListener("submit", (event) => { this.submit(event); });
    this.note?.addEventListener("input", () => { this.mark("note"); this.keep(); });
    for (const input of this.form.querySelectorAll("input[type=file]")) {
      input.addEventListener("click", () => { this.keep(); });
      input.addEventListener("change", (event) => this.onFiles(event));
    }
    onChange(() => { this.follow().catch(() => undefined); });
  }

  openFold() {
    const fold = this.form.closest("details");
    if (fold) fold.open = true;
  }

  /** @param {string} field @param {string} [text] none takes the mark away */
  mark(field, text) {
    const line = this.form.querySelector(`[data-error="${field}"]`);
    if (!(line instanceof HTMLElement)) return;
    line.hidden = !text;
    line.querySelector("span")?.replaceChildren(text ?? "");
    if (field === "note") this.note?.toggleAttribute("aria-invalid", false);
    if (field === "note" && text) this.note?.setAttribute("aria-invalid", "true");
    if (text) line.scrollIntoView({ block: "center" });
  }

  /** Keep what was typed; a full disk must not stop the typing. */
  async keep() {
    this.draft.fields.note = this.note?.value ?? "";
    await saveDraft(this.draft).catch((error) => this.mark("item", problem(error)));
  }

  drawShots() {
    if (!this.form.querySelector("#shots")) return;
    showShots(this.draft.photos, (sha256) => {
      this.draft.photos = this.draft.photos.filter((photo) => photo.sha256 !== sha256);
      this.drawShots();
      this.keep();
    });
  }

  /** @param {Event} event */
  onFiles(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const files = [...(input.files ?? [])];
    input.value = ""; // the same file may be chosen again, and the plain form must not send it
    this.mark("photos");
    this.mark("note");
    takeFiles(files, () => MOST - this.draft.photos.length, async (photo) => {
      this.draft.photos = withPhoto(this.draft.photos, { ...photo, owner: this.draft.owner ?? 0 });
      this.drawShots();
      await this.keep();
    }, (text) => this.mark("photos", text));
  }

  /** What is missing, in words; "" when nothing is. */
  missing() {
    const [note, photos] = [this.note?.value.trim() ?? "", this.draft.photos.length];
    if (NEEDS_NOTE.includes(this.about.step) && !note) return words("say_why");
    return NEEDS_SOMETHING.includes(this.about.step) && !note && !photos ? words("say_something") : "";
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    event.preventDefault();
    if (this.busy) return; // a double tap
    this.busy = true;
    try {
      await photosMade();
      for (const field of ["note", "photos", "item", "satisfied"]) this.mark(field);
      const lacks = this.missing();
      if (lacks) this.mark("note", lacks);
      else await heldStill(this.form, () => this.store(/** @type {HTMLButtonElement | null} */ (event.submitter)));
    } catch (error) {
      this.mark("item", problem(error));
    } finally {
      this.busy = false;
    }
  }

  /** @param {HTMLButtonElement | null} button */
  async store(button) {
    const user = await owner();
    if (user === null) return this.mark("item", words("signed_out"));
    if (this.draft.owner !== null && this.draft.owner !== user) { // who signed in in another tab did not write this
      await this.keep();
      return this.mark("item", words("another_person"));
    }
    const { step, report, version, label } = this.about;
    /** @type {Record<string, any>} */
    const fields = { report, step, version, note: this.note?.value.trim() ?? "" };
    if (button?.name === "satisfied") fields.satisfied = button.value === "yes";
    const capture = { key: this.draft.key, owner: user, kind: "case_step", fields, label };
    const photos = this.draft.photos.map((photo) => ({ ...photo, owner: user }));
    await enqueue(capture, photos, { draft: this.draft.id, mends: this.draft.mends });
    this.draft = await loadDraft(user, report, step);
    await this.showWaiting();
    askForBackgroundSync().catch(() => undefined);
    drainNow({ force: true }).catch(() => undefined);
  }

  /** In place of the form, while its step is on this phone: where that is. */
  async showWaiting() {
    const user = await owner();
    const item = user === null ? undefined : await waiting(user, this.about.report, this.about.step);
    if (!item) return;
    if (STUCK.includes(item.state)) return this.bringBack(item);
    this.sent = item.key;
    const locked = item.state === "needs_login";
    this.say(locked ? "lock" : "smartphone", words(locked ? "needs_login" : "kept"), words(locked ? "needs_login_text" : "kept_text"), item.fields.note ?? "");
  }

  /** After each change of the outbox. */
  async follow() {
    if (!this.sent) return;
    if (await (await database()).get("receipts", this.sent)) {
      this.sent = "";
      this.say("circle-check", words("sent"), "", "");
      location.reload();
      return;
    }
    await this.showWaiting();
  }

  /** @param {string} symbol @param {string} title @param {string} text @param {string} note */
  say(symbol, title, text, note) {
    this.openFold();
    this.form.hidden = true;
    const lines = [element("strong", {}, title), ...(text ? [element("p", {}, text)] : []), ...(note ? [element("q", {}, note)] : [])];
    const card = element("div", { class: `notice ${symbol === "circle-check" ? "ok" : "wait"} kept`, role: "status" }, icon(symbol), element("div", {}, ...lines));
    this.form.parentElement?.querySelector(".kept")?.remove();
    this.form.after(card);
  }

  /** The centre did not take it: all that was said stands in the form again. @param {Item} item */
  async bringBack(item) {
    this.sent = "";
    this.form.parentElement?.querySelector(".kept")?.remove();
    this.form.hidden = false;
    this.openFold();
    await this.useAgain(item);
    for (const [field, texts] of Object.entries(item.errors ?? {})) {
      const known = this.form.querySelector(`[data-error="${field}"]`) ? field : "item";
      this.mark(known, texts.join(" "));
    }
    if (!item.errors) this.mark("item", words("stuck"));
  }

  /** Its words and photos join what was begun since; once, or what the person takes out would return. @param {Item} item */
  async useAgain(item) {
    if (this.draft.mends === item.key) return;
    const photos = await photosOf(item);
    this.draft.mends = item.key;
    if (this.note) this.note.value = bothWords(this.note.value, item.fields.note);
    const both = bothPhotos(this.draft.photos, photos);
    this.draft.photos = both.photos;
    if (both.tooMany) this.mark("photos", words("four_photos"));
    this.drawShots();
    await this.keep();
  }
}

/** @param {any} error */
const problem = (error) => words(error?.name === "QuotaExceededError" ? "disk_full" : "not_saved");
