// @ts-check
/**
 * The counter as this device knows it now: whose it is, at which station, who is here. Everything
 * that shows or logs reads it here; whoever changes it tells the listeners.
 */
import { nowMs, readSession } from "../badge/clock.js";
import { call, QUICK_MS } from "../outbox/calls.js";
import { itemsOf, onChange, owner } from "../outbox/items.js";
import { drainNow } from "../outbox/triggers.js";
import { decode } from "../sk1/codec.js";
import { Replays } from "../sk1/replays.js";
import { keptBundle, renewBundle } from "./bundle.js";
import { shownHere } from "./shown.js";
import { keep, kept } from "./store.js";

/**
 * @typedef {import("../outbox/database.js").Item} Item
 * @typedef {import("./bundle.js").Station} Station
 */

const RENEW_MS = 30_000;
const BUNDLE_MS = 5 * 60_000;
export const KIND = "counter_log";
/** What a counter sends; others may wait on the same device. */
const KINDS = [KIND, "hand_out"];

/**
 * @type {{user: number | null, bundle: import("./bundle.js").Bundle | null, station: number | null, purpose: string,
 *   here: any, heard: import("./bundle.js").Heard | null, waiting: number, refused: number, replays: Replays}}
 */
export const counter = {
  user: null, bundle: null, station: null, purpose: "rest", here: null, heard: null, waiting: 0, refused: 0, replays: new Replays(),
};
/** What was logged here and is not in the centre's answer yet, by key. @type {Map<string, Item>} */
const logged = new Map();
/** @type {Set<() => void>} */
const listeners = new Set();
let bundleAt = 0;

/** @param {() => void} listener called after each change */
export function onCounter(listener) {
  listeners.add(listener);
}

function changed() {
  listeners.forEach((listener) => listener());
}

/** The station that is chosen, if it is among the host's. @returns {Station | undefined} */
export function station() {
  return counter.bundle?.data.stations.find(({ id }) => id === counter.station);
}

/** Who is here and how many came today. */
export function shown() {
  return shownHere(counter.here, [...logged.values()].filter(({ fields }) => fields.station === counter.station), nowMs(), labelOf);
}

/** What an item says of somebody. @param {Item} item */
function labelOf({ fields: { way, code, number, label } }) {
  if (way === "badge") return badgeLabel(code);
  if (way === "number") return /^1\d{10}$/.test(number) ? `${number.slice(0, 3)}****${number.slice(-4)}` : number.split(" ")[0];
  return label ?? "";
}

/** @param {string} code */
function badgeLabel(code) {
  try {
    return decode(code).credential.label;
  } catch {
    return "";
  }
}

/** Read what is kept of whoever is signed in; of anybody else it is as if there were nothing. */
export async function load() {
  await readSession();
  const user = await owner();
  if (user !== counter.user) {
    Object.assign(counter, { user, bundle: null, station: null, here: null, waiting: 0, refused: 0, replays: new Replays() });
    logged.clear();
  }
  const [bundle, chosen] = await Promise.all([counter.bundle ?? keptBundle(user), kept("chosen", user)]);
  Object.assign(counter, { bundle, purpose: chosen?.purpose ?? counter.purpose, station: counter.station ?? asked() ?? chosen?.station ?? null });
  settleStation();
  await readHere();
  await readItems();
  changed();
}

/** The station of the address. */
function asked() {
  return Number(/^#s=(\d+)$/.exec(location.hash)?.[1]) || null;
}

/** With one station there is nothing to choose; one that is the host's no longer is let go. */
function settleStation() {
  const stations = counter.bundle?.data.stations ?? [];
  if (counter.bundle && !station()) counter.station = stations.length === 1 ? stations[0].id : null;
}

async function readHere() {
  const row = await kept("here", counter.user);
  counter.here = row && row.data.station === counter.station ? row.data : null;
}

/** @returns {Promise<Set<string>>} the keys that wait */
async function readItems() {
  const items = counter.user === null ? [] : (await itemsOf(counter.user)).filter(({ kind }) => KINDS.includes(kind));
  for (const item of items) if (item.kind === KIND) logged.set(item.key, item);
  counter.refused = items.filter(({ state }) => state === "rejected" || state === "conflict").length;
  counter.waiting = items.length - counter.refused;
  return new Set(items.map(({ key }) => key));
}

/** @param {number} id */
export async function chooseStation(id) {
  counter.station = id;
  history.replaceState(null, "", `#s=${id}`);
  await remember();
  await readHere();
  changed();
  return renew();
}

/** @param {string} purpose */
export async function choosePurpose(purpose) {
  counter.purpose = purpose;
  changed();
  await remember();
}

/** A full device forgets it when it is closed. */
async function remember() {
  const { user, station: chosen, purpose } = counter;
  if (user !== null) await keep("chosen", user, { station: chosen, purpose }).catch(() => undefined);
}

/** @type {Promise<void> | undefined} */
let renewing;

/** Ask the centre for what is newer. Calls while one runs share it. */
export function renew() {
  renewing ??= renewOnce().catch(() => undefined).finally(() => { renewing = undefined; });
  return renewing;
}

/** Ask for what is newer of everything: somebody waits for it. */
export function renewNow() {
  bundleAt = 0;
  return renew();
}

async function renewOnce() {
  const before = counter.user;
  if (Date.now() - bundleAt > BUNDLE_MS || counter.heard !== "fresh" || !station()) await askBundle();
  if (counter.user !== before) drainNow({ force: true }).catch(() => undefined); // what waited for this person goes
  if (counter.heard === "fresh" && counter.station !== null) await askHere(counter.station);
  changed();
}

async function askBundle() {
  const { heard, bundle } = await renewBundle(counter.bundle, asked() ?? counter.station);
  counter.heard = heard;
  if (heard === "fresh") bundleAt = Date.now();
  if (bundle && bundle.kept.owner !== counter.user) {
    counter.bundle = null;
    await load();
  }
  counter.bundle = bundle;
  settleStation();
}

/** What waited when it was asked is not in the answer; what had been sent is. @param {number} id */
async function askHere(id) {
  const waiting = await readItems();
  const { status, json } = await call(`/counter/${id}/here.json`, { timeoutMs: QUICK_MS });
  if (status !== 200 || json?.user !== counter.user) {
    if (status === 0) counter.heard = "offline";
    else bundleAt = 0; // somebody else is signed in, or nobody: the bundle's answer will say
    return;
  }
  for (const key of logged.keys()) if (!waiting.has(key)) logged.delete(key);
  if (counter.station === id) counter.here = json;
  await keep("here", json.user, { data: json }).catch(() => undefined);
}

/** Renew every half minute and at each contact; count what waits, and ask once it is sent. */
export function keepUp() {
  setInterval(() => { if (!document.hidden) renew(); }, RENEW_MS);
  addEventListener("online", renew);
  addEventListener("offline", () => { counter.heard = "offline"; changed(); });
  addEventListener("hashchange", () => { const id = asked(); if (id) chooseStation(id); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) renew(); });
  onChange(async () => {
    const before = counter.waiting;
    if ((await owner()) !== counter.user) await load();
    else await readItems();
    changed();
    if (before && !counter.waiting) renew();
  });
  return renew();
}
