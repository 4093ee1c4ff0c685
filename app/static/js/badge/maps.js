// @ts-check
/** Building maps of compounds that the rider has entered, kept on the phone. */
import { failure } from "../outbox/answers.js";
import { call, QUICK_MS } from "../outbox/calls.js";
import { database } from "../outbox/database.js";

const MOST = 30;

/** @typedef {import("../outbox/database.js").Map} KeptMap */

/** @returns {Promise<KeptMap[]>} the one fetched last comes first */
export async function keptMaps() {
  const all = await (await database()).getAll("maps");
  return all.sort((/** @type {KeptMap} */ one, /** @type {KeptMap} */ other) => other.kept_at - one.kept_at);
}

/**
 * Fetch a compound's map and keep it; what was kept before stays when that fails.
 * @param {number} compound
 * @returns {Promise<KeptMap | undefined>} the newest that is had
 */
export async function fetchMap(compound) {
  const heard = await call(`/maps/${compound}`, { timeoutMs: QUICK_MS });
  const db = await database();
  const before = await db.get("maps", compound);
  if (failure(heard) || !Array.isArray(heard.json?.buildings)) return before;
  const picture = await pictureOf(compound, heard.json.picture, before).catch(() => before?.picture ?? null);
  const map = { compound, data: heard.json, picture, kept_at: Date.now() };
  await db.put("maps", map);
  await forgetOldest();
  return map;
}

/** @param {number} compound @param {string | null} sha256 @param {KeptMap | undefined} before @returns {Promise<ArrayBuffer | null>} */
async function pictureOf(compound, sha256, before) {
  if (!sha256) return null;
  if (before?.picture && before.data.picture === sha256) return before.picture;
  const response = await fetch(`/maps/${compound}/picture/${sha256}.jpg`, { signal: AbortSignal.timeout(QUICK_MS) });
  if (!response.ok) throw new Error("no picture");
  return response.arrayBuffer();
}

async function forgetOldest() {
  const db = await database();
  for (const { compound } of (await keptMaps()).slice(MOST)) await db.delete("maps", compound);
}
