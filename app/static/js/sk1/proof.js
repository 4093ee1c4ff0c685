// @ts-check
/** The code of this moment: the credential, and a proof that this phone holds its key now. */
import { joined } from "./bytes.js";
import { proofFields, proofMessage, toText } from "./codec.js";
import { sign } from "./keys.js";

/**
 * @param {Uint8Array} credential
 * @param {CryptoKeyPair} keys
 * @param {{time_s: number, counter: number, challenge?: Uint8Array | null}} proof
 * @returns {Promise<string>} the text of the QR code
 */
export async function liveCode(credential, keys, proof) {
  const fields = proofFields(proof);
  const signature = await sign(keys.privateKey, proofMessage(credential, fields));
  return toText(joined(credential, fields, signature));
}
