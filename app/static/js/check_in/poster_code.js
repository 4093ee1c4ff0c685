// @ts-check
/** The code on a station's poster. The server's is app/blueprints/stations/poster_codes.py, which tells the form. */
import { fromBase64url, fromHex, joined, utf8 } from "../sk1/bytes.js";
import { verify } from "../sk1/keys.js";

const VERSION = 1;
const FIELD_BYTES = 9;
const PREFIX = utf8("SKP1\0");
const TEXT = /^[A-Za-z0-9_-]{97}[AQgw]$/; // what is left over of the last character is zero

/**
 * @typedef {object} PosterCode
 * @property {number} kid
 * @property {number} station
 * @property {number} poster
 * @property {Uint8Array} signature
 * @property {Uint8Array} signed the message that the issuer signed, prefix and all
 *
 * @typedef {Record<string, string[]>} Keys compressed points in hexadecimal, by kid
 */

/** @param {string} text @returns {PosterCode | null} */
export function readPoster(text) {
  if (!TEXT.test(text)) return null;
  const bytes = fromBase64url(text);
  const view = new DataView(bytes.buffer, 0, FIELD_BYTES);
  if (view.getUint8(0) !== VERSION) return null;
  return {
    kid: view.getUint16(1), station: view.getUint32(3), poster: view.getUint16(7),
    signature: bytes.subarray(FIELD_BYTES), signed: joined(PREFIX, bytes.subarray(0, FIELD_BYTES)),
  };
}

/** Whether one of these keys signed it. @param {PosterCode} code @param {Keys} keys */
export async function isSigned({ kid, signature, signed }, keys) {
  for (const point of keys[kid] ?? []) {
    if (await verify(fromHex(point), signature, signed)) return true;
  }
  return false;
}
