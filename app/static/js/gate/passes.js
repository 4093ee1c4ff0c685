// @ts-check
/**
 * Writing down who passed. Each pass is a statement, signed by this phone's key and chained to the
 * one before by its hash, so that a missing or altered one shows. Statement and head of the chain
 * are written in one transaction, and by one tab at a time.
 */
import { uuid7 } from "../outbox/ids.js";
import { enqueue } from "../outbox/items.js";
import { joined, toBase64url, toHex, utf8 } from "../sk1/bytes.js";
import { sign } from "../sk1/keys.js";
import { today, withMove, withoutMove } from "./day.js";
import { kept } from "./store.js";
import { nowMs } from "./time.js";

/**
 * @typedef {import("./store.js").Scanner} Scanner
 * @typedef {import("./store.js").Chain} Chain
 *
 * @typedef {object} Passing
 * @property {string} guard
 * @property {"entry" | "exit"} direction
 * @property {"foot" | "ebike"} vehicle
 * @property {"live" | "printed" | "short" | "manual"} method
 * @property {string | null} code the text that was read
 * @property {string | null} short what was typed
 * @property {number | null} rider user id, when found by hand
 * @property {{level: string, reason: string, detail: string | null}} verdict
 * @property {"entered" | "refused"} outcome
 * @property {number} list_iat seconds
 * @property {string | null} challenge hexadecimal
 */

const LOCK = "gate-chain";
const PREFIX = utf8("SK1-pass\0");
const FIRST = utf8("SK1-chain\0");

/** What a chain begins with. @param {Uint8Array} device_key @returns {Promise<Chain>} */
export async function newChain(device_key) {
  return { seq: 0, hash: await sha256(joined(FIRST, device_key)) };
}

/**
 * @param {Scanner} scanner
 * @param {Passing} passing
 * @param {{label: string, badge: string | null}} who
 * @returns {Promise<string>} the key of the item
 */
export function recordPass(scanner, passing, { label, badge }) {
  const key = uuid7();
  const entered = passing.outcome === "entered";
  const move = { key, badge, direction: passing.direction, printed: passing.method === "printed" };
  const { guard, ...rest } = passing;
  return append(scanner, key, label, "pass", { guard, ...rest }, (day) => (entered ? withMove(day, move) : day));
}

/**
 * Take a pass back.
 * @param {Scanner} scanner
 * @param {string} undone the pass's key
 * @param {{guard: string, label: string}} about
 * @returns {Promise<string>} the key of the item
 */
export function recordUndo(scanner, undone, { guard, label }) {
  return append(scanner, uuid7(), label, "undo", { guard, undo: undone }, (day) => withoutMove(day, undone));
}

/**
 * @param {Scanner} scanner
 * @param {string} key
 * @param {string} label
 * @param {"pass" | "undo"} kind
 * @param {Record<string, unknown>} about
 * @param {(day: import("./day.js").Day) => import("./day.js").Day} count
 * @returns {Promise<string>}
 */
function append(scanner, key, label, kind, about, count) {
  return alone(async () => {
    const chain = /** @type {Chain} */ (await kept("chain"));
    const at = nowMs();
    const head = { v: 1, kind, scanner: scanner.id, seq: chain.seq + 1, prev: chain.hash, at, gate: scanner.gate.id };
    const statement = JSON.stringify({ ...head, ...about });
    const signature = await sign(scanner.keys.privateKey, joined(PREFIX, utf8(statement)));
    const next = { seq: chain.seq + 1, hash: await sha256(utf8(statement)) };
    const fields = { statement, signature: toBase64url(signature) };
    await enqueue({ key, owner: scanner.user, kind: "pass", fields, label }, [], {}, {
      stores: ["gate"],
      write: async (transaction) => {
        const store = transaction.objectStore("gate");
        await store.put(next, "chain");
        await store.put(count(today(await store.get("day"), at)), "day");
      },
    });
    return key;
  });
}

/** One statement at a time in all tabs: each names the one before. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
async function alone(work) {
  return navigator.locks ? navigator.locks.request(LOCK, work) : work();
}

/** @param {Uint8Array} bytes @returns {Promise<string>} hexadecimal */
async function sha256(bytes) {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {Uint8Array<ArrayBuffer>} */ (bytes))));
}
