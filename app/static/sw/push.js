// @ts-check
/**
 * What the service worker does with a push: every one is shown, whatever is wrong with it, because
 * iPhones take the permission back after three that were not.
 */
import { announceMessages, setUnread } from "../js/messages/count.js";
import { keepMessages } from "../js/messages/keep.js";
import { readHere, sayRead } from "../js/messages/reading.js";
import { call, QUICK_MS } from "../js/outbox/calls.js";
import { fact } from "../js/outbox/database.js";
import { owner } from "../js/outbox/items.js";
import { detailsOf, readPush, unreadable } from "../js/push/message.js";
import { renew } from "../js/push/subscribe.js";
import { within } from "../js/push/within.js";
import { showAppBadge } from "../js/pwa/app_badge.js";

/** @typedef {import("../js/push/message.js").Pushed} Pushed */

const worker = /** @type {any} */ (globalThis);
const ICON = new URL("../icons/app-192.png", import.meta.url).pathname;
const SIGN = new URL("../icons/sign-96.png", import.meta.url).pathname;
const STORAGE_MS = 5_000; // a database that does not open must not keep a push from being shown; a slow phone takes seconds to open it
const MUTE_MS = 4_000; // a window may be opened for some seconds after the tap
const NOT_OURS = [401, 403, 404];

export function servePushes() {
  worker.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(onPush(event)));
  worker.addEventListener("notificationclick", (/** @type {any} */ event) => event.waitUntil(onClick(event)));
  worker.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) => event.waitUntil(onNewTerms()));
}

/** @param {any} event */
async function onPush(event) {
  const message = readPush(event) ?? unreadable(await within(fact("locale"), STORAGE_MS, undefined));
  await show(message);
  await Promise.allSettled([count(message), note(message)]);
  announceMessages();
}

/**
 * The same message sent twice shows once and makes one sound; another one in its place makes its own.
 * @param {Pushed} message
 */
async function show({ title, body, tag, lang, actions, id, url, topic }) {
  const same = tag ? await worker.registration.getNotifications({ tag }) : [];
  const renotify = same.length > 0 && same.every((/** @type {any} */ one) => one.data?.id !== id);
  await worker.registration.showNotification(title, {
    body, tag, lang, actions, renotify, dir: "ltr", icon: ICON, badge: SIGN, data: { id, url, topic },
  });
}

/** @param {Pushed} message */
async function count({ unread }) {
  const user = await owner();
  if (user === null || unread === null) return;
  await setUnread(user, unread);
  await showAppBadge();
}

/**
 * Say that it was shown, and keep it, unless the centre says that it is not for whoever is signed in.
 * @param {Pushed} message
 */
async function note({ id, title, body, url, topic }) {
  const user = await owner();
  if (user === null || id === null) return;
  const { status } = await call(`/messages/${id}/shown`, { method: "POST", timeoutMs: QUICK_MS });
  if (NOT_OURS.includes(status)) return;
  const headed = topic === "announcements";
  const told = { id, title, text: body, icon: "bell", tone: "going", url, headed, unread: true, at: Date.now() };
  await keepMessages(user, [told], { onlyNew: true });
}

/** @param {any} event */
async function onClick({ notification, action }) {
  notification.close();
  const { id, url, topic } = detailsOf(notification.data);
  if (action === "mute" && topic) return mute(topic);
  await Promise.allSettled([open(url), id === null ? undefined : noteRead(id)]);
}

/** @param {number} id */
async function noteRead(id) {
  await readHere(id);
  await Promise.allSettled([sayRead(id), showAppBadge()]);
}

/** When the centre cannot be told, the person may do it on the page. @param {string} topic */
async function mute(topic) {
  const { status } = await call("/messages/mute", {
    method: "POST", body: JSON.stringify({ topic }), type: "application/json", timeoutMs: MUTE_MS,
  });
  if (status !== 204) await open(`/messages/settings?mute=${encodeURIComponent(topic)}`);
}

/**
 * The window that shows the page already, or a new one; where none may be opened, any of ours goes there.
 * @param {string} path
 */
async function open(path) {
  const { href } = new URL(path, location.origin);
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((/** @type {any} */ one) => one.url === href);
  if (there) return there.focus();
  return worker.clients.openWindow(href).catch(() => windows[0]?.navigate(href));
}

/** The browser ended the subscription by itself. */
async function onNewTerms() {
  await renew(worker.registration);
}
