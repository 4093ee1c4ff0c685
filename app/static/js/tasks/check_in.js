// @ts-check
/** Whether the rider has checked in where the task asks for it, as far as this phone knows. */
import { codeIn } from "../check_in/scanned.js";

/**
 * By what the centre has said, or by a check-in that still waits on this phone.
 * @param {Record<string, any>} task with its claim
 * @param {import("../outbox/database.js").Item[]} items of the person
 */
export function hasCheckedIn({ proof, claim }, items) {
  if (claim.checked_in) return true;
  return items.some((item) => item.kind === "check_in" && isAt(item.fields, proof.check_in.id)
    && item.captured_at + (item.server_offset ?? 0) >= claim.claimed_at);
}

/** @param {Record<string, any>} fields of a check-in @param {number} station */
function isAt({ way, code }, station) {
  return codeIn(`#${way === "poster" ? "p" : "c"}=${code}`)?.code.station === station;
}
