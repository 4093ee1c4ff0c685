// @ts-check
/** What this counter knows of vouchers, and writing down that one was handed out. */
import { nowMs } from "../badge/clock.js";
import { database } from "../outbox/database.js";
import { uuid7 } from "../outbox/ids.js";
import { call } from "../outbox/calls.js";
import { enqueue } from "../outbox/items.js";
import { words } from "../ui/words.js";
import { counter } from "./counter.js";
import { kept } from "./store.js";
import { countUnwritten } from "./strip.js";
import { NO_VOUCHERS } from "./voucher_judging.js";

/**
 * @typedef {import("./voucher_judging.js").Handed} Handed
 * @typedef {import("./voucher_judging.js").Judged} Judged
 */

export const HAND_OUT = "hand_out";
const HANDED_KEPT = 500;
/** Somebody stands before the counter: then what the device knows must do. */
const ASK_MS = 2_500;

/** @returns {Promise<import("./voucher_judging.js").Known>} */
export async function knownVouchers() {
  const { data } = /** @type {import("./bundle.js").Bundle} */ (counter.bundle);
  return {
    keys: data.issuer_keys, now_ms: nowMs(), station: counter.station ?? 0,
    vouchers: data.vouchers ?? NO_VOUCHERS, told_to: data.told_to ?? 0, handed: [...(await handedHere()), ...(await unsentHere())],
  };
}

/** @returns {Promise<Handed[]>} */
async function handedHere() {
  return (await kept("handed", counter.user).catch(() => undefined))?.list ?? [];
}

/** What waits here of whomever: a voucher is not handed out twice because the host has changed. @returns {Promise<Handed[]>} */
async function unsentHere() {
  const items = await database().then((db) => db.getAll("items")).catch(() => []);
  return items.filter((/** @type {any} */ { kind }) => kind === HAND_OUT).map((/** @type {any} */ { fields, captured_at, server_offset }) => (
    { id: fields.redemption, number: fields.number ?? null, station: fields.station, at: captured_at + (server_offset ?? 0) }));
}

/**
 * Write down that it was handed out, and that this device did. Both are kept, or nothing.
 * @param {Judged} judged @param {string | null} code the text that was scanned, null: by its number
 * @param {string} name of the reward
 * @returns {Promise<boolean>} whether it is on the device
 */
export async function handOut({ id, number }, code, name) {
  const { user, station } = counter;
  if (user === null || station === null) return false;
  const fields = { station, redemption: id, ...(code === null ? { number } : { code }) };
  const label = `${words("handed_item")} · ${name}`;
  try {
    await enqueue({ key: uuid7(), owner: user, kind: HAND_OUT, fields, label }, [], {}, alsoHanded(user, { id, number, station, at: nowMs() }));
    return true;
  } catch {
    countUnwritten();
    return false;
  }
}

/** @param {number} owner @param {Handed} handed @returns {import("../outbox/items.js").Also} */
function alsoHanded(owner, handed) {
  return {
    stores: ["counter"],
    write: async (transaction) => {
      const store = transaction.objectStore("counter");
      const row = await store.get("handed");
      const before = row?.owner === owner ? row.list : [];
      await store.put({ owner, list: [...before, handed].slice(-HANDED_KEPT) }, "handed");
    },
  };
}

/**
 * What the centre says of it, if it is to be reached at once.
 * @param {{code: string} | {number: string}} what
 * @returns {Promise<any>} a verdict as POST /counter/<id>/voucher.json gives it; null: not reached
 */
export async function askCentre(what) {
  if (!navigator.onLine || counter.heard === "offline" || counter.station === null) return null;
  const { status, json } = await call(`/counter/${counter.station}/voucher.json`, {
    method: "POST", body: JSON.stringify(what), type: "application/json", timeoutMs: ASK_MS,
  });
  return status === 200 && json?.user === counter.user ? json : null;
}
