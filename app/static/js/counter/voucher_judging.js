// @ts-check
/** Whether a voucher is to be handed out, by what this device knows. No network, no screen. */
import { isSigned, readVoucher } from "../vouchers/voucher_code.js";

/**
 * @typedef {object} Open a voucher that waits at one of the host's stations
 * @property {number} id
 * @property {string} number 10 digits
 * @property {number} station
 * @property {number} reward
 * @property {number} until ms
 * @property {string} label whose it is, most of the name hidden
 * @property {[number, number] | null} slot ms
 *
 * @typedef {object} Given one that was handed out lately at one of these stations
 * @property {number} id
 * @property {string} number
 * @property {number} station
 * @property {number} at ms
 *
 * @typedef {object} Vouchers as the centre tells a counter
 * @property {Open[]} open
 * @property {Given[]} given
 *
 * @typedef {{id: number, number: string | null, station: number, at: number}} Handed on this device
 *
 * @typedef {object} Known
 * @property {Record<string, string[]>} keys of the issuer
 * @property {number} now_ms by the centre's clock
 * @property {number} station at which this counter stands
 * @property {Vouchers} vouchers
 * @property {number} told_to every voucher up to this one, by its row, that is for one of these
 *   stations is in `open` while it is good; 0: some were left out
 * @property {Handed[]} handed
 *
 * @typedef {"right" | "damaged" | "unknown_key" | "forged" | "given" | "other_station" | "expired" | "ended" | "unknown"} Reason
 *   ended: given back, or over otherwise; unknown: by its number alone nothing is known of it here
 *
 * @typedef {object} Judged
 * @property {Reason} reason
 * @property {number} id of the redemption, 0 when it cannot be told
 * @property {string | null} number
 * @property {number} reward 0 when it cannot be told
 * @property {number} station where it is to be handed out; 0: anywhere, or not known
 * @property {number} until ms, 0: not known
 * @property {string} label
 * @property {[number, number] | null} slot
 * @property {{at: number, station: number} | null} given where and when it was handed out
 */

/** @type {Vouchers} */
export const NO_VOUCHERS = { open: [], given: [] };
/** @type {Omit<Judged, "reason">} */
const NOTHING = { id: 0, number: null, reward: 0, station: 0, until: 0, label: "", slot: null, given: null };

/** @param {string} text before the camera @param {Known} known @returns {Promise<Judged>} */
export async function judgeVoucher(text, known) {
  const code = readVoucher(text);
  if (!code) return { ...NOTHING, reason: "damaged" };
  if (!known.keys[code.kid]) return { ...NOTHING, reason: "unknown_key" };
  if (!(await isSigned(code, known.keys))) return { ...NOTHING, reason: "forged" };
  const open = known.vouchers.open.find(({ id }) => id === code.redemption);
  const said = { id: code.redemption, reward: code.reward, station: code.station, until: code.until_s * 1000 };
  return judged({ ...NOTHING, ...said, ...pick(open) }, known, isEnded(code, open, known));
}

/** @param {string} number 10 digits @param {Known} known @returns {Judged} */
export function judgeNumber(number, known) {
  const open = known.vouchers.open.find((one) => one.number === number);
  const given = known.vouchers.given.find((one) => one.number === number) ?? known.handed.find((one) => one.number === number);
  if (!open && !given) return { ...NOTHING, number, reason: "unknown" };
  return judged({ ...NOTHING, id: given?.id ?? 0, number, ...open }, known, false);
}

/**
 * What the centre says, unless this device handed the voucher out, which the centre has not heard of.
 * @template {{reason: string, voucher?: {id: number}} | null | undefined} Said
 * @param {Said} said @param {Pick<Known, "handed">} known @returns {Said}
 */
export function unlessHanded(said, { handed }) {
  const here = said?.reason === "right" && handed.find(({ id }) => id === said.voucher?.id);
  return here ? { ...said, reason: "given", given: here } : said;
}

/** @param {Open | undefined} open */
function pick(open) {
  return open ? { number: open.number, label: open.label, slot: open.slot } : {};
}

/**
 * Those of one station are told to its counter while they are good: one that is not among them, and
 * was made before they were told, is good no more.
 * @param {import("../vouchers/voucher_code.js").VoucherCode} code @param {Open | undefined} open @param {Known} known
 */
const isEnded = (code, open, { told_to }) => !open && code.redemption <= told_to;

/** @param {Omit<Judged, "reason">} one @param {Known} known @param {boolean} ended @returns {Judged} */
function judged(one, { now_ms, station, vouchers, handed }, ended) {
  const is = (/** @type {{id: number}} */ { id }) => id === one.id;
  const given = handed.find(is) ?? vouchers.given.find(is);
  if (given) return { ...one, reason: "given", given: { at: given.at, station: given.station } };
  if (one.station && one.station !== station) return { ...one, reason: "other_station" };
  if (one.until <= now_ms) return { ...one, reason: "expired" };
  return { ...one, reason: ended && one.station ? "ended" : "right" };
}
