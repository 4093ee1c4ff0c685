// @ts-check
/**
 * The badge's code as text and as bytes: docs/protocols/badge.md, "Text form" and after. The
 * server's is app/blueprints/badges/codec.py.
 *
 * Whatever text comes, reading it gives a code of the right form or throws Unreadable, in time
 * bounded by the longest code that there is. Whether to believe it is for verdict.js.
 */
import { bigEndian, fromHex, joined, toHex, utf8 } from "./bytes.js";
import { decompress, POINT_BYTES } from "./points.js";

export const PREFIX = "SK1:";
export const CHALLENGE_PREFIX = "SK1C:";
export const CHALLENGE_DIGITS = 8;
const VERSION = 1;
const LIVE = 1; // the one flag: the badge has a device key
const PRINTED_BYTES = 110;
const LIVE_BYTES = 213;
const CHALLENGED_BYTES = 221;
export const CREDENTIAL_BYTES = 143; // of a live badge; a printed one is nothing but its credential
const SIGNATURE_BYTES = 64;
const MOST_DIGITS = BigInt(`0x01${"ff".repeat(CHALLENGED_BYTES)}`).toString().length;
const CREDENTIAL_PREFIX = utf8("SK1-cred\0");
const PROOF_PREFIX = utf8("SK1-proof\0");

/**
 * @typedef {object} Credential what the issuer says
 * @property {number} kid
 * @property {string} badge_id 16 hexadecimal digits
 * @property {number} status_index
 * @property {number} issued_at minutes since 1970-01-01 UTC
 * @property {number} expires_at minutes likewise
 * @property {number} scope
 * @property {string} label
 * @property {string} portrait 16 hexadecimal digits, zeros if there is none
 * @property {Uint8Array | null} device_key 33 bytes; null for a printed badge
 * @property {Uint8Array} signature
 * @property {Uint8Array} signed the message that the issuer signed, prefix and all
 * @property {Uint8Array} raw
 *
 * @typedef {object} Proof what the phone adds at the moment of showing
 * @property {number} time_s
 * @property {number} counter
 * @property {Uint8Array} challenge 0 or 8 bytes
 * @property {Uint8Array} signature
 * @property {Uint8Array} signed the message that the phone signed, prefix and all
 *
 * @typedef {{credential: Credential, proof: Proof | null, payload: Uint8Array}} Code
 */

/** The text is no code of this form; `reason` is a verdict's reason. */
export class Unreadable extends Error {
  /** @param {"not_ours" | "malformed"} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** @param {string} text @returns {Code} @throws {Unreadable} */
export function decode(text) {
  const payload = payloadOf(text);
  const size = payload.length === PRINTED_BYTES ? PRINTED_BYTES : CREDENTIAL_BYTES;
  const credential = readCredential(payload.subarray(0, size));
  const rest = payload.subarray(size);
  return { credential, proof: rest.length ? readProof(credential, rest) : null, payload };
}

/** @param {Uint8Array} payload @returns {string} the text of it */
export function toText(payload) {
  return PREFIX + BigInt(`0x01${toHex(payload)}`).toString();
}

/** @param {string} text @returns {Uint8Array} */
function payloadOf(text) {
  if (typeof text !== "string" || !text.startsWith(PREFIX)) throw new Unreadable("not_ours");
  // Before anything reads the number: work on it grows with the square of its length.
  if (text.length > PREFIX.length + MOST_DIGITS) throw new Unreadable("malformed");
  const digits = text.slice(PREFIX.length);
  if (!/^[1-9][0-9]*$/.test(digits)) throw new Unreadable("malformed");
  const hex = BigInt(digits).toString(16);
  const size = (hex.length - 1) / 2; // without the byte 0x01 in front, which leaves one digit
  if (hex[0] !== "1" || ![PRINTED_BYTES, LIVE_BYTES, CHALLENGED_BYTES].includes(size)) throw new Unreadable("malformed");
  return fromHex(hex.slice(1));
}

/** @param {Uint8Array} raw 110 or 143 bytes @returns {Credential} @throws {Unreadable} */
export function readCredential(raw) {
  const isLive = raw.length === CREDENTIAL_BYTES;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (raw[0] !== VERSION || raw[1] !== (isLive ? LIVE : 0)) throw new Unreadable("malformed");
  const fields = raw.subarray(0, -SIGNATURE_BYTES);
  return {
    kid: view.getUint16(2),
    badge_id: toHex(raw.subarray(4, 12)),
    status_index: view.getUint32(12),
    issued_at: view.getUint32(16),
    expires_at: view.getUint32(20),
    scope: view.getUint16(24),
    label: readLabel(raw.subarray(26, 38)),
    portrait: toHex(raw.subarray(38, 46)),
    device_key: isLive ? readPoint(raw.subarray(46, 46 + POINT_BYTES)) : null,
    signature: raw.subarray(-SIGNATURE_BYTES),
    signed: joined(CREDENTIAL_PREFIX, fields),
    raw,
  };
}

/** @param {Uint8Array} padded */
function readLabel(padded) {
  let end = padded.length;
  while (end && padded[end - 1] === 0) end -= 1;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(padded.subarray(0, end));
  } catch {
    throw new Unreadable("malformed");
  }
}

/** @param {Uint8Array} point */
function readPoint(point) {
  if (!decompress(point)) throw new Unreadable("malformed");
  return point;
}

/** @param {Credential} credential @param {Uint8Array} rest @returns {Proof} */
function readProof(credential, rest) {
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
  const fields = rest.subarray(0, -SIGNATURE_BYTES);
  return {
    time_s: view.getUint32(0),
    counter: view.getUint16(4),
    challenge: fields.subarray(6),
    signature: rest.subarray(-SIGNATURE_BYTES),
    signed: proofMessage(credential.raw, fields),
  };
}

/** What the phone signs. @param {Uint8Array} credential @param {Uint8Array} fields */
export function proofMessage(credential, fields) {
  return joined(PROOF_PREFIX, credential, fields);
}

/**
 * @param {{time_s: number, counter: number, challenge?: Uint8Array | null}} proof
 * @returns {Uint8Array} the fields of a proof, without the signature
 */
export function proofFields({ time_s, counter, challenge }) {
  return joined(bigEndian(time_s, 4), bigEndian(counter % 0x10000, 2), challenge ?? new Uint8Array());
}

/** What a gate shows to ask for a code. @param {string} digits eight */
export const challengeText = (digits) => CHALLENGE_PREFIX + digits;

/** The bytes of a challenge: its number, big-endian. @param {string} digits eight */
export const challengeBytes = (digits) => bigEndian(Number(digits), 8);

/** The eight digits in what was typed or read from a gate's screen, or null. @param {string} text */
export function challengeDigits(text) {
  const bare = text.length > 40 ? "" : text.trim().replace(/^SK1C:/, "").replace(/[\s-]/g, "");
  return /^[0-9]{8}$/.test(bare) ? bare : null;
}
