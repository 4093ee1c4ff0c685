// @ts-check
/**
 * Whether whoever shows a code may enter: docs/protocols/badge.md, "Verdict". Checked in the order
 * of its table; the first that applies is the answer, so a red always beats an amber. The server's
 * is app/blueprints/badges/verdict.py.
 */
import { fromHex, sameBytes } from "./bytes.js";
import { decode, Unreadable } from "./codec.js";
import { verify } from "./keys.js";
import { SUSPENDED, VALID } from "./status_list.js";

/**
 * @typedef {import("./codec.js").Code} Code
 * @typedef {import("./codec.js").Proof} Proof
 * @typedef {"green" | "amber" | "red"} Level
 * @typedef {{iat: number, exp: number, statusAt: (index: number) => number | null}} ListInHand
 *   seconds; null past the end of the list
 *
 * @typedef {object} Reader what a reader knows
 * @property {number} now_s its clock, corrected by its server offset
 * @property {Record<string, string[]>} keys compressed points in hexadecimal, by kid
 * @property {number[]} scopes the groups of its compound
 * @property {ListInHand} list
 * @property {Uint8Array | null} challenge what it asked for
 * @property {(code: Code) => string | null} [gateRefuses] which of the gate's own rules says no
 * @property {import("./replays.js").Replays} replays
 *
 * @typedef {{level: Level, reason: string, detail: string | null, code: Code | null}} Verdict
 *   detail is the gate's rule
 */

const HOUR_S = 3600;
const CLOCK_RED_S = 600;
const CLOCK_AMBER_S = 90;
export const LIST_RED_S = 72 * HOUR_S;
export const LIST_AMBER_S = 24 * HOUR_S;
const AMBER = ["clock_skew", "printed", "list_stale", "short_code"];
const NO_CHALLENGE = new Uint8Array();

/**
 * Judge a text. What is not red is remembered in `reader.replays` as accepted. Never throws.
 * @param {string} text
 * @param {Reader} reader
 * @returns {Promise<Verdict>}
 */
export async function judge(text, reader) {
  const code = read(text);
  if (typeof code === "string") return verdict(code, null, null);
  const signed = await whatIsSigned(code, reader);
  // From here on nothing waits, so two looks at one code cannot both be the first.
  const [reason, detail] = reasonOf(code, reader, signed);
  const found = verdict(reason, detail, code);
  if (code.proof && found.level !== "red") reader.replays.accept(code, reader.now_s);
  return found;
}

/** @param {string} reason @returns {Level} */
export function levelOf(reason) {
  if (reason === "ok") return "green";
  return AMBER.includes(reason) ? "amber" : "red";
}

/** @param {string} reason @param {string | null} detail @param {Code | null} code @returns {Verdict} */
function verdict(reason, detail, code) {
  return { level: levelOf(reason), reason, detail, code };
}

/** @param {string} text @returns {Code | "not_ours" | "malformed"} */
function read(text) {
  try {
    return decode(text);
  } catch (error) {
    return error instanceof Unreadable ? error.reason : "malformed";
  }
}

/**
 * @typedef {{byIssuer: boolean, byPhone: boolean}} Signed
 * @param {Code} code
 * @param {Reader} reader
 * @returns {Promise<Signed>}
 */
async function whatIsSigned({ credential, proof }, { keys }) {
  const points = (keys[credential.kid] ?? []).map(fromHex);
  const [byIssuer, byPhone] = await Promise.all([
    anyVerifies(points, credential.signature, credential.signed),
    proof && credential.device_key ? verify(credential.device_key, proof.signature, proof.signed) : false,
  ]);
  return { byIssuer, byPhone };
}

/** @param {Uint8Array[]} points @param {Uint8Array} signature @param {Uint8Array} message */
async function anyVerifies(points, signature, message) {
  for (const point of points) {
    if (await verify(point, signature, message)) return true;
  }
  return false;
}

/** @param {Code} code @param {Reader} reader @param {Signed} signed @returns {[string, string | null]} reason and detail */
function reasonOf(code, reader, signed) {
  const { credential, proof } = code;
  const status = reader.list.statusAt(credential.status_index);
  const red = issuerSaysNo(code, reader, signed) ?? listSaysNo(status);
  if (red) return [red, null];
  if (credential.scope !== 0 && !reader.scopes.includes(credential.scope)) return ["wrong_scope", null];
  const detail = reader.gateRefuses?.(code) ?? null;
  if (detail) return ["gate_closed", detail];
  return [(proof && proofSaysNo(code, proof, reader, signed)) ?? byAge(proof, status, reader), null];
}

/** @param {Code} code @param {Reader} reader @param {Signed} signed */
function issuerSaysNo({ credential }, { keys, now_s }, signed) {
  if (!keys[credential.kid]?.length) return "unknown_key";
  if (!signed.byIssuer) return "bad_signature";
  if (now_s < credential.issued_at * 60) return "not_yet_valid";
  return now_s >= credential.expires_at * 60 ? "expired" : null;
}

/** An unknown fourth value is read as revoked. @param {number | null} status */
export function listSaysNo(status) {
  if (status === null || status === VALID) return null;
  return status === SUSPENDED ? "suspended" : "revoked";
}

/** @param {Code} code @param {Proof} proof @param {Reader} reader @param {Signed} signed */
function proofSaysNo(code, proof, { now_s, challenge, replays }, signed) {
  if (!sameBytes(proof.challenge, challenge ?? NO_CHALLENGE) || !signed.byPhone) return "bad_proof";
  if (Math.abs(proof.time_s - now_s) > CLOCK_RED_S) return "clock";
  return replays.seen(code, now_s) ? "replayed" : null;
}

/** @param {ListInHand} list @param {number} now_s */
export function isListExpired(list, now_s) {
  return now_s - list.iat > LIST_RED_S || now_s >= list.exp;
}

/** What is left: how old list and proof are. @param {Proof | null} proof @param {number | null} status @param {Reader} reader */
function byAge(proof, status, { list, now_s }) {
  if (isListExpired(list, now_s)) return "list_expired";
  if (proof && Math.abs(proof.time_s - now_s) > CLOCK_AMBER_S) return "clock_skew";
  if (!proof) return "printed";
  return now_s - list.iat > LIST_AMBER_S || status === null ? "list_stale" : "ok";
}
