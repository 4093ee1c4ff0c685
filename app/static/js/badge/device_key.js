// @ts-check
/**
 * This phone's key: made in the browser, never to be taken out of it, and trusted only once it was
 * stored, read back, and has signed.
 */
import { sign, verify } from "../sk1/keys.js";
import { compress } from "../sk1/points.js";
import { utf8 } from "../sk1/bytes.js";
import { changeBadge, loadBadge } from "./store.js";

/** This browser cannot make or keep such a key. */
export class NoKeys extends Error {}

/** @typedef {{keys: CryptoKeyPair, device_key: Uint8Array}} DeviceKey */

/** Whether the browser has what it takes; an address without TLS has not. */
export const canHoldKeys = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

/**
 * The key that is kept for this person, or a new one.
 * @param {number} owner
 * @returns {Promise<DeviceKey>}
 * @throws {NoKeys}
 */
export async function deviceKey(owner) {
  try {
    // One from an enrolment whose answer got lost: the centre may know it already.
    const kept = await readBack(owner);
    if (kept) return kept;
    const made = await makeKey();
    await changeBadge(owner, () => ({ ...made, badge: null, credential: null }));
    const found = await readBack(owner);
    if (!found) throw new NoKeys("not kept");
    return found;
  } catch (error) {
    throw error instanceof NoKeys ? error : new NoKeys("refused", { cause: error });
  }
}

/** @returns {Promise<DeviceKey>} */
async function makeKey() {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
  return { keys, device_key: compress(point) };
}

/** What is kept, if it signs. @param {number} owner @returns {Promise<DeviceKey | undefined>} */
async function readBack(owner) {
  const { keys, device_key } = (await loadBadge(owner)) ?? {};
  return keys && device_key && (await works(keys, device_key)) ? { keys, device_key } : undefined;
}

/** Whether a pair from the store still signs. @param {CryptoKeyPair} keys @param {Uint8Array} device_key */
export async function works(keys, device_key) {
  const message = utf8("SK1-test");
  try {
    return await verify(device_key, await sign(keys.privateKey, message), message);
  } catch {
    return false;
  }
}
