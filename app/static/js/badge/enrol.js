// @ts-check
/** Making this phone the rider's badge. */
import { isOurs } from "../outbox/answers.js";
import { call } from "../outbox/calls.js";
import { askToPersist } from "../pwa/persist.js";
import { bigEndian, joined, toBase64url, utf8 } from "../sk1/bytes.js";
import { sign } from "../sk1/keys.js";
import { keepCard, whyNot } from "./card.js";
import { nowS } from "./clock.js";
import { deviceKey, NoKeys } from "./device_key.js";

const PREFIX = utf8("SK1-enrol\0");

/** @typedef {"enrolled" | "elsewhere" | "refused" | import("./card.js").Outcome} Enrolled */

/**
 * @param {number} owner
 * @param {boolean} replace end the badge of another phone
 * @returns {Promise<Enrolled>} refused: this browser keeps no keys
 */
export async function enrol(owner, replace) {
  askToPersist();
  try {
    const { keys, device_key } = await deviceKey(owner);
    return await register(keys, device_key, replace);
  } catch (error) {
    if (error instanceof NoKeys) return "refused";
    throw error;
  }
}

/** @param {CryptoKeyPair} keys @param {Uint8Array} device_key @param {boolean} replace @returns {Promise<Enrolled>} */
async function register(keys, device_key, replace) {
  const began = Date.now();
  const time = nowS();
  const signature = await sign(keys.privateKey, joined(PREFIX, device_key, bigEndian(time, 4)));
  const body = { device_key: toBase64url(device_key), time, signature: toBase64url(signature), replace };
  const heard = await call("/badge/enrol", { method: "POST", body: JSON.stringify(body), type: "application/json" });
  if (heard.status === 409 && isOurs(heard)) return "elsewhere";
  const failed = whyNot(heard);
  if (failed) return failed;
  await keepCard(heard.json, began, device_key);
  return "enrolled";
}
