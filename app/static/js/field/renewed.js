// @ts-check
/** What is kept once the centre has told the list anew. */

/** @typedef {import("../outbox/database.js").Work} Work */

/**
 * What was still waiting when the list was asked for is not in it; what had been sent is. A case
 * that left the list is kept while something of it is on this phone.
 * @param {Work | undefined} before
 * @param {{etag: string | null, data: Record<string, any>, user: number, now: number}} fresh
 * @param {{keys: Set<string>, cases: Set<number>}} here items that waited when the list was asked
 *   for, and cases of which an item or a draft is on this phone
 * @returns {Work}
 */
export function renewed(before, fresh, here) {
  const listed = new Set(fresh.data.cases.map((/** @type {any} */ one) => one.id));
  const known = [...(before?.data.cases ?? []), ...Object.values(before?.gone ?? {})];
  const gone = known.filter((one) => !listed.has(one.id) && here.cases.has(one.id));
  return {
    owner: fresh.user, etag: fresh.etag, data: fresh.data, fetched_at: fresh.now,
    gone: Object.fromEntries(gone.map((one) => [one.id, one])),
    taken: (before?.taken ?? []).filter((step) => here.keys.has(step.key)),
  };
}
