// @ts-check
/** After the tap: what was kept, where it is now, and how it was at the station. */
import { database } from "../outbox/database.js";
import { onChange } from "../outbox/items.js";
import { byId, element, icon, localTime } from "../ui/dom.js";
import { words } from "../ui/words.js";

/**
 * @typedef {object} Kept
 * @property {string} key
 * @property {string} name of the station
 * @property {number} station its id
 * @property {number} at ms, by the centre's clock
 * @property {string | null} mark what the phone knows to speak against it
 */

/** @type {string | undefined} */
let shown;

/** @param {Kept} kept */
export async function showReceipt({ key, name, station, at, mark }) {
  const first = shown === undefined;
  shown = key;
  byId("receipt").classList.toggle("marked", mark !== null);
  byId("receipt-mark").replaceChildren(icon(mark ? "triangle-alert" : "circle-check"));
  byId("receipt-title").textContent = words(mark ? "done_marked" : "done");
  byId("receipt-where").textContent = name;
  byId("receipt-when").textContent = localTime(at);
  byId("receipt-why").hidden = mark === null;
  if (mark) byId("receipt-why").querySelector("span")?.replaceChildren(words(`why_${mark}`));
  if (first) onChange(() => { follow().catch(() => undefined); });
  await follow();
  if (mark || shown !== key || byId("receipt").dataset.state === "refused") return;
  await askHow(key, station, at);
}

/** Where it is now. */
async function follow() {
  const key = shown ?? "";
  const db = await database();
  const [receipt, item] = [await db.get("receipts", key), await db.get("items", key)];
  if (shown !== key) return;
  if (receipt) tell("circle-check", words("state_received"), "received");
  else if (item?.errors) refuse(Object.values(item.errors).flat().join(" "));
  else if (item?.state === "needs_login") tell("lock", words("state_sign_in"), "saved");
  else tell("smartphone", words("state_saved"), "saved");
}

/** @param {string} reason */
function refuse(reason) {
  byId("receipt").classList.add("marked");
  byId("receipt-mark").replaceChildren(icon("circle-x"));
  byId("receipt-title").textContent = words("done_marked");
  byId("rate-place").replaceChildren();
  tell("triangle-alert", words("state_refused", { reason }), "refused");
}

/** @param {string} symbol @param {string} text @param {string} state */
function tell(symbol, text, state) {
  byId("receipt").dataset.state = state;
  byId("receipt-state").replaceChildren(icon(symbol), element("span", {}, text));
}

/** @param {string} key @param {number} station @param {number} at */
async function askHow(key, station, at) {
  const place = element("div", { "data-rate": key, "data-station": String(station), "data-at": String(at) });
  byId("rate-place").replaceChildren(place);
  const { startRatings } = await import("../voices/rating.js");
  await startRatings();
}
