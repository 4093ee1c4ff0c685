// @ts-check
/** The centre's time, by this phone's clock and what it knows of the centre's. */
import { whoami } from "../outbox/calls.js";
import { fact } from "../outbox/database.js";
import { rememberSession } from "../outbox/drainer.js";

let offset_ms = 0;

/** Ms since 1970. */
export const nowMs = () => Date.now() + offset_ms;

/** Seconds since 1970, whole. */
export const nowS = () => Math.floor(nowMs() / 1000);

/** Read again what is known of the centre's clock: whoever sends learns it anew. */
export async function readOffset() {
  offset_ms = (await fact("session"))?.offset ?? 0;
}

/**
 * The centre said its time in an answer to what was asked at `began`.
 * @param {number} user
 * @param {number} theirs ms
 * @param {number} began ms by this phone's clock
 */
export async function learnOffset(user, theirs, began) {
  await rememberSession(user, Math.round(theirs - (began + Date.now()) / 2));
  await readOffset();
}

/** Ask the centre who this phone is signed in as, and its time. @returns {Promise<number | null>} */
export async function askWho() {
  const began = Date.now();
  const { json } = await whoami();
  if (typeof json?.user !== "number") return null;
  await learnOffset(json.user, json.now, began);
  return json.user;
}
