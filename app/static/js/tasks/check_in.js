// @ts-check
/** Whether the rider has checked in where the task asks for it, as far as this phone knows. */
import { codeIn } from "../check_in/scanned.js";
import { REFUSED } from "./shown.js";

/**
 * @typedef {import("../outbox/database.js").Item} Item
 * @typedef {import("../outbox/database.js").Receipt} Receipt
 */

const BEFORE_MS = 3_600_000; // so long before the claim it may lie, as app/blueprints/tasks/proof.py has it

/**
 * By what the centre has said, or by a check-in that it had not heard of then: one that waits on
 * this phone, or was received since.
 * @param {Record<string, any>} task
 * @param {Item[]} items of the person
 * @param {Receipt[]} since receipts that the list may not tell of
 */
export function hasCheckedIn({ proof, claim }, items, since) {
  if (!proof.check_in || !claim) return false;
  if (claim.checked_in) return true;
  const waiting = items.filter(({ kind, state }) => kind === "check_in" && !REFUSED.includes(state));
  const known = [
    ...waiting.map(({ fields, captured_at, server_offset }) => ({ ...fields, at: captured_at + (server_offset ?? 0) })),
    ...since.flatMap(({ check_in }) => check_in ?? []),
  ];
  return known.some((one) => isAt(one, proof.check_in.id) && one.at >= claim.claimed_at - BEFORE_MS);
}

/** Check-ins that were received after the list was asked for. @param {Receipt[]} receipts @param {number} asked_at ms by the phone's clock */
export function receivedSince(receipts, asked_at) {
  return receipts.filter(({ check_in }) => check_in && check_in.settled_at >= asked_at);
}

/** @param {Record<string, any>} said @param {number} station */
function isAt({ way, code }, station) {
  return codeIn(`#${way === "poster" ? "p" : "c"}=${code}`)?.code.station === station;
}
