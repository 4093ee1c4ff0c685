// @ts-check
/** The list: what can be had first, then what is over. */
import { byId, element, icon, localTime } from "../ui/dom.js";
import { listed, standingOf } from "./standing.js";
import { endsSoon, lastsWords, named, placeOf, statusOf } from "./words.js";

/** @typedef {import("./kept.js").Voucher} Voucher */

const PAST_SHOWN = 20;
let drawn = "";

/** @param {Voucher[]} vouchers @param {number} now_ms */
export function drawList(vouchers, now_ms) {
  const { open, past } = listed(vouchers, now_ms);
  byId("none").hidden = vouchers.length > 0;
  byId("none-open").hidden = open.length > 0 || !vouchers.length;
  byId("past").hidden = !past.length;
  const text = JSON.stringify([open, past, Math.floor(now_ms / 60_000)]);
  if (text === drawn) return;
  drawn = text;
  byId("open-list").replaceChildren(...open.map((one) => card(one, now_ms)));
  byId("past-list").replaceChildren(...past.slice(0, PAST_SHOWN).map((one) => card(one, now_ms)));
}

/** @param {Voucher} voucher @param {number} now_ms */
function card(voucher, now_ms) {
  const standing = standingOf(voucher, now_ms);
  const isOpen = standing === "held";
  return element("a", { class: isOpen ? "voucher-card" : "voucher-card past", href: `#v=${voucher.id}`, "data-voucher": String(voucher.id) },
    element("span", { class: "voucher-mark" }, icon(isOpen ? "qr-code" : "gift")),
    element("span", { class: "grow stack tight" },
      element("strong", { class: "voucher-name" }, named(voucher.reward)),
      element("span", { class: "voucher-place" }, icon("map-pin"), placeOf(voucher)),
      isOpen ? lasts(voucher, now_ms) : over(voucher, standing)),
    icon("chevron-right"));
}

/** @param {Voucher} voucher @param {number} now_ms */
function lasts(voucher, now_ms) {
  return element("span", { class: endsSoon(voucher, now_ms) ? "status wait" : "status" }, icon("clock"), lastsWords(voucher, now_ms));
}

/** @param {Voucher} voucher @param {import("./standing.js").Standing} standing */
function over(voucher, standing) {
  return element("span", { class: "row tight" }, statusOf(standing), element("span", { class: "muted small number" }, localTime(voucher.moved_at)));
}
