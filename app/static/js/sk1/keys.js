// @ts-check
/** ECDSA on P-256 with SHA-256 by the browser's own crypto; signatures are r then s, 64 bytes. */
import { toHex } from "./bytes.js";
import { decompress } from "./points.js";
import { Recent } from "./recent.js";

export const SIGNATURE_BYTES = 64;
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const ECDSA = { name: "ECDSA", hash: "SHA-256" };

/** @type {Recent<Promise<CryptoKey | null>>} */
const imported = new Recent(256);

/**
 * Whether the key of a compressed point signed a message; false for what is no point or signature.
 * @param {Uint8Array} point
 * @param {Uint8Array} signature
 * @param {Uint8Array} message
 * @returns {Promise<boolean>}
 */
export async function verify(point, signature, message) {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const key = await imported.get(toHex(point), () => importPoint(point));
  if (!key) return false;
  return crypto.subtle.verify(ECDSA, key, bare(signature), bare(message)).catch(() => false);
}

/** @param {Uint8Array} point @returns {Promise<CryptoKey | null>} */
async function importPoint(point) {
  const whole = decompress(point);
  return whole && crypto.subtle.importKey("raw", bare(whole), CURVE, true, ["verify"]).catch(() => null);
}

/** @param {CryptoKey} key private @param {Uint8Array} message @returns {Promise<Uint8Array>} */
export async function sign(key, message) {
  return new Uint8Array(await crypto.subtle.sign(ECDSA, key, bare(message)));
}

/** For the type checker: none of our bytes are shared between threads. @param {Uint8Array} bytes */
const bare = (bytes) => /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
