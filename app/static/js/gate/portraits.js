// @ts-check
/** Portraits of riders seen at this gate, kept on the phone; a few hundred, the oldest go. */
import { database } from "../outbox/database.js";
import { toHex } from "../sk1/bytes.js";

export const MOST = 600;
const NONE = "0".repeat(16);
const TIMEOUT_MS = 15_000;

/** @param {string} prefix 16 hexadecimal digits @returns {Promise<Blob | null>} what is kept */
export async function keptPortrait(prefix) {
  if (!prefix || prefix === NONE) return null;
  const db = await database();
  const found = await db.get("portraits", prefix);
  if (!found) return null;
  db.put("portraits", { ...found, used_at: Date.now() }).catch(() => undefined);
  return new Blob([found.bytes], { type: "image/jpeg" });
}

/** From the centre; null when there is none or no network. @param {string} prefix @returns {Promise<Blob | null>} */
export async function fetchedPortrait(prefix) {
  const bytes = prefix && prefix !== NONE ? await fetchOne(prefix) : null;
  return bytes && new Blob([bytes], { type: "image/jpeg" });
}

/**
 * The centre's answer counts only when the picture is the one that the issuer signed for.
 * @param {string} prefix
 * @returns {Promise<ArrayBuffer | null>}
 */
async function fetchOne(prefix) {
  try {
    const response = await fetch(`/gate/portraits/${prefix}.jpg`, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return null;
    const bytes = await response.arrayBuffer();
    const digest = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    if (!digest.startsWith(prefix)) return null;
    await (await database()).put("portraits", { prefix, bytes, used_at: Date.now() }).catch(() => undefined);
    return bytes;
  } catch {
    return null;
  }
}

/** @type {Promise<void> | undefined} */
let fetching;

/**
 * Fetch ahead those that are missing, one after another, and let the oldest go.
 * @param {string[]} prefixes
 */
export function fetchPortraits(prefixes) {
  fetching ??= fetchMissing(prefixes).catch(() => undefined).finally(() => { fetching = undefined; });
  return fetching;
}

/** @param {string[]} prefixes */
async function fetchMissing(prefixes) {
  const db = await database();
  const held = new Set(await db.getAllKeys("portraits"));
  for (const prefix of new Set(prefixes.slice(0, MOST))) {
    if (!prefix || prefix === NONE || held.has(prefix)) continue;
    if (!navigator.onLine) return;
    await fetchOne(prefix);
  }
  await forgetOldest();
}

async function forgetOldest() {
  const transaction = (await database()).transaction("portraits", "readwrite");
  let over = (await transaction.store.count()) - MOST;
  let cursor = over > 0 ? await transaction.store.index("used_at").openCursor() : null;
  for (; cursor && over > 0; over--) {
    await cursor.delete();
    cursor = await cursor.continue();
  }
  await transaction.done;
}
