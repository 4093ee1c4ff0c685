// @ts-check
/** The code of a voucher. The server's is app/blueprints/rewards/voucher_codes.py, which tells the form. */
import { fromBase64url, fromHex, joined, utf8 } from "../sk1/bytes.js";
import { verify } from "../sk1/keys.js";

export const PREFIX = "SKV1:";
const VERSION = 1;
const FIELD_BYTES = 19;
const SIGNED_PREFIX = utf8("SKV1\0");
const TEXT = /^SKV1:[A-Za-z0-9_-]{110}[AEIMQUYcgkosw048]$/; // what is left over of the last character is zero

/**
 * @typedef {object} VoucherCode
 * @property {number} kid
 * @property {number} redemption
 * @property {number} reward
 * @property {number} station 0 if it may be handed out anywhere
 * @property {number} until_s seconds since 1970; it counts before, not at it
 * @property {Uint8Array} signature
 * @property {Uint8Array} signed the message that the issuer signed, prefix and all
 *
 * @typedef {Record<string, string[]>} Keys compressed points in hexadecimal, by kid
 */

/** Whether a text means to be a voucher's, sound or not. @param {string} text */
export const looksLikeVoucher = (text) => text.startsWith(PREFIX);

/** @param {string} text @returns {VoucherCode | null} */
export function readVoucher(text) {
  if (!TEXT.test(text)) return null;
  const bytes = fromBase64url(text.slice(PREFIX.length));
  const view = new DataView(bytes.buffer, 0, FIELD_BYTES);
  if (view.getUint8(0) !== VERSION) return null;
  return {
    kid: view.getUint16(1), redemption: view.getUint32(3), reward: view.getUint32(7), station: view.getUint32(11),
    until_s: view.getUint32(15), signature: bytes.subarray(FIELD_BYTES), signed: joined(SIGNED_PREFIX, bytes.subarray(0, FIELD_BYTES)),
  };
}

/** Whether one of these keys signed it. @param {VoucherCode} code @param {Keys} keys */
export async function isSigned({ kid, signature, signed }, keys) {
  for (const point of keys[kid] ?? []) {
    if (await verify(fromHex(point), signature, signed)) return true;
  }
  return false;
}
