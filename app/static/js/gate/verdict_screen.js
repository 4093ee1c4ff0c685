// @ts-check
/** The verdict over the whole screen: colour, icon, one word, who it is, one line on what to do. */
import { byId, element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { fetchedPortrait, keptPortrait } from "./portraits.js";

const NEXT_AFTER_S = { green: 2, amber: 0, red: 3 };
/** Whoever shows such a code is not known: what it says of a rider may be made up. */
const UNKNOWN = ["not_ours", "malformed", "unknown_key", "bad_signature", "bad_short_code"];

/**
 * @typedef {import("./judging.js").Judged} Judged
 *
 * @typedef {object} Actions
 * @property {(letIn: boolean) => void} decide
 * @property {() => void} next
 * @property {() => void} undo
 * @property {() => void} swap
 * @property {() => void} challenge
 */

/** @type {Actions} */
let act;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let shown = 0;
/** @type {string | undefined} */
let picture;

export const verdictIsShown = () => !byId("verdict").hidden;

/**
 * @param {Judged} judged
 * @param {import("./advice.js").Advice} advice
 */
export function showVerdict(judged, advice) {
  const { level, reason } = judged.verdict;
  const screen = byId("verdict");
  shown += 1;
  screen.dataset.level = level;
  screen.dataset.reason = reason;
  byId("verdict-icon").replaceChildren(icon(advice.icon));
  byId("verdict-word").textContent = words(advice.word);
  showWho(judged, UNKNOWN.includes(reason));
  const line = advice.line && words(advice.line, advice.values);
  byId("verdict-line").textContent = line;
  showCall(advice.line.endsWith("_call") ? String(advice.values.call) : "");
  showButtons(judged);
  byId("verdict-trouble").hidden = true;
  byId("scan").inert = true;
  screen.hidden = false;
  screen.scrollTop = 0;
  screen.focus();
  byId("announce").textContent = [words(advice.word), judged.label, line].filter(Boolean).join(". ");
  goOnAfter(NEXT_AFTER_S[level]);
}

/** @param {Judged} judged @param {boolean} isNobody */
function showWho({ label, portrait: prefix }, isNobody) {
  byId("verdict-label").textContent = isNobody ? "" : label || words("unknown_rider");
  byId("verdict-portrait").parentElement?.classList.toggle("nobody", isNobody);
  byId("verdict-portrait").replaceChildren();
  if (!isNobody) showPortrait(prefix, label, shown);
}

/** What is kept comes at once; what the centre has, when it comes. @param {string} prefix @param {string} label @param {number} mine */
async function showPortrait(prefix, label, mine) {
  const kept = await keptPortrait(prefix).catch(() => null);
  if (mine === shown) drawPortrait(kept, label);
  const fetched = kept ? null : await fetchedPortrait(prefix);
  if (mine === shown && fetched) drawPortrait(fetched, label);
}

/** @param {Blob | null} blob @param {string} label */
function drawPortrait(blob, label) {
  if (picture) URL.revokeObjectURL(picture);
  picture = blob ? URL.createObjectURL(blob) : undefined;
  byId("verdict-portrait").replaceChildren(picture
    ? element("img", { src: picture, alt: words("portrait_of", { label }) })
    : element("span", { class: "none" }, icon("user-round"), words("no_portrait")));
}

/** @param {string} number */
function showCall(number) {
  const link = byId("verdict-call", HTMLAnchorElement);
  link.hidden = !number;
  link.href = `tel:${number.replace(/[^\d+]/g, "")}`;
  link.querySelector("span")?.replaceChildren(number);
}

/** @param {Judged} judged */
function showButtons({ verdict: { level }, method, proposed, direction, challenge }) {
  byId("verdict-pair").hidden = level !== "amber";
  byId("let-in-text").textContent = words(direction === "exit" ? "let_out" : "let_in");
  byId("verdict-challenge").hidden = level !== "amber" || method !== "live" || challenge !== null;
  byId("verdict-swap").hidden = !proposed || level === "red";
  byId("verdict-undo").hidden = level !== "green";
  byId("next").hidden = level !== "red";
}

/** @param {number} seconds 0: not by itself */
function goOnAfter(seconds) {
  const bar = byId("run-down");
  clearTimeout(timer);
  delete bar.dataset.seconds;
  if (!seconds) return;
  void bar.offsetWidth; // the bar begins anew
  bar.dataset.seconds = String(seconds);
  timer = setTimeout(() => act.next(), seconds * 1000);
}

/** Back to scanning. */
export function hideVerdict() {
  clearTimeout(timer);
  shown += 1;
  byId("verdict").hidden = true;
  byId("scan").inert = false;
  byId("announce").textContent = "";
}

/** The pass could not be written down: that stays on the screen until somebody has read it. */
export function showTrouble() {
  byId("verdict-trouble").hidden = false;
  goOnAfter(0);
  byId("next").hidden = byId("verdict").dataset.level === "amber";
}

/** @param {Actions} actions */
export function startVerdictScreen(actions) {
  act = actions;
  byId("verdict").addEventListener("click", (event) => {
    const isPlain = !/** @type {HTMLElement} */ (event.target).closest("button, a");
    if (isPlain && byId("verdict").dataset.level !== "amber") act.next();
  });
  byId("let-in").addEventListener("click", () => act.decide(true));
  byId("refuse").addEventListener("click", () => act.decide(false));
  byId("next").addEventListener("click", () => act.next());
  byId("verdict-undo").addEventListener("click", () => act.undo());
  byId("verdict-swap").addEventListener("click", () => act.swap());
  byId("verdict-challenge").addEventListener("click", () => act.challenge());
}
