// @ts-check
/** The card after saving: where the report is now, live. */
import { database } from "../outbox/database.js";
import { onChange } from "../outbox/items.js";
import { byId, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";

const STUCK = ["rejected", "conflict"];

/** Show the card for the item with this key, and keep it true. @param {string} key */
export async function showReceipt(key) {
  byId("report").hidden = true;
  const card = byId("receipt");
  card.hidden = false;
  byId("push-hint").hidden = !mayBeAsked();
  onChange(() => { update(key).catch(() => undefined); });
  await update(key);
  card.focus();
  scrollTo(0, 0);
}

/** Whether notifications would help, and nobody has said yes or no to them yet. */
function mayBeAsked() {
  return "PushManager" in globalThis && typeof Notification !== "undefined" && Notification.permission === "default";
}

/** @param {string} key */
async function update(key) {
  const db = await database();
  const receipt = await db.get("receipts", key);
  if (receipt) {
    tell("circle-check", words("received", { reference: receipt.reference }), words("received_text"), receipt.url);
    byId("receipt").classList.add("received");
    return;
  }
  const item = await db.get("items", key);
  if (!item) return;
  if (item.state === "needs_login") tell("lock", words("needs_login"), words("needs_login_text"), "");
  else if (STUCK.includes(item.state)) tell("triangle-alert", words("stuck"), words("stuck_text"), "");
  else tell("smartphone", words("saved"), words("saved_text"), "");
}

/** @param {string} symbol @param {string} title @param {string} text @param {string} url */
function tell(symbol, title, text, url) {
  const card = byId("receipt");
  card.querySelector(".mark")?.replaceChildren(icon(symbol));
  card.querySelector("[data-title]")?.replaceChildren(title);
  card.querySelector("[data-text]")?.replaceChildren(text);
  const link = /** @type {HTMLAnchorElement} */ (card.querySelector("[data-link]"));
  link.hidden = !url;
  if (url) link.href = url;
}
