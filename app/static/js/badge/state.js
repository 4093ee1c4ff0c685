// @ts-check
/** Which of its states the badge page is in: what is known decides, nothing is asked here. */

/**
 * @typedef {import("../outbox/database.js").Badge} Badge
 * @typedef {"asking" | "signed_out" | "first" | "refused" | "not_rider" | "none" | "elsewhere" | "moved" | "lost"
 *   | "portrait_none" | "portrait_pending" | "portrait_rejected" | "suspended" | "revoked" | "stale" | "code"} State
 *
 * @typedef {object} Known
 * @property {number | null} user who is signed in on this phone, as last known
 * @property {Badge | undefined} row
 * @property {boolean} canHoldKeys
 * @property {boolean} keysWork
 * @property {import("./card.js").Outcome | null} outcome of asking the centre; null before that
 * @property {number} now_ms the centre's time
 */

/** @param {Known} known @returns {State} */
export function stateOf({ user, row, canHoldKeys, keysWork, outcome, now_ms }) {
  if (outcome === "not_rider") return "not_rider";
  if (!canHoldKeys) return "refused";
  if (!row?.card) return withoutCard(user, outcome);
  const { holder } = row.card;
  if (holder.state !== "active") return holder.state;
  if (!row.badge) return withoutBadge(row);
  if (!row.keys || !keysWork) return "lost";
  if (row.card.badge?.state && row.card.badge.state !== "active") return row.card.badge.state;
  if (!row.credential) return withoutCredential(row.card.rider.portrait.state);
  return expiresAt(row) > now_ms ? "code" : "stale";
}

/** Whoever comes from signing in is not known here before the centre says it. @param {number | null} user @param {Known["outcome"]} outcome @returns {State} */
function withoutCard(user, outcome) {
  if (outcome === null) return "asking";
  return user === null || outcome === "signed_out" ? "signed_out" : "first";
}

/** @param {Badge} row @returns {State} */
function withoutBadge({ card }) {
  if (card?.moved) return "moved";
  return card?.badge ? "elsewhere" : "none";
}

/** The centre gives none while nobody has approved the face. @param {string} portrait @returns {State} */
function withoutCredential(portrait) {
  const states = /** @type {Record<string, State>} */ ({ none: "portrait_none", pending: "portrait_pending", rejected: "portrait_rejected" });
  return states[portrait] ?? "stale";
}

/** When the credential in hand runs out, ms. @param {Badge} row */
function expiresAt({ credential }) {
  if (!credential) return 0;
  return new DataView(credential.buffer, credential.byteOffset).getUint32(20) * 60_000;
}
