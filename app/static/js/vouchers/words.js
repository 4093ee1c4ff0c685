// @ts-check
/** Vouchers in words: names, days, what has become of one. */
import { element, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { daysLeft, SOON_DAYS } from "./standing.js";

/** @typedef {import("./kept.js").Voucher} Voucher */

/** @type {Record<import("./standing.js").Standing, [string, string]>} icon and tone */
const LOOKS = {
  held: ["gift", "ok"], over: ["clock", "wait"], given: ["circle-check", "ok"], expired: ["clock", "still"], cancelled: ["undo-2", "still"],
};

/** A name in the page's language. @param {import("./kept.js").Name | null | undefined} name */
export const named = (name) => (name ? (document.documentElement.dataset.locale === "en" ? name.en || name.zh : name.zh) : "");

/** Where it is handed out. @param {Voucher} voucher */
export const placeOf = ({ station }) => named(station) || words("any_station");

/** @param {number} ms @returns {string} the day in Suzhou, 11-30 */
export const dayOf = (ms) => dayFormat.format(ms).replace("/", "-");
const dayFormat = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit" });

/** How long it is good. @param {Voucher} voucher @param {number} now_ms */
export function lastsWords({ until }, now_ms) {
  const days = daysLeft(until, now_ms);
  const day = dayOf(until - 1);
  if (days === 0) return words("last_day", { day });
  return words(days === 1 ? "one_more_day" : "more_days", { day, days });
}

/** Whether its end is near. @param {Voucher} voucher @param {number} now_ms */
export const endsSoon = ({ until }, now_ms) => daysLeft(until, now_ms) <= SOON_DAYS;

/** @param {import("./standing.js").Standing} standing */
export function statusOf(standing) {
  const [symbol, tone] = LOOKS[standing];
  return element("span", { class: `status ${tone}` }, icon(symbol), words(`state_${standing}`));
}
