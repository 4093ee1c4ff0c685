// @ts-check
/** A voucher before the host: what it is for, one tap when it is handed out, or why it is not to be. */
import { nameOf, keptDirectory, stationById } from "../stations/directory.js";
import { feedback } from "../scan/sounds.js";
import { byId, icon, localTime } from "../ui/dom.js";
import { closeSheet, openSheet } from "../ui/sheets.js";
import { words } from "../ui/words.js";
import { grouped } from "../vouchers/standing.js";
import { dayOf } from "../vouchers/words.js";
import { counter, renewNow } from "./counter.js";
import { askCentre, handOut, knownVouchers } from "./handing.js";
import { localName } from "./names.js";
import { judgeNumber, judgeVoucher, unlessHanded } from "./voucher_judging.js";

/**
 * @typedef {import("./voucher_judging.js").Judged} Judged
 * @typedef {import("./voucher_judging.js").Known} Known
 * @typedef {{zh: string, en: string}} Name
 * @typedef {Judged & {name: string, place: string, givenPlace: string}} Shown with names in words
 * @typedef {{code: string} | {number: string}} What was scanned, or typed
 */

const ICONS = { ask: "gift", given: "circle-check", refused: "circle-x" };
/** Of the others a device is as sure as the centre. */
const ASKED = ["right", "ended", "expired", "unknown_key"];
/** @type {{what: What, shown: Shown} | undefined} that waits for the host's word */
let waiting;
/** What is shown counts up, so that an answer that comes late finds another one there. */
let turn = 0;

/** Show a voucher that was scanned. @param {string} code */
export async function openVoucher(code) {
  const known = await knownVouchers();
  return show({ code }, await judgeVoucher(code, known), known);
}

/**
 * Show the voucher of a number.
 * @param {string} number @returns {Promise<boolean>} false: nobody here knows it, and nothing is shown
 */
export async function openNumber(number) {
  const known = await knownVouchers();
  const judged = judgeNumber(number, known);
  if (judged.reason !== "unknown") return show({ number }, judged, known).then(() => true);
  const said = unlessHanded(await askCentre({ number }), known);
  if (!said || said.reason === "unknown") return false;
  await draw({ number }, await named(merged(judged, said), said), true);
  openSheet("hand-out");
  return true;
}

/** At once by what is known here; the centre, where it answers, has the last word. @param {What} what @param {Judged} judged @param {Known} known */
async function show(what, judged, known) {
  const mine = ++turn;
  const isRight = judged.reason === "right";
  await draw(what, await named(judged), !isRight);
  openSheet("hand-out");
  if (!ASKED.includes(judged.reason)) return;
  const said = unlessHanded(await askCentre(what), known);
  if (mine !== turn || !byId("hand-out", HTMLDialogElement).open) return;
  if (said) await draw(what, await named(merged(judged, said), said), true);
  else if (isRight) settle();
}

/** @param {Judged} judged @param {any} said @returns {Judged} */
function merged(judged, said) {
  return { ...judged, ...said.voucher, reason: said.reason, given: said.given ?? judged.given };
}

/** @param {Judged} judged @param {any} [said] by the centre @returns {Promise<Shown>} */
async function named(judged, said) {
  const rewards = counter.bundle?.data.rewards ?? [];
  const reward = said?.reward ?? rewards.find(({ id }) => id === judged.reward);
  return {
    ...judged, name: reward ? localName(reward) : "",
    place: said?.place ? localName(said.place) : await placeName(judged.station),
    givenPlace: said?.given_place ? localName(said.given_place) : await placeName(judged.given?.station ?? 0),
  };
}

/** @param {number} id @returns {Promise<string>} */
async function placeName(id) {
  const own = counter.bundle?.data.stations.find((one) => one.id === id);
  if (own) return localName(own);
  const directory = id ? await keptDirectory().catch(() => null) : null;
  const found = directory && stationById(directory, id);
  return found ? nameOf(found) : "";
}

/** @param {What} what @param {Shown} shown @param {boolean} sure the centre was asked, or need not be */
async function draw(what, shown, sure) {
  const isRight = shown.reason === "right";
  waiting = isRight ? { what, shown } : undefined;
  if (!isRight) feedback("red");
  put(isRight ? "ask" : "refused", {
    title: words(isRight ? "hand_this" : "not_to_hand"), reward: shown.name || (isRight ? words("reward_unknown") : ""),
    number: shown.number ? grouped(shown.number) : "", facts: isRight ? factsOf(shown) : whyNot(shown),
  });
  byId("hand-yes").hidden = byId("hand-warning").hidden = !isRight;
  byId("hand-yes", HTMLButtonElement).disabled = !sure;
  byId("hand-asking").textContent = sure ? "" : words("asking_centre");
}

/** @param {"ask" | "given" | "refused"} outcome @param {{title: string, reward: string, number: string, facts: string}} said */
function put(outcome, { title, reward, number, facts }) {
  byId("hand-out").dataset.outcome = outcome;
  byId("hand-icon").replaceChildren(icon(ICONS[outcome]));
  byId("hand-word").textContent = title;
  byId("hand-reward").textContent = reward;
  byId("hand-number").textContent = number;
  byId("hand-facts").textContent = facts;
  byId("hand-next-text").textContent = words(outcome === "ask" ? "not_now" : "next");
  byId("announce").textContent = [title, reward, facts].filter(Boolean).join(". ");
}

/** @param {Shown} shown */
function factsOf({ label, until, slot }) {
  const when = slot ? words("slot_at", { time: localTime(slot[0]) }) : until ? words("good_until", { day: dayOf(until - 1) }) : "";
  return [label && words("is_of", { label }), when].filter(Boolean).join(" · ");
}

/** @param {Shown} shown */
function whyNot({ reason, given, until, place, givenPlace }) {
  if (reason === "given" && given) return words("hand_given", { time: localTime(given.at), place: givenPlace || words("another_station") });
  return words(reason === "other_station" && !place ? "hand_elsewhere" : `hand_${reason}`, { place, time: until ? localTime(until) : "" });
}

/** The centre was not reached: what the device knows must do. */
function settle() {
  byId("hand-yes", HTMLButtonElement).disabled = false;
  byId("hand-asking").textContent = words("by_device");
}

async function give() {
  const given = waiting;
  waiting = undefined;
  if (!given) return;
  const { what, shown } = given;
  const written = await handOut(shown, "code" in what ? what.code : null, shown.name);
  feedback(written ? "green" : "red");
  put(written ? "given" : "refused", {
    title: words(written ? "handed_out" : "not_written"), reward: shown.name, number: "",
    facts: written ? "" : words("not_written_hand"),
  });
  byId("hand-yes").hidden = byId("hand-warning").hidden = true;
  byId("hand-asking").textContent = "";
}

export function startHandSheet() {
  byId("hand-yes").addEventListener("click", give);
  byId("hand-next").addEventListener("click", () => closeSheet("hand-out"));
  byId("hand-out").addEventListener("close", () => {
    turn += 1;
    waiting = undefined;
  });
}

/** Vouchers that riders redeemed since are known before the first is shown. */
export const freshen = () => { renewNow(); };
