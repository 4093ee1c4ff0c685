// @ts-check
/** A rider's vouchers as this phone keeps them: asked for anew where there is network, there without. */
import { isOurs } from "../outbox/answers.js";
import { call, QUICK_MS } from "../outbox/calls.js";
import { database } from "../outbox/database.js";
import { rememberSession } from "../outbox/drainer.js";

/**
 * @typedef {{zh: string, en: string}} Name
 *
 * @typedef {object} Voucher
 * @property {number} id
 * @property {string} number 10 digits, to be read out
 * @property {string} code what the QR code holds; "" once it is over
 * @property {"held" | "given" | "expired" | "cancelled"} state as the centre said
 * @property {string} kind of the reward
 * @property {Name} reward
 * @property {number} cost points
 * @property {Name | null} station null: any station
 * @property {number} until ms
 * @property {number} made_at ms
 * @property {number} moved_at ms, when it came to its state
 * @property {[number, number] | null} slot ms, from and to: of a service at a time
 *
 * @typedef {object} Kept
 * @property {number} owner user id
 * @property {string | null} etag
 * @property {{version: number, user: number, now: number, vouchers: Voucher[]}} data as GET /vouchers/mine.json answered
 * @property {number} fetched_at ms by the phone's clock
 *
 * @typedef {"fresh" | "offline" | "signed_out" | "not_rider"} Heard
 */

const PATH = "/vouchers/mine.json";
const VERSION = 1;

/** @param {number | null} owner @returns {Promise<Kept | undefined>} */
export async function keptVouchers(owner) {
  if (owner === null) return undefined;
  const row = await (await database()).get("vouchers", owner);
  return row?.data?.version === VERSION ? row : undefined;
}

/**
 * Ask the centre, for whoever is signed in by now.
 * @param {Kept | undefined} held
 * @returns {Promise<{heard: Heard, kept: Kept | undefined}>}
 */
export async function renewVouchers(held) {
  const began = Date.now();
  const answer = await call(PATH, { etag: held?.etag, timeoutMs: QUICK_MS });
  if (answer.status === 304 && held) return { heard: "fresh", kept: await keep({ ...held, fetched_at: Date.now() }) };
  if (answer.status === 200 && answer.json?.version === VERSION) {
    const { user, now } = answer.json;
    await rememberSession(user, Math.round(now - (began + Date.now()) / 2)).catch(() => undefined);
    return { heard: "fresh", kept: await keep({ owner: user, etag: answer.etag ?? null, data: answer.json, fetched_at: Date.now() }) };
  }
  if (answer.status === 401 && isOurs(answer)) return { heard: "signed_out", kept: held };
  if (answer.status === 403 && isOurs(answer)) return { heard: "not_rider", kept: undefined };
  return { heard: "offline", kept: held };
}

/** @param {Kept} row @returns {Promise<Kept>} */
async function keep(row) {
  await database().then((db) => db.put("vouchers", row)).catch(() => undefined); // a full phone still has it in hand
  return row;
}

/** Signing out: whoever holds the phone next can show nothing. @param {number} owner */
export async function forgetVouchers(owner) {
  await (await database()).delete("vouchers", owner);
}
