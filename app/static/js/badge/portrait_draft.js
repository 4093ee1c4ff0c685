// @ts-check
/** A portrait that was taken and has not reached the centre, kept until it has. */
import { database } from "../outbox/database.js";
import { uuid7 } from "../outbox/ids.js";

/** @param {number} owner */
const idOf = (owner) => `portrait:${owner}`;

/** @param {number} owner @returns {Promise<import("../outbox/database.js").Photo | undefined>} */
export async function keptShot(owner) {
  return (await (await database()).get("drafts", idOf(owner)))?.photos[0];
}

/** @param {number} owner @param {import("./portrait_shot.js").Shot} shot */
export async function keepShot(owner, shot) {
  const photos = [{ ...shot, owner }];
  await (await database()).put("drafts", { id: idOf(owner), owner, key: uuid7(), fields: {}, photos, saved_at: Date.now() });
}

/** @param {number} owner */
export async function dropShot(owner) {
  await (await database()).delete("drafts", idOf(owner));
}
