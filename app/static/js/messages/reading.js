// @ts-check
/** A message was opened on this phone: noted here at once, and told to the centre. */
import { call, QUICK_MS } from "../outbox/calls.js";
import { owner } from "../outbox/items.js";
import { announceMessages } from "./count.js";
import { keepRead, keptMessages } from "./keep.js";

/** On this phone alone. @param {number} id */
export async function readHere(id) {
  const user = await owner();
  if (user !== null) await keepRead(user, id, false);
  announceMessages();
}

/** To the centre; told once more later, when it does not answer. @param {number} id */
export async function sayRead(id) {
  const user = await owner();
  if (user !== null && (await tellRead(id))) await keepRead(user, id, true);
}

/** What was read with no network. */
export async function tellWhatWasRead() {
  const user = await owner();
  if (user === null) return;
  for (const row of (await keptMessages(user)).filter((one) => one.untold)) {
    if (!(await tellRead(row.id))) return;
    await keepRead(user, row.id, true);
  }
}

/** @param {number} id @returns {Promise<boolean>} whether the centre knows; a message that is gone needs no telling */
async function tellRead(id) {
  const { status } = await call(`/messages/${id}/read`, { method: "POST", timeoutMs: QUICK_MS });
  return status === 204 || status === 404;
}
