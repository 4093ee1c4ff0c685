// @ts-check
/** The white card: who it is, and what is said instead of a code. */
import { byId, localTime } from "../ui/dom.js";
import { words } from "../ui/words.js";

/** @typedef {import("../outbox/database.js").Badge} Badge */

/** @type {string | null} the picture shown, as an address of this page's own */
let picture = null;
/** @type {string | null} */
let pictureOf = null;

/** A name in the page's language. @param {{zh: string, en: string} | null | undefined} name */
export const named = (name) => (document.documentElement.dataset.locale === "en" ? name?.en : name?.zh) ?? "";

/**
 * Show the card in a state; what does not belong to the state is gone.
 * @param {import("./state.js").State} state
 * @param {Badge | undefined} row
 */
export function showCard(state, row) {
  document.documentElement.dataset.badge = state;
  for (const section of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-state].state"))) {
    section.hidden = section.dataset.state !== state;
  }
  for (const id of ["code", "under"]) byId(id).hidden = state !== "code";
  byId("who").hidden = !row?.card;
  if (row?.card) showPerson(row.card, row);
  if (row?.card && state !== "code") fillSlots(row.card);
  byId("card").hidden = state === "asking";
}

/** @param {Record<string, any>} card @param {Badge} row */
function showPerson(card, row) {
  const { name, company, stars = 1 } = card.rider;
  byId("name").textContent = name;
  byId("company").textContent = named(company);
  byId("stars").setAttribute("aria-label", words("stars", { count: stars }));
  byId("stars").querySelectorAll(".icon").forEach((icon, index) => icon.classList.toggle("lit", index < stars));
  showPortrait(row, name);
}

/** @param {Badge} row @param {string} name */
function showPortrait({ portrait, portrait_sha256 }, name) {
  const image = byId("portrait", HTMLImageElement);
  image.hidden = !portrait;
  if (!portrait || pictureOf === portrait_sha256) return;
  if (picture) URL.revokeObjectURL(picture);
  picture = URL.createObjectURL(new Blob([portrait], { type: "image/jpeg" }));
  pictureOf = portrait_sha256;
  image.src = picture;
  image.alt = words("portrait_of", { name });
}

/** What the sections of the states say of this card. @param {Record<string, any>} card */
function fillSlots({ badge, moved, holder, rider }) {
  const time = (/** @type {number | undefined} */ ms) => (ms ? localTime(ms) : "");
  /** @type {Record<string, string>} */
  const texts = {
    device: badge?.device ?? "", since: time(badge?.since), moved_to: moved?.device ?? "", moved_at: time(moved?.at),
    reason: holder.reason ?? "", portrait_reason: rider.portrait.reason ?? "",
  };
  for (const slot of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-slot]"))) {
    const text = texts[slot.dataset.slot ?? ""] ?? "";
    slot.textContent = text;
    const fact = /** @type {HTMLElement | null} */ (slot.closest(".fact"));
    if (fact && slot.matches("strong")) fact.hidden = !text;
  }
}

/** A line under the card, for what a tap came to. @param {string} text */
export function tell(text) {
  byId("telling").textContent = text;
}
