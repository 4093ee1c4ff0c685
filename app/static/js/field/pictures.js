// @ts-check
/** Pictures of the first cases, fetched ahead, so that the problem is seen without network too. */
import { database } from "../outbox/database.js";

const CASES = 40;
const MOST_BYTES = 24 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
/** @type {Map<string, string>} from the address to one of this page's own */
const shown = new Map();
/** @type {Promise<void> | undefined} */
let fetching;

/** @typedef {{thumb: string, large: string, ready: boolean, width: number, height: number}} Picture */

/** The pictures that a case cannot do without: the problem, and the last proof. @param {Record<string, any>} one */
export function chiefPictures(one) {
  const proofs = one.history.flatMap((/** @type {any} */ entry) => entry.pictures);
  return [one.photos[0], proofs.at(-1)].filter((/** @type {Picture | undefined} */ picture) => picture?.ready);
}

/** Where a picture is to be had: on this phone, or from the centre. @param {number} owner @param {string} url */
export async function sourceOf(owner, url) {
  const known = shown.get(url);
  if (known) return known;
  const found = await (await database()).get("case_pictures", [owner, url]).catch(() => undefined);
  if (!found) return url;
  const made = URL.createObjectURL(new Blob([found.bytes], { type: "image/jpeg" }));
  shown.set(url, made);
  return made;
}

/** Fetch those that are missing, small ones first, and let go of what is no longer needed. @param {number} owner @param {Record<string, any>[]} cases in the order of work */
export function keepPictures(owner, cases) {
  fetching ??= fetchMissing(owner, cases).catch(() => undefined).finally(() => { fetching = undefined; });
  return fetching;
}

/** @param {number} owner @param {Record<string, any>[]} cases */
async function fetchMissing(owner, cases) {
  const pictures = cases.slice(0, CASES).flatMap(chiefPictures);
  const wanted = [...pictures.map((one) => one.thumb), ...pictures.map((one) => one.large)];
  let room = MOST_BYTES - (await letGo(owner, new Set(wanted)));
  const db = await database();
  for (const url of wanted) {
    if (await db.getKey("case_pictures", [owner, url])) continue;
    const bytes = await fetchOne(url);
    if (!bytes) return; // no network, or signed out: the next renewal goes on
    room -= bytes.byteLength;
    if (room < 0) return;
    await db.put("case_pictures", { owner, url, bytes });
  }
}

/** @param {number} owner @param {Set<string>} wanted @returns {Promise<number>} bytes that stay */
async function letGo(owner, wanted) {
  const transaction = (await database()).transaction("case_pictures", "readwrite");
  let bytes = 0;
  for (let cursor = await transaction.store.index("owner").openCursor(owner); cursor; cursor = await cursor.continue()) {
    if (wanted.has(cursor.value.url)) bytes += cursor.value.bytes.byteLength;
    else await cursor.delete();
  }
  await transaction.done;
  return bytes;
}

/** @param {string} url @returns {Promise<ArrayBuffer | undefined>} */
async function fetchOne(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
    return response.ok ? await response.arrayBuffer() : undefined;
  } catch {
    return undefined;
  }
}
