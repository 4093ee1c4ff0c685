// @ts-check
/** One case: what it looks like, where it is, when it counts as closed, and what happened so far. */
import { discard, photoOf } from "../outbox/items.js";
import { byId, element, icon, localTime } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { centreNow } from "./centre_clock.js";
import { awayM, distanceWords, wayTo } from "./here.js";
import { deadline, mark, pictureOf, refusalWords, stateMark, waitingMarks } from "./parts.js";

/**
 * @typedef {import("./shown.js").Shown} Shown
 * @typedef {import("../outbox/database.js").Item} Item
 */

/**
 * @param {number} owner
 * @param {Shown} one
 * @param {Record<string, any>} looks
 * @param {(item: Item) => void} onUseAgain
 */
export function drawCase(owner, one, looks, onUseAgain) {
  byId("case-title").textContent = one.category;
  byId("case-number").textContent = `${words("number", { number: one.number })}${one.department ? ` · ${one.department}` : ""}`;
  byId("case-state").replaceChildren(
    stateMark(one.gone ? { word: words("gone"), icon: "undo-2", tone: "still" } : looks[one.state]),
    ...(one.supervised ? [element("span", { class: "status bad" }, icon("star"), words("supervised"))] : []),
    ...(one.reworks && one.state !== "rework" ? [element("span", { class: "status wait" }, icon("refresh-cw"), words("reworks", { count: one.reworks }))] : []),
  );
  byId("case-clock").replaceChildren(...(one.roles.includes("verifier") || one.gone ? [] : deadline(one, centreNow())));
  byId("case-waiting").replaceChildren(...waitingMarks(one));
  byId("case-refused").replaceChildren(...one.refused.map((item) => refusal(item, one, onUseAgain)));
  byId("case-pictures").replaceChildren(...pictures(owner, one));
  byId("case-place").replaceChildren(...placeOf(one));
  byId("case-facts").replaceChildren(...facts(one));
  byId("case-history").replaceChildren(...one.history.map((/** @type {any} */ entry) => step(owner, entry)).reverse());
}

/** @param {number} owner @param {Shown} one */
function pictures(owner, one) {
  const before = one.photos.map((/** @type {any} */ photo, /** @type {number} */ index) => (
    element("figure", {}, pictureOf(owner, photo, "large", words("photo", { number: index + 1 })))
  ));
  const proof = [...one.history].reverse().find((entry) => ["finish", "verify", "fail"].includes(entry.step) && entry.pictures.length);
  const after = (proof?.pictures ?? []).map((/** @type {any} */ photo) => (
    element("figure", {}, pictureOf(owner, photo, "large", proof.words), element("figcaption", { class: "small muted" }, `${proof.words} · ${localTime(proof.at)}`))
  ));
  return before.length + after.length ? [...before, ...after] : [element("p", { class: "muted" }, words("no_pictures"))];
}

/** @param {Shown} one */
function placeOf(one) {
  const away = awayM(one);
  const lines = [element("strong", {}, one.place || words("place_on_map"))];
  if (away !== null) lines.push(element("span", { class: "muted small" }, words("away", { distance: distanceWords(away) })));
  const text = element("div", { class: "grow stack tight" }, ...lines);
  if (one.latitude === null) return [icon("map-pin"), text];
  return [icon("map-pin"), text, element("a", { class: "button", href: wayTo(one), id: "take-me-there" }, icon("arrow-right"), words("take_me_there"))];
}

/** @param {Shown} one */
function facts(one) {
  const rows = [
    ["description", one.description], ["own_part", one.part?.task], ["closing", one.closing], ["filing", one.filing],
    ["received", localTime(one.received_at)],
  ];
  return rows.filter(([, text]) => text).flatMap(([word, text]) => [element("dt", {}, words(`fact_${word}`)), element("dd", {}, text)]);
}

/** @param {number} owner @param {Record<string, any>} entry */
function step(owner, entry) {
  const photos = entry.pictures.map((/** @type {any} */ photo) => pictureOf(owner, photo, "thumb", entry.words));
  return element("li", {},
    element("strong", {}, entry.words),
    element("p", { class: "muted small number" }, `${localTime(entry.at)}${entry.by ? ` · ${entry.by}` : ""}`),
    ...(entry.note ? [element("p", {}, entry.note)] : []),
    ...(photos.length ? [element("div", { class: "row" }, ...photos)] : []));
}

/**
 * What the centre did not take: its words, and all that was written, to be used again or given up.
 * @param {Item} item
 * @param {Shown} one
 * @param {(item: Item) => void} onUseAgain
 */
function refusal(item, one, onUseAgain) {
  const again = element("button", { class: "button main", type: "button" }, icon("undo-2"), words("use_again"));
  again.addEventListener("click", () => onUseAgain(item));
  const drop = element("button", { class: "button danger", type: "button" }, icon("trash-2"), words("discard"));
  drop.addEventListener("click", () => askToDiscard(item));
  const holder = element("div", { class: "row" });
  Promise.all(item.photos.map((sha256) => photoOf(item, sha256))).then((photos) => holder.append(...photos.flatMap(kept)));
  return element("section", { class: "card stack refused", "data-key": item.key },
    element("h2", {}, icon("triangle-alert"), words("not_taken", { step: item.label.split(" · ")[0] })),
    ...refusalWords(item).map((text) => element("p", { class: "error" }, text)),
    element("p", { class: "muted small" }, words("kept_here")),
    ...(item.fields.note ? [element("p", { class: "said" }, item.fields.note)] : []),
    holder,
    element("div", { class: "row" }, ...(one.steps.length ? [again] : []), ...copyButton(item), drop));
}

/** @param {import("../outbox/database.js").Photo | undefined} photo */
function kept(photo) {
  if (!photo) return [];
  const url = URL.createObjectURL(new Blob([photo.bytes], { type: photo.mime }));
  const image = element("img", { class: "thumb", alt: "", src: url, width: "76", height: "76" });
  image.addEventListener("load", () => URL.revokeObjectURL(url));
  return [image];
}

/** @param {Item} item */
function copyButton({ fields }) {
  if (!fields.note || !navigator.clipboard) return [];
  const copy = element("button", { class: "button", type: "button" }, icon("file-text"), words("copy_words"));
  copy.addEventListener("click", () => {
    navigator.clipboard.writeText(fields.note).then(() => copy.replaceChildren(icon("check"), words("copied")), () => undefined);
  });
  return [copy];
}

/** Asked once more, since nobody can bring it back. @param {Item} item */
function askToDiscard(item) {
  const dialog = byId("discard", HTMLDialogElement);
  dialog.returnValue = "keep";
  dialog.showModal();
  dialog.addEventListener("close", () => { if (dialog.returnValue === "discard") discard(item); }, { once: true });
}
