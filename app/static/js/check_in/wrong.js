// @ts-check
/** Why a code is none to check in by, and what to do instead. */
import { byId, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";

/** @typedef {import("./judging.js").Refusal} Refusal */

/** @type {Record<Refusal, string>} */
const ICONS = { not_ours: "circle-x", damaged: "triangle-alert", badge: "qr-code", voucher: "gift", gate: "door-open", foreign: "map-pin", forged: "shield-alert" };

/** @param {Refusal} why @param {string} text what was read */
export function showWrong(why, text) {
  byId("wrong").dataset.why = why;
  byId("wrong-mark").replaceChildren(icon(ICONS[why]));
  byId("wrong-title").textContent = words(`wrong_${why}`);
  byId("wrong-text").textContent = words(`wrong_${why}_text`);
  const link = byId("wrong-link", HTMLAnchorElement);
  const href = wayFor(why, text);
  link.hidden = href === null;
  if (href === null) return;
  link.href = href;
  link.replaceChildren(icon("qr-code"), words("to_badge"));
}

/** A gate's code opens the badge page before that gate, whatever site is written on it. @param {Refusal} why @param {string} text */
function wayFor(why, text) {
  if (why === "badge") return "/badge";
  return why === "gate" ? `/badge${new URL(text).search}` : null;
}
