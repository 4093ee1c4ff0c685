// @ts-check
/** What a code before the camera is, by its text alone. */
import { readCounter } from "./counter_code.js";
import { readPoster } from "./poster_code.js";
import { looksLikeVoucher } from "../vouchers/voucher_code.js";

/**
 * @typedef {{kind: "poster", text: string, code: import("./poster_code.js").PosterCode, foreign: boolean}} Poster
 * @typedef {{kind: "counter", text: string, code: import("./counter_code.js").CounterCode, foreign: boolean}} Counter
 * @typedef {"badge" | "voucher" | "gate" | "damaged" | "not_ours"} Wrong a code of another use, a damaged one, or none of ours
 * @typedef {Poster | Counter | {kind: Wrong}} Scanned `foreign`: its address is of another site
 */

/** @param {string} text @param {string} origin of our own site @returns {Scanned} */
export function scanned(text, origin) {
  if (/^SK1C?:/.test(text)) return { kind: "badge" };
  if (looksLikeVoucher(text)) return { kind: "voucher" };
  const url = addressIn(text);
  if (!url) return { kind: "not_ours" };
  if (url.pathname === "/badge" && url.searchParams.has("gate")) return { kind: "gate" };
  if (url.pathname !== "/check-in") return { kind: "not_ours" };
  return codeIn(url.hash, url.origin !== origin) ?? { kind: "damaged" };
}

/** @param {string} hash of an address that leads to this page @param {boolean} foreign @returns {Poster | Counter | null} */
export function codeIn(hash, foreign = false) {
  const text = hash.slice(3);
  if (hash.startsWith("#p=")) {
    const code = readPoster(text);
    return code && { kind: "poster", text, code, foreign };
  }
  const code = hash.startsWith("#c=") ? readCounter(text) : null;
  return code && { kind: "counter", text, code, foreign };
}

/** @param {string} text */
function addressIn(text) {
  try {
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}
