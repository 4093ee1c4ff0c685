// @ts-check
/** What a gate phone keeps: its key, the gate's bundle, the head of its chain, who is on shift. */
import { database } from "../outbox/database.js";

/**
 * @typedef {object} Scanner
 * @property {number} id
 * @property {number} user whom this browser is signed in as
 * @property {CryptoKeyPair} keys P-256, the private one not extractable
 * @property {Uint8Array} device_key the public one as a compressed point, 33 bytes
 * @property {{id: number, zh: string, en: string}} gate
 *
 * @typedef {{seq: number, hash: string}} Chain number and SHA-256 (hex) of the statement before
 * @typedef {{guard: string, since: number, names: string[]}} Shift names typed here before
 * @typedef {"scanner" | "enrolling" | "bundle" | "chain" | "accepted" | "shift" | "day" | "tries"} Name
 */

/** @param {Name} name @returns {Promise<any>} */
export async function kept(name) {
  return (await database()).get("gate", name);
}

/** @param {Name} name @param {any} value */
export async function keep(name, value) {
  await (await database()).put("gate", value, name);
}

/**
 * Make one anew of what it was, with nobody in between.
 * @param {Name} name
 * @param {(before: any) => any} anew
 * @returns {Promise<any>}
 */
export async function rework(name, anew) {
  const transaction = (await database()).transaction("gate", "readwrite");
  const after = anew(await transaction.store.get(name));
  await transaction.store.put(after, name);
  await transaction.done;
  return after;
}

/** Several at once, all or none; `undefined` lets go of one. @param {Partial<Record<Name, any>>} values */
export async function keepAll(values) {
  const transaction = (await database()).transaction("gate", "readwrite", { durability: "strict" });
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) transaction.store.delete(name).catch(() => undefined);
    else transaction.store.put(value, name).catch(() => undefined);
  }
  await transaction.done;
}
