// @ts-check
/** One voucher on the whole screen: the code for the host's camera, the number to be read out. */
import { keepAwake } from "../badge/wake.js";
import { drawQr } from "../sk1/qr.js";
import { byId, icon, localTime } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { grouped, standingOf } from "./standing.js";
import { endsSoon, lastsWords, named, placeOf } from "./words.js";

/** @typedef {import("./kept.js").Voucher} Voucher */

/** @type {Record<string, string>} */
const ICONS = { over: "clock", given: "circle-check", expired: "clock", cancelled: "undo-2" };
const LEVEL = "M"; // on a screen with scratches and rain

/** @param {Voucher} voucher @param {number} now_ms */
export function drawOne(voucher, now_ms) {
  const standing = standingOf(voucher, now_ms);
  const isGood = standing === "held";
  byId("one").dataset.standing = standing;
  byId("one-name").textContent = named(voucher.reward);
  byId("one-place").textContent = placeOf(voucher);
  byId("one-slot").hidden = !voucher.slot;
  if (voucher.slot) byId("one-slot-text").textContent = localTime(voucher.slot[0]);
  byId("one-code").hidden = byId("one-number-line").hidden = !isGood;
  byId("one-over").hidden = isGood;
  byId("one-until").hidden = !isGood;
  byId("cancel-open").hidden = !isGood;
  if (isGood) drawGood(voucher, now_ms);
  else drawOver(voucher, standing);
  keepAwake(isGood);
}

/** @param {Voucher} voucher @param {number} now_ms */
function drawGood(voucher, now_ms) {
  const svg = byId("one-qr");
  if (svg.dataset.text !== voucher.code) drawQr(/** @type {SVGSVGElement} */ (/** @type {unknown} */ (svg)), voucher.code, LEVEL);
  svg.dataset.text = voucher.code;
  byId("one-number").textContent = grouped(voucher.number);
  byId("one-until-text").textContent = lastsWords(voucher, now_ms);
  byId("one-until").classList.toggle("wait", endsSoon(voucher, now_ms));
}

/** @param {Voucher} voucher @param {import("./standing.js").Standing} standing */
function drawOver(voucher, standing) {
  delete byId("one-qr").dataset.text;
  byId("one-qr").querySelector("path")?.setAttribute("d", ""); // nothing is left to be photographed
  byId("one-over-mark").replaceChildren(icon(ICONS[standing]));
  byId("one-over-title").textContent = words(`over_${standing}`);
  byId("one-over-text").textContent = words(`over_${standing}_text`, { points: voucher.cost });
  byId("one-over-time").textContent = localTime(standing === "over" ? voucher.until : voucher.moved_at);
}
