// @ts-check
/** A rider without a code, found by name or number; only with network. */
import { call, QUICK_MS } from "../outbox/calls.js";
import { byId, element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { NO_PORTRAIT } from "./judging.js";
import { localName } from "./local_name.js";
import { fetchedPortrait, keptPortrait } from "./portraits.js";
import { closeSheet, openSheet } from "../ui/sheets.js";

const LEAST = 2;
const TONES = { active: "ok", suspended: "wait", revoked: "bad" };

/**
 * @typedef {{id: number, label: string, name: string, company: {zh: string, en: string}, portrait: string | null,
 *   state: "active" | "suspended" | "revoked" | "none", badge: string | null}} Found
 */

/** @type {(rider: Found) => void} */
let choose = () => undefined;
let asked = 0;

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  const words_ = byId("search-words", HTMLInputElement).value.trim();
  if (words_.length < LEAST) return tell("search_short", []);
  asked += 1;
  const mine = asked;
  tell("searching", []);
  const { status, json } = await call("/gate/search", {
    method: "POST", body: JSON.stringify({ q: words_ }), type: "application/json", timeoutMs: QUICK_MS,
  });
  if (mine !== asked) return undefined; // somebody else was searched for meanwhile
  if (status === 422) return tell("search_short", []);
  if (status !== 200 || !json?.riders) return tell("search_offline", []);
  return tell(json.riders.length ? "" : "found_none", json.riders);
}

/** @param {string} word @param {Found[]} found */
function tell(word, found) {
  byId("search-outcome").textContent = word && words(word);
  byId("search-found").replaceChildren(...found.map(entry));
}

/** @param {Found} rider */
function entry(rider) {
  const picture = element("span", { class: "thumb" }, icon("user-round"));
  const state = element("span", { class: `status ${/** @type {any} */ (TONES)[rider.state] ?? ""}` }, words(`state_${rider.state}`));
  const text = element("span", { class: "grow" }, element("strong", {}, rider.name || rider.label), element("br"),
    element("span", { class: "muted small" }, localName(rider.company)));
  const made = element("button", { type: "button", class: "found" }, picture, text, state);
  made.addEventListener("click", () => {
    closeSheet("search");
    choose(rider);
  });
  showPortrait(picture, rider.portrait ?? NO_PORTRAIT);
  return made;
}

/** @param {HTMLElement} place @param {string} prefix */
async function showPortrait(place, prefix) {
  const blob = (await keptPortrait(prefix).catch(() => null)) ?? (await fetchedPortrait(prefix));
  if (!blob) return;
  const url = URL.createObjectURL(blob);
  const image = element("img", { class: "thumb", src: url, alt: "" });
  image.addEventListener("load", () => URL.revokeObjectURL(url));
  place.replaceWith(image);
}

/** @param {(rider: Found) => void} onChosen */
export function startSearch(onChosen) {
  choose = onChosen;
  byId("search-form").addEventListener("submit", submit);
  byId("open-search").addEventListener("click", () => {
    byId("search-words", HTMLInputElement).value = "";
    byId("search-outcome").textContent = words("search_short");
    byId("search-found").replaceChildren();
    openSheet("search");
  });
}
