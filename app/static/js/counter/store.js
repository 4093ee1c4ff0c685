// @ts-check
/**
 * What a counter keeps: the bundle, who was there when last asked, what the host has chosen, and which
 * vouchers were handed out here.
 * Each row is its owner's: for anybody else it is as if it were not there.
 */
import { database } from "../outbox/database.js";

/** @typedef {"bundle" | "here" | "chosen" | "handed"} Name */

/** @param {Name} name @param {number | null} user @returns {Promise<any>} undefined: nothing of this person */
export async function kept(name, user) {
  const row = user === null ? undefined : await (await database()).get("counter", name);
  return row?.owner === user ? row : undefined;
}

/** @param {Name} name @param {number} user @param {Record<string, any>} value in place of whoever's was there */
export async function keep(name, user, value) {
  await (await database()).put("counter", { ...value, owner: user }, name);
}

/** Signing out: nothing of the stations stays but what waits to be sent. */
export async function forgetCounter() {
  await (await database()).clear("counter");
}
