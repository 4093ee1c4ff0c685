// @ts-check
/**
 * The gate as this phone knows it now: its bundle, who is on shift, who is inside. Everything that
 * shows or judges reads it here; whoever changes it tells the listeners.
 */
import { database } from "../outbox/database.js";
import { counts, onChange } from "../outbox/items.js";
import { Replays } from "../sk1/replays.js";
import { keptBundle, renewBundle } from "./bundle.js";
import { insideNow, onlyWaiting, printedToday, today } from "./day.js";
import { localDay } from "./local_day.js";
import { fetchPortraits } from "./portraits.js";
import { keep, kept, rework } from "./store.js";
import { nowMs, readSession } from "./time.js";

/**
 * @typedef {import("./bundle.js").Bundle} Bundle
 * @typedef {import("./bundle.js").Heard} Heard
 * @typedef {import("./store.js").Scanner} Scanner
 */

export const RENEW_MS = 5 * 60_000;
const QUIET_MS = 300;

/**
 * @type {{scanner: Scanner | undefined, bundle: Bundle | null, day: import("./day.js").Day,
 *   guard: string, heard: Heard | null, waiting: number, replays: Replays}}
 */
export const gate = {
  scanner: undefined, bundle: null, day: today(undefined, 0), guard: "", heard: null, waiting: 0, replays: new Replays(),
};

/** @type {Set<() => void>} */
const listeners = new Set();

/** @param {() => void} listener called after each change */
export function onGate(listener) {
  listeners.add(listener);
}

export function changed() {
  listeners.forEach((listener) => listener());
}

/** Read what is kept. @returns {Promise<boolean>} whether this phone is enrolled */
export async function loadGate() {
  const [scanner, bundle, day, shift, accepted] = await Promise.all([
    kept("scanner"), keptBundle(), kept("day"), kept("shift"), kept("accepted"), readSession(),
  ]);
  Object.assign(gate, { scanner, bundle, guard: shift?.guard ?? "", day: today(day, nowMs()), replays: new Replays(accepted) });
  await readWaiting();
  changed();
  return Boolean(scanner);
}

/** Badges that are inside now. @returns {Set<string>} */
export function inside() {
  return insideNow(gate.bundle?.data.inside ?? [], gate.day);
}

/** What the rules are asked with. @returns {import("./rules.js").Known} @throws {TypeError} without a bundle */
export function known() {
  const { data } = /** @type {Bundle} */ (gate.bundle);
  const isOfToday = localDay(data.now).date === localDay(nowMs()).date;
  return { rules: data.rules, printed_today: printedToday(isOfToday ? data.printed_today : {}, gate.day) };
}

/** Read how many passes wait to be sent, and what was counted meanwhile. */
export async function readWaiting() {
  if (!gate.scanner) return;
  const [{ mine }, day] = await Promise.all([counts(gate.scanner.user), kept("day"), readSession()]);
  gate.waiting = mine;
  gate.day = today(day, nowMs());
}

/** @type {Promise<void> | undefined} */
let renewing;

/** Ask the centre for what is newer. Calls while one runs share it. */
export function renew() {
  renewing ??= renewOnce().catch(() => undefined).finally(() => { renewing = undefined; });
  return renewing;
}

/** Once more, after one that may have been asked before something changed. */
async function renewAfresh() {
  await renewing;
  return renew();
}

async function renewOnce() {
  if (!gate.scanner) return;
  // What no longer waits was sent, and stands in the counts that come now.
  const waiting = new Set(await (await database()).getAllKeysFromIndex("items", "owner", gate.scanner.user));
  const { heard, bundle } = await renewBundle(gate.bundle, gate.scanner.user);
  gate.heard = heard;
  gate.bundle = bundle;
  if (heard === "new") {
    const anew = (/** @type {any} */ day) => onlyWaiting(today(day, nowMs()), waiting);
    gate.day = await rework("day", anew).catch(() => anew(gate.day));
  }
  changed();
  if (bundle && heard !== "offline") fetchPortraits(bundle.data.riders.map((row) => row[3]));
}

/** Renew every five minutes and at each contact; count what waits. */
export function keepUp() {
  setInterval(renew, RENEW_MS);
  addEventListener("online", renewAfresh);
  addEventListener("offline", () => { gate.heard = "offline"; changed(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) renew(); });
  let before = gate.waiting;
  onChange(later(async () => {
    await readWaiting();
    if (before && !gate.waiting) renewAfresh(); // all was sent: the centre counts it now
    before = gate.waiting;
    changed();
  }));
  renew();
}

/** Once for many changes that come together. @param {() => Promise<void>} work */
function later(work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work().catch(() => undefined);
    }, QUIET_MS);
  };
}

/** What was accepted outlives the page, so that a reload lets nobody in twice. */
export function keepAccepted() {
  return keep("accepted", gate.replays.entries()).catch(() => undefined);
}
