// @ts-check
/**
 * The service worker: what it keeps, what it answers, and when a new one takes over.
 * It keeps static files and shells that know nobody; a page for a person is never kept.
 */
import { fact } from "../js/outbox/database.js";
import { drain, LOCK } from "../js/outbox/drainer.js";
import { servePushes } from "./push.js";

/**
 * @typedef {{files: string[], shells: string[]}} Pack what only some phones keep
 * @typedef {{version: string, precache: string[], shells: string[], packs: Record<string, Pack>, locales: string[]}} Setup
 */

const NAVIGATION_TIMEOUT_MS = 10_000;
const UNTOUCHED = /^\/(sync|sign-in|sign-out|language|healthz|readyz|sw\.js)(\/|$)/;
const FRAGMENT = "/offline/fragment";
/** @type {Record<string, string>} the shell that stands in for a page when there is no network */
const STAND_INS = { "/messages": "/messages/kept" };
const worker = /** @type {any} */ (globalThis);

/** @param {Setup} setup */
export function serve(setup) {
  const cacheName = `starknight-${setup.version}`;
  worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install(cacheName, setup)));
  worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate(cacheName)));
  worker.addEventListener("fetch", (/** @type {any} */ event) => {
    const answer = route(event.request, cacheName, setup);
    if (answer) event.respondWith(answer);
  });
  worker.addEventListener("message", (/** @type {any} */ event) => event.waitUntil(onMessage(event.data, cacheName, setup)));
  worker.addEventListener("sync", (/** @type {any} */ event) => {
    if (event.tag === "outbox") event.waitUntil(drainOrFail());
  });
  servePushes();
}

/** @param {string} shell @param {string} locale */
const localised = (shell, locale) => `${shell}?lang=${locale}`;

/** @param {string} cacheName @param {Setup} setup */
async function install(cacheName, setup) {
  const cache = await caches.open(cacheName);
  await cache.addAll(setup.precache);
  await cache.addAll(pages(setup.shells, setup));
  await keepPacks(cacheName, setup);
}

/**
 * Past the HTTP cache and without cookies: a shell is the same for everybody.
 * @param {string[]} shells
 * @param {Setup} setup
 */
function pages(shells, { locales }) {
  const paths = shells.flatMap((shell) => locales.map((locale) => localised(shell, locale)));
  return paths.map((path) => new Request(path, { cache: "reload", credentials: "omit" }));
}

/**
 * Keep what is still missing of the packs that this phone has asked for; a fact remembers them, so
 * that a newer version brings them along.
 * @param {string} cacheName
 * @param {Setup} setup
 */
async function keepPacks(cacheName, setup) {
  const cache = await caches.open(cacheName);
  for (const name of (await fact("packs").catch(() => undefined)) ?? []) {
    const { files = [], shells = [] } = setup.packs[name] ?? {};
    const wanted = [...files.map((file) => new Request(file)), ...pages(shells, setup)];
    const kept = await Promise.all(wanted.map((request) => cache.match(request)));
    await cache.addAll(wanted.filter((_request, index) => !kept[index]));
  }
}

/** @param {string} cacheName */
async function activate(cacheName) {
  await wipe(cacheName);
  await worker.clients.claim();
}

/** Delete every cache but this version's. @param {string} cacheName */
async function wipe(cacheName) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
}

/** What is still on the screen was for the person who goes. */
async function closeNotifications() {
  for (const one of (await worker.registration.getNotifications?.()) ?? []) one.close();
}

/** @param {string} message @param {string} cacheName @param {Setup} setup */
async function onMessage(message, cacheName, setup) {
  if (message === "signed out") return Promise.all([wipe(cacheName), closeNotifications()]);
  if (message === "keep packs") return keepPacks(cacheName, setup).catch(() => undefined); // asked again at the next start
  if (message === "take over") {
    // Whoever sends holds the lock: wait until the item is through.
    return navigator.locks ? navigator.locks.request(LOCK, () => worker.skipWaiting()) : worker.skipWaiting();
  }
  return undefined;
}

/** A rejected promise makes the browser wake us once more. */
async function drainOrFail() {
  const { left, needsLogin } = await drain({ force: true });
  if (left && !needsLogin) throw new Error("items wait");
}

/**
 * @param {Request} request
 * @param {string} cacheName
 * @param {Setup} setup
 * @returns {Promise<Response> | undefined} undefined leaves it to the browser
 */
function route(request, cacheName, { shells, packs }) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || UNTOUCHED.test(url.pathname)) return undefined;
  if (url.pathname.startsWith("/static/")) return fromCache(request, cacheName);
  if (request.headers.has("HX-Request")) return fragment(request, cacheName);
  if (request.mode !== "navigate") return undefined;
  const kept = [...shells, ...Object.values(packs).flatMap((pack) => pack.shells)];
  return kept.includes(url.pathname) ? shell(url, request, cacheName) : page(request, cacheName);
}

/** @param {Request} request @param {string} cacheName */
async function fromCache(request, cacheName) {
  const cache = await caches.open(cacheName);
  return (await cache.match(request)) ?? fetch(request);
}

/** @param {string} path @param {string} cacheName */
async function keptShell(path, cacheName) {
  const cache = await caches.open(cacheName);
  const locale = await fact("locale").catch(() => undefined);
  return (locale && (await cache.match(localised(path, locale)))) || cache.match(path, { ignoreSearch: true });
}

/** @param {URL} url @param {Request} request @param {string} cacheName */
async function shell(url, request, cacheName) {
  return (await keptShell(url.pathname, cacheName)) ?? page(request, cacheName);
}

/** A page from the network, or what stands in for it when that takes too long. @param {Request} request @param {string} cacheName */
async function page(request, cacheName) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), NAVIGATION_TIMEOUT_MS);
  try {
    return await fetch(request, { signal: abort.signal });
  } catch {
    const standIn = STAND_INS[new URL(request.url).pathname] ?? "/offline";
    return (await keptShell(standIn, cacheName)) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Request} request @param {string} cacheName */
async function fragment(request, cacheName) {
  try {
    return await fetch(request);
  } catch {
    return (await keptShell(FRAGMENT, cacheName)) ?? Response.error();
  }
}
