// @ts-check
/**
 * Asks how a visit was: one tap on a face, and words if somebody likes. Kept on this phone first and
 * sent second; what is said later takes the place of what was said before. Fills each `[data-rate]`:
 * its value is the check-in's key, `data-at` when that was, in ms. The page has
 * voices/rating_words.html among its words.
 */
import { database } from "../outbox/database.js";
import { uuid7 } from "../outbox/ids.js";
import { enqueue, itemsOf, onChange, owner } from "../outbox/items.js";
import { askForBackgroundSync, drainNow } from "../outbox/triggers.js";
import { element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";

/**
 * @typedef {import("../outbox/database.js").Item} Item
 * @typedef {{score: number, words: string, hidden?: string}} Said `hidden`: why others do not read the words
 */

const LATEST_MS = 7 * 86_400_000;
const MOST_WORDS = 200;
/** @type {[number, string, string][]} the score, its icon, the key of its word */
const FACES = [[1, "frown", "rate_bad"], [2, "meh", "rate_so"], [3, "smile", "rate_good"]];
const SHEET = new URL("../../css/voices.css", import.meta.url).pathname;

/** Fill what is on the page and was not filled yet; it may be called again. */
export async function startRatings() {
  const places = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-rate]:not([data-asked])")]);
  for (const one of places) one.dataset.asked = "";
  // The page of somebody says whose it is; the phone may not have noted it yet.
  const user = Number(document.body.dataset.user) || (await owner().catch(() => null));
  if (!user || !places.length) return;
  dress();
  const waiting = await waitingOf(user);
  const asks = places.map((place) => new Ask(place, user, waiting.get(place.dataset.rate ?? "")));
  onChange(() => { for (const ask of asks) ask.follow().catch(() => undefined); });
  const before = await saidBefore().catch(() => new Map());
  for (const ask of asks) ask.know(before.get(ask.visit));
}

/** The pages that ask need not know how it looks. */
function dress() {
  if (document.querySelector(`link[href="${SHEET}"]`)) return;
  document.head.append(element("link", { rel: "stylesheet", href: SHEET }));
}

/** Ratings that are still on this phone, the newest of each visit. @param {number} user @returns {Promise<Map<string, Item>>} */
async function waitingOf(user) {
  const found = (await itemsOf(user)).filter((item) => item.kind === "rating");
  return new Map(found.map((item) => [item.fields.check_in, item]));
}

/** What the centre has of this person. @returns {Promise<Map<string, Said>>} */
async function saidBefore() {
  const answer = await fetch("/ratings/mine.json", { headers: { Accept: "application/json" } });
  if (!answer.ok) return new Map();
  return new Map(Object.entries((await answer.json()).ratings));
}

class Ask {
  /** @param {HTMLElement} place @param {number} user @param {Item | undefined} item */
  constructor(place, user, item) {
    this.place = place;
    this.user = user;
    this.visit = place.dataset.rate ?? "";
    /** @type {Item | undefined} what is on this phone */
    this.item = item;
    /** @type {Said | null} */
    this.said = item ? { score: item.fields.score, words: item.fields.words } : null;
    this.busy = false;
    this.late = Date.now() - Number(place.dataset.at ?? Date.now()) > LATEST_MS;
    if (!this.late || this.said) this.draw();
    if (item) this.follow().catch(() => undefined);
  }

  /** What was said earlier; what is on this phone is newer. @param {Said | undefined} said */
  know(said) {
    if (!said || this.said) return;
    this.said = said;
    this.draw();
  }

  draw() {
    this.state = element("p", { class: "rate-state small", role: "status" });
    const faces = element("div", { class: "faces" }, ...FACES.map((face) => this.face(...face)));
    const parts = [element("legend", {}, words(this.said ? "rate_said" : "rate_ask")), faces, this.state];
    if (this.said?.words) parts.push(element("q", { class: "rate-said" }, this.said.words));
    if (this.said && !this.late) parts.push(this.wording());
    this.place.replaceChildren(element("fieldset", { class: "rate" }, ...parts));
    if (this.said?.hidden) this.tell("info", words("rate_hidden", { reason: this.said.hidden }));
  }

  /** @param {number} score @param {string} symbol @param {string} word */
  face(score, symbol, word) {
    const pressed = String(this.said?.score === score);
    const made = element("button", { class: "face", type: "button", "aria-pressed": pressed, "data-score": String(score) }, icon(symbol), element("span", {}, words(word)));
    made.toggleAttribute("disabled", this.late);
    made.addEventListener("click", () => this.keep(score, this.said?.words ?? ""));
    return made;
  }

  /** Words are asked for once a face was chosen: the one tap is enough. */
  wording() {
    const text = element("textarea", { class: "input", maxlength: String(MOST_WORDS), rows: "2", "aria-label": words("rate_words") });
    const box = /** @type {HTMLTextAreaElement} */ (text);
    box.value = this.said?.words ?? "";
    const save = element("button", { class: "button", type: "button" }, icon("check"), words("rate_save"));
    save.addEventListener("click", () => this.keep(this.said?.score ?? 0, box.value.trim()));
    const summary = element("summary", {}, icon("pencil"), words(this.said?.words ? "rate_change" : "rate_words"));
    return element("details", { class: "rate-words" }, summary, box, save);
  }

  /** @param {number} score @param {string} text */
  async keep(score, text) {
    if (this.busy || !score) return; // a double tap
    this.busy = true;
    try {
      await this.store(score, text);
    } catch (error) {
      return this.tell("triangle-alert", words(/** @type {any} */ (error)?.name === "QuotaExceededError" ? "rate_full" : "rate_lost"));
    } finally {
      this.busy = false; // what is tapped on what is drawn now counts
    }
    await this.follow().catch(() => undefined);
    askForBackgroundSync().catch(() => undefined);
    drainNow({ force: true }).catch(() => undefined);
  }

  /** @param {number} score @param {string} text */
  async store(score, text) {
    const key = uuid7();
    const fields = { check_in: this.visit, score, words: text };
    // What has not begun to leave need not leave at all.
    const before = await this.waiting();
    const mends = before && !before.frozen ? before.key : undefined;
    await enqueue({ key, owner: this.user, kind: "rating", fields, label: words("rate_label") }, [], { mends });
    this.item = await (await database()).get("items", key);
    this.said = { score, words: text };
    const chosen = this.place.contains(document.activeElement);
    this.draw();
    if (chosen) /** @type {HTMLElement | null} */ (this.place.querySelector(`[data-score="${score}"]`))?.focus();
  }

  /** @returns {Promise<Item | undefined>} */
  async waiting() {
    return this.item && (await (await database()).get("items", this.item.key));
  }

  /** Where what was said is now. */
  async follow() {
    if (!this.item) return;
    const { key } = this.item;
    const [item, receipt] = [await this.waiting(), await (await database()).get("receipts", key)];
    if (this.item.key !== key) return; // something newer was said meanwhile
    if (receipt) this.tell("circle-check", words("rate_thanks"));
    else if (item?.errors) this.tell("triangle-alert", Object.values(item.errors).flat().join(" "));
    else if (item) this.tell("smartphone", words(item.state === "needs_login" ? "rate_login" : "rate_kept"));
  }

  /** @param {string} symbol @param {string} text */
  tell(symbol, text) {
    this.state?.replaceChildren(icon(symbol), element("span", {}, text));
  }
}
