// @ts-check
/** How many messages are unread, as pages of the centre and pushes say; known to pages and worker. */
import { fact, setFact } from "../outbox/database.js";
import { owner } from "../outbox/items.js";

/** @type {BroadcastChannel | undefined} */
let channel;

function openChannel() {
  channel ??= new BroadcastChannel("messages");
  return channel;
}

/** Tell every open page that something came or was read. */
export function announceMessages() {
  openChannel().postMessage("changed");
}

/** @param {() => void} listener called when the worker or another page says so */
export function onMessages(listener) {
  openChannel().addEventListener("message", listener);
}

/** Of whoever is signed in. @returns {Promise<number>} */
export async function unreadCount() {
  const [user, kept] = [await owner(), await fact("unread")];
  return user !== null && kept?.user === user ? kept.count : 0;
}

/** @param {number} user @param {number} count */
export async function setUnread(user, count) {
  await setFact("unread", { user, count: Math.max(count, 0) });
}
