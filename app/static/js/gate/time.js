// @ts-check
/** The centre's time, by this phone's clock and what it knows of the centre's. */
import { nowMs, nowS, readSession } from "../badge/clock.js";
import { whoami } from "../outbox/calls.js";
import { rememberSession } from "../outbox/drainer.js";

export { nowMs, nowS, readSession };

/**
 * The centre said its time in an answer to what was asked at `began`.
 * @param {number} user
 * @param {number} theirs ms
 * @param {number} began ms by this phone's clock
 */
export async function learnOffset(user, theirs, began) {
  await rememberSession(user, Math.round(theirs - (began + Date.now()) / 2));
  await readSession();
}

/** Ask the centre who this phone is signed in as, and its time. @returns {Promise<number | null>} */
export async function askWho() {
  const began = Date.now();
  const { json } = await whoami();
  if (typeof json?.user !== "number") return null;
  await learnOffset(json.user, json.now, began);
  return json.user;
}
