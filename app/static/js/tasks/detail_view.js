// @ts-check
/** One task, whole: what it earns, where and until when, what must be shown, and where it stands. */
import { discard, photoOf } from "../outbox/items.js";
import { waysTo } from "../stations/ways.js";
import { byId, element, icon, localTime } from "../ui/dom.js";
import { distanceWords } from "../ui/here.js";
import { words } from "../ui/words.js";
import { dueMark, endWords, leftWords, line, pointsMark, refusalWords, roleWord, stateMark, waitingMarks } from "./parts.js";
import { isMine } from "./shown.js";
import { setTimeWords } from "./time.js";
import { awayM, placeWords } from "./where.js";

/**
 * @typedef {import("./shown.js").Shown} Shown
 * @typedef {import("../outbox/database.js").Item} Item
 */

/** States in which the centre's words on it are shown. */
const WITH_REASON = ["sent_back", "refused", "upheld", "cancelled", "expired", "accepted"];
const WITH_WORK = ["handed_in", "accepted", "refused", "appealed", "upheld"];

/** @param {Shown} task @param {(item: Item) => void} onUseAgain */
export function drawTask(task, onUseAgain) {
  const offered = ["open", "released"].includes(task.state);
  byId("task").dataset.state = task.state;
  byId("task-title").textContent = task.title;
  byId("task-number").textContent = `${words("number", { number: task.number })} · ${task.publisher}`;
  byId("task-head").replaceChildren(pointsMark(task.points), ...(offered ? [] : [stateMark(task.state)]));
  byId("task-clock").replaceChildren(...(isMine(task) ? dueMark(task) : []));
  byId("task-waiting").replaceChildren(...waitingMarks(task));
  drawReason(task);
  byId("task-refused").replaceChildren(...task.refused.map((item) => refusal(item, task, onUseAgain)));
  byId("task-words").textContent = task.words;
  byId("task-facts").replaceChildren(...facts(task, offered));
  byId("task-place").replaceChildren(icon("map-pin"), ...placeOf(task));
  byId("task-way").hidden = task.latitude === null;
  byId("ways-list").replaceChildren(...ways(task));
  byId("task-proof").replaceChildren(...proofLines(task).map(([symbol, text]) => element("li", {}, line(symbol, text))));
  byId("task-proof-card").hidden = !offered || !byId("task-proof").childElementCount;
  byId("task-work").hidden = !WITH_WORK.includes(task.state) || !task.claim?.attempts;
  byId("task-work-list").replaceChildren(...work(task));
}

/** @param {Shown} task */
function drawReason({ state, claim }) {
  const reason = WITH_REASON.includes(state) ? claim?.reason : "";
  const notice = byId("task-reason");
  notice.hidden = !reason;
  notice.className = `notice ${state === "accepted" ? "ok" : state === "cancelled" ? "" : "bad"}`;
  notice.querySelector("strong")?.replaceChildren(words(`reason_${state}`));
  notice.querySelector("span")?.replaceChildren(reason ?? "");
}

/** @param {Shown} task @param {boolean} offered */
function facts(task, offered) {
  const rows = [
    ["fact_places", offered ? leftWords(task) : ""],
    ["fact_when", periodWords(task)],
    ["fact_left", offered ? endWords(task) : ""],
    ["fact_time", offered ? words("within", { time: words(...setTimeWords(task.claim_minutes)) }) : ""],
    ["fact_due", isMine(task) ? localTime(task.claim.due_at) : ""],
    ["fact_role", roleWord(task.five_role)],
    ["fact_star", task.min_star ? words("stars", { count: task.min_star }) : ""],
    ["fact_near", offered && task.distance_m ? distanceWords(task.distance_m) : ""],
  ];
  return rows.filter(([, text]) => text).flatMap(([word, text]) => [element("dt", {}, words(word)), element("dd", { class: "number" }, text)]);
}

/** The day is said once where it is the same. @param {Shown} task */
function periodWords({ starts_at, ends_at }) {
  const [from, to] = [localTime(starts_at), localTime(ends_at)];
  return `${from} – ${from.split(" ")[0] === to.split(" ")[0] ? to.split(" ")[1] : to}`;
}

/** @param {Shown} task */
function placeOf(task) {
  const away = awayM(task);
  const text = element("div", {}, element("p", {}, placeWords(task)));
  if (task.latitude === null) return [text];
  // The phone's place is known later: its line is there before.
  text.append(element("p", { class: "muted small number" }, words("circle", { metres: task.radius_m })),
    element("p", { class: "muted small number away-line" }, away === null ? "" : words("away", { distance: distanceWords(away) })));
  return [text];
}

/** @param {Shown} task */
function ways(task) {
  if (task.latitude === null) return [];
  return waysTo(/** @type {any} */ (task), task.title).map(({ app, href }, index) => (
    element("a", { class: `button wide${index ? "" : " main"}`, href, "data-app": app, target: "_blank", rel: "noopener noreferrer" }, icon("navigation"), words(`app_${app}`))
  ));
}

/** @param {Shown} task @returns {[string, string][]} */
function proofLines({ proof, radius_m, latitude }) {
  /** @type {[string, string][]} */
  const lines = [];
  if (proof.photos) lines.push(["camera", words("prove_photos", { count: proof.photos })]);
  if (proof.place) lines.push(["map-pin", latitude === null ? words("prove_area") : words("prove_place", { metres: radius_m })]);
  if (proof.check_in) lines.push(["coffee", words("prove_check_in", { station: proof.check_in.name })]);
  for (const question of proof.questions) lines.push(["list-checks", question.text]);
  return lines;
}

/** What was handed in: what waits on this phone, else what the centre has. @param {Shown} task */
function work(task) {
  if (!task.claim) return [];
  const item = task.waiting.filter((one) => one.fields.step === "hand_in").at(-1);
  const answers = item ? item.fields.answers : task.claim.answers;
  const lines = task.proof.questions.flatMap((/** @type {any} */ question, /** @type {number} */ index) => [
    element("dt", {}, question.text), element("dd", {}, said(question, answers?.[index])),
  ]);
  const pictures = item ? [] : task.claim.photos.map(picture);
  const holder = element("div", { class: "work-photos" }, ...pictures);
  if (item) ownPhotos(item, holder);
  return [...(pictures.length || item?.photos.length ? [holder] : []), element("dl", { class: "facts tall" }, ...lines)];
}

/** @param {any} question @param {string | undefined} answer */
function said({ kind }, answer) {
  return kind === "yes_no" && answer ? words(answer) : answer || "—";
}

/** @param {any} photo @param {number} index */
function picture(photo, index) {
  const image = element("img", { class: "thumb", src: photo.thumb, alt: words("photo", { number: index + 1 }), width: "76", height: "76" });
  const link = element("a", { href: photo.large }, image);
  image.addEventListener("error", () => link.replaceWith(element("span", { class: "thumb" }, icon("image"))));
  return link;
}

/** @param {Item} item @param {HTMLElement} holder */
async function ownPhotos(item, holder) {
  for (const sha256 of item.photos) {
    const photo = await photoOf(item, sha256);
    if (!photo) continue;
    const url = URL.createObjectURL(new Blob([photo.bytes], { type: photo.mime }));
    const image = element("img", { class: "thumb", alt: "", src: url, width: "76", height: "76" });
    image.addEventListener("load", () => URL.revokeObjectURL(url));
    holder.append(image);
  }
}

/**
 * What the centre did not take: its words, and all that was written, to be used again or given up.
 * @param {Item} item @param {Shown} task @param {(item: Item) => void} onUseAgain
 */
function refusal(item, task, onUseAgain) {
  const again = element("button", { class: "button main", type: "button" }, icon("undo-2"), words("use_again"));
  again.addEventListener("click", () => onUseAgain(item));
  const drop = element("button", { class: "button danger", type: "button" }, icon("trash-2"), words("discard"));
  drop.addEventListener("click", () => askToDiscard(item));
  const holder = element("div", { class: "work-photos" });
  ownPhotos(item, holder);
  const usable = item.fields.step === "hand_in" && isMine(task);
  const typed = item.fields.words ? [element("p", { class: "said" }, item.fields.words)] : [];
  return element("section", { class: "card stack refused", "data-key": item.key },
    element("h3", { class: "with-icon" }, icon("triangle-alert"), words("not_taken", { step: words(`step_${item.fields.step}`) })),
    ...refusalWords(item).map((text) => element("p", { class: "error" }, text)),
    element("p", { class: "muted small" }, words("kept_here")), ...typed, holder,
    element("div", { class: "row" }, ...(usable ? [again] : []), drop));
}

/** Asked once more, since nobody can bring it back. @param {Item} item */
function askToDiscard(item) {
  const dialog = byId("discard", HTMLDialogElement);
  dialog.returnValue = "keep";
  dialog.showModal();
  dialog.addEventListener("close", () => { if (dialog.returnValue === "discard") discard(item); }, { once: true });
}
