// @ts-check
/** The outbox page: every item with its state, size, age and last error, and what can be done. */
import { downloadExport } from "./export.js";
import { counts, discard, itemsOf, onChange, owner, photoOf, receiptsOf } from "./items.js";
import { sendNow } from "./triggers.js";
import { keptWork } from "./work.js";
import { byId, element, icon, localTime } from "../ui/dom.js";
import { words } from "../ui/words.js";

/** @typedef {import("./database.js").Item} Item */

const RECEIPTS_SHOWN = 20;
/** Steps of a case that are its reporter's. */
const REPORTERS = ["answer", "appeal", "withdraw", "restore", "reopen", "rate"];
/** Which field of a kind has what was written; none of these can be mended. @type {Record<string, string>} */
const WORDS = { case_step: "note", hand_out: "number", rating: "words", task_step: "words", wish: "text" };
const TONES = { pending: "wait", sending: "wait", needs_login: "wait", rejected: "bad", conflict: "bad" };
const ICONS = { pending: "clock", sending: "cloud-upload", needs_login: "lock", rejected: "triangle-alert", conflict: "triangle-alert" };
/** @type {string[]} */
let pictures = [];
let drawing = Promise.resolve();
let isAsked = false;

/** @param {Item} item */
async function card(item) {
  const photos = (await Promise.all(item.photos.map((sha256) => photoOf(item, sha256)))).filter((one) => one !== undefined);
  const bytes = photos.reduce((sum, photo) => sum + photo.bytes.byteLength, 0);
  const text = element("div", { class: "grow stack" },
    element("strong", {}, item.label || words("report")),
    element("div", {}, status(item)),
    line(words("taken_at", { time: localTime(item.captured_at) }), words("size", { photos: photos.length, size: `${Math.ceil(bytes / 1024)}\u00a0kB` })),
  );
  if (item.attempts) text.append(line(words("tries", { count: item.attempts }), ...troubles(item)));
  const said = item.fields[WORDS[item.kind]];
  if (said) text.append(element("p", { class: "said" }, said));
  for (const message of Object.values(item.errors ?? {}).flat()) {
    text.append(element("p", { class: "error" }, icon("triangle-alert"), element("span", {}, message)));
  }
  return element("article", { class: "item", "data-key": item.key, "data-state": item.state }, picture(photos[0]), text, actions(item));
}

/** @param {Item} item */
function status(item) {
  const word = item.state === "rejected" && item.kind in WORDS ? "rejected_step" : item.state;
  return element("span", { class: `status ${TONES[item.state]}` }, icon(ICONS[item.state]), words(word));
}

/** @param {...string} parts */
function line(...parts) {
  return element("p", { class: "muted small number" }, parts.join(" · "));
}

/** @param {Item} item */
function troubles(item) {
  if (item.state !== "pending" || !item.last_error) return [];
  const error = words(`err_${item.last_error}`, { status: item.last_status ?? "?" });
  const next = Math.max(item.next_try, item.not_before);
  return [words("last_error", { error }), ...(next > Date.now() + 5000 ? [words("next_try", { time: localTime(next) })] : [])];
}

/** @param {import("./database.js").Photo | undefined} photo */
function picture(photo) {
  if (!photo) return element("span", { class: "thumb" }, icon("image"));
  const url = URL.createObjectURL(new Blob([photo.bytes], { type: photo.mime }));
  pictures.push(url);
  return element("img", { class: "thumb", src: url, alt: "", width: "76", height: "76" });
}

/** @param {Item} item */
function actions(item) {
  const row = element("div", { class: "actions" });
  if (item.state === "rejected" && item.kind === "report") row.append(element("a", { class: "button main", href: `/reports/new?mend=${item.key}` }, icon("pencil"), words("mend")));
  if (item.kind === "case_step") row.append(...stepActions(item));
  if (item.kind === "task_step") row.append(element("a", { class: "button", href: `/tasks#t=${item.fields.task}` }, icon("chevron-right"), words("to_task")));
  const drop = element("button", { class: "button danger", type: "button" }, icon("trash-2"), words("discard"));
  drop.addEventListener("click", () => askToDiscard(item));
  row.append(drop);
  return row;
}

/** A step of a case is not mended: the way to the case, and the words to take along. @param {Item} item */
function stepActions({ fields }) {
  const href = REPORTERS.includes(fields.step) ? `/reports/${fields.report}` : `/field#${fields.report}`;
  const made = [element("a", { class: "button", href }, icon("chevron-right"), words("to_case"))];
  if (fields.note && navigator.clipboard) {
    const copy = element("button", { class: "button", type: "button" }, icon("file-text"), words("copy_words"));
    copy.addEventListener("click", () => {
      navigator.clipboard.writeText(fields.note).then(() => tell(words("copied")), () => undefined);
    });
    made.push(copy);
  }
  return made;
}

/** Ask twice, since nobody can bring it back. @param {Item} item */
async function askToDiscard(item) {
  if ((await ask("discard")) && (await ask("discard_again"))) await discard(item);
}

/** @param {string} question @returns {Promise<boolean>} */
function ask(question) {
  const dialog = byId("discard", HTMLDialogElement);
  byId("discard-title").textContent = words(`${question}_title`);
  byId("discard-text").textContent = words(`${question}_text`);
  byId("discard-yes").textContent = words(`${question}_yes`);
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "discard"), { once: true });
  });
}

/** @param {import("./database.js").Receipt} receipt */
function receiptLine(receipt) {
  const text = words("received", { reference: receipt.reference });
  const label = receipt.url ? element("a", { href: receipt.url }, text) : element("span", {}, text);
  return element("li", { class: "row spread" }, element("span", { class: "row" }, icon("circle-check"), label),
    element("span", { class: "muted small number" }, `${receipt.label} · ${localTime(receipt.received_at)}`));
}

async function show() {
  const user = await owner();
  document.body.classList.toggle("has-work", user !== null && Boolean(await keptWork(user)));
  const [items, receipts, { locked }] = [
    user === null ? [] : await itemsOf(user), user === null ? [] : await receiptsOf(user), await counts(user),
  ];
  const cards = await Promise.all(items.map(card));
  byId("items").replaceChildren(...cards);
  byId("commands").hidden = !items.length;
  byId("none").hidden = items.length > 0 || locked > 0;
  byId("login-note").hidden = !items.some((item) => item.state === "needs_login") && user !== null;
  byId("locked-note").hidden = locked === 0;
  byId("locked-note").querySelector("span")?.replaceChildren(words("locked", { count: locked }));
  byId("done").hidden = !receipts.length;
  byId("receipts").replaceChildren(...receipts.slice(0, RECEIPTS_SHOWN).map(receiptLine));
  await showStorage();
}

async function showStorage() {
  const { usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const kept = await navigator.storage?.persisted?.();
  byId("storage").textContent = words(kept ? "storage_safe" : "storage_soft", { used: (usage / 1e6).toFixed(1) });
}

/** Draw one after another; pictures of the drawing before are let go. One that has not begun shows what changed since too. */
function redraw() {
  if (isAsked) return;
  isAsked = true;
  drawing = drawing.then(async () => {
    isAsked = false;
    const before = pictures;
    pictures = [];
    await show();
    before.forEach((url) => URL.revokeObjectURL(url));
  }).catch(() => undefined);
}

/** @param {string} text */
function tell(text) {
  byId("outcome").hidden = false;
  byId("outcome").textContent = text;
}

byId("send-now").addEventListener("click", async () => {
  tell(words("sending"));
  const { left } = await sendNow();
  tell(left ? words("some_left", { count: left }) : words("all_sent"));
});
byId("export").addEventListener("click", async () => {
  const user = await owner();
  if (user === null) return;
  await downloadExport(user);
  tell(words("saved_file"));
});

redraw();
onChange(redraw);
