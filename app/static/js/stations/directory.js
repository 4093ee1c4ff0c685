// @ts-check
/**
 * The directory of stations, as this phone keeps it: asked for anew where there is network, the
 * whole of it there without. docs/protocols/directory.md tells what travels.
 */
import { failure } from "../outbox/answers.js";
import { call, QUICK_MS } from "../outbox/calls.js";
import { database } from "../outbox/database.js";

/**
 * @typedef {{name: string, works: boolean, count: number}} Offered count 0: not counted
 * @typedef {object} Station
 * @property {number} id
 * @property {string} number
 * @property {string} zh
 * @property {string} en
 * @property {number} level
 * @property {string} kind
 * @property {number} latitude WGS-84
 * @property {number} longitude
 * @property {number} radius_m
 * @property {string} address_zh
 * @property {string} address_en
 * @property {string} contact
 * @property {"open" | "full" | "closed"} state as the host says, until `state_until`
 * @property {string} state_reason
 * @property {number} state_until ms, 0: no end
 * @property {string} notice
 * @property {number} notice_until ms, 0: no end
 * @property {number} poster
 * @property {Offered[]} facilities
 * @property {[number, number][]} spans ms, when it is open by its hours
 * @property {[number, number]} told ms, from when until when `spans` tell that: from a Monday, for whole weeks
 *
 * @typedef {object} Directory
 * @property {number} fetched_at ms by the phone's clock
 * @property {string | null} etag
 * @property {string[]} facilities the vocabulary, in order
 * @property {Station[]} stations
 *
 * @typedef {import("../outbox/database.js").Directory} Kept
 */

const PATH = "/stations/directory.json";
const VERSION = 1;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;
const RADIUS_M = 100;
/** Made from what is kept once a page, since 5,000 stations take a moment. @type {{row: Kept, made: Directory} | null} */
let held = null;
/** @type {Promise<Directory | null> | undefined} */
let renewing;

/** What this phone keeps. @returns {Promise<Directory | null>} null: nothing yet */
export async function keptDirectory() {
  const row = await keptRow();
  return row ? opened(row) : null;
}

/** The newest that is to be had: from the centre, else what is kept. Calls while one runs share it. */
export function renewDirectory() {
  renewing ??= renew().finally(() => { renewing = undefined; });
  return renewing;
}

/** @returns {Promise<Directory | null>} */
async function renew() {
  const before = await keptRow();
  const heard = await call(PATH, { etag: before?.etag, timeoutMs: QUICK_MS });
  if (heard.status === 304 && before) return keep({ ...before, fetched_at: Date.now() });
  if (heard.status !== 200 || failure(heard) || heard.json?.version !== VERSION) return before ? opened(before) : null;
  return keep({ etag: heard.etag ?? null, data: heard.json, fetched_at: Date.now() });
}

/** @returns {Promise<Kept | undefined>} */
async function keptRow() {
  try {
    const row = await (await database()).get("directory", "file");
    return row?.data?.version === VERSION ? row : undefined;
  } catch {
    return held?.row; // storage is refused: the page has what it fetched
  }
}

/** @param {Kept} row */
async function keep(row) {
  const made = opened(row);
  await database().then((db) => db.put("directory", row, "file")).catch(() => undefined);
  return made;
}

/** @param {Kept} row @returns {Directory} */
function opened(row) {
  const same = held && held.row.etag === row.etag && row.etag;
  const made = same && held ? { ...held.made, fetched_at: row.fetched_at } : { ...read(row.data), etag: row.etag, fetched_at: row.fetched_at };
  held = { row, made };
  return made;
}

/**
 * What travelled, as stations.
 * @param {Record<string, any>} data
 * @returns {{facilities: string[], stations: Station[]}}
 */
export function read(data) {
  const spans = data.hours.map((/** @type {number[]} */ steps) => spansOf(data.from, steps));
  const told = [data.from, data.from + data.days * DAY_MS];
  const [numbers] = textsOf(data.number), [contacts] = textsOf(data.contact);
  const [zh, en] = textsOf(data.name), [address_zh, address_en] = textsOf(data.address);
  const { latitude, longitude } = data;
  const counts = data.counts.values();
  let id = 0;
  const stations = data.id.map((/** @type {number} */ step, /** @type {number} */ at) => {
    id += step;
    const [state, state_reason, state_until, notice, notice_until] = data.said[at] ?? ["open", "", 0, "", 0];
    return {
      id, number: numbers[at], zh: zh[at], en: en[at], level: data.level[at], kind: data.kinds[data.kind[at]],
      latitude: (data.south + latitude[at]) / data.per_degree, longitude: (data.west + longitude[at]) / data.per_degree,
      radius_m: data.radius[at] ?? RADIUS_M, address_zh: address_zh[at], address_en: address_en[at],
      contact: contacts[at], state, state_reason, state_until, notice, notice_until,
      poster: data.poster[at] ?? 1, facilities: facilitiesOf(data, at, counts), spans: spans[data.hours_of[at]], told,
    };
  });
  return { facilities: data.facilities, stations };
}

/** @param {number} from ms @param {number[]} steps minutes @returns {[number, number][]} */
function spansOf(from, steps) {
  /** @type {[number, number][]} */
  const spans = [];
  let at = from;
  for (let index = 0; index + 1 < steps.length; index += 2) {
    const opens = at + steps[index] * MINUTE_MS;
    at = opens + steps[index + 1] * MINUTE_MS;
    spans.push([opens, at]);
  }
  return spans;
}

/**
 * Texts of which the patterns are told once: see directory_texts.py.
 * @param {{patterns: string[][], of: number[], numbers: number[], others: Record<string, number[]>}} data
 * @returns {string[][]} a column for each language
 */
function textsOf({ patterns, of, numbers, others }) {
  const pieces = patterns.map((list) => list.map((pattern) => pattern.split("\n")));
  const own = numbers.values();
  /** @type {string[][]} */
  const columns = patterns.map(() => []);
  for (let at = 0; at < of.length; at++) {
    const first = Array.from({ length: pieces[0][of[at]].length - 1 }, () => own.next().value ?? 0);
    for (let language = 0; language < columns.length; language++) {
      const filled = others[`${language}.${at}`] ?? first;
      columns[language].push(pieces[language][of[at]].reduce((text, piece, gap) => text + filled[gap - 1] + piece));
    }
  }
  return columns;
}

/** @param {Record<string, any>} data @param {number} at @param {Iterator<number>} counts @returns {Offered[]} */
function facilitiesOf(data, at, counts) {
  const has = data.has[at], broken = data.broken[at] ?? 0;
  /** @type {Offered[]} */
  const found = [];
  for (let index = 0; index < data.facilities.length; index++) {
    if (!(has & (1 << index))) continue;
    const count = data.counted.includes(index) ? counts.next().value ?? 0 : 0;
    found.push({ name: data.facilities[index], works: !(broken & (1 << index)), count });
  }
  return found;
}

/** @param {Directory} directory @param {number} id @returns {Station | undefined} */
export function stationById(directory, id) {
  return directory.stations.find((station) => station.id === id);
}

/**
 * Whether somebody may go in: by the hours, and by what the host says.
 * @param {Station} station
 * @param {number} ms
 * @returns {"open" | "full" | "closed"}
 */
export function openAt(station, ms) {
  const state = stateAt(station, ms);
  return state !== "closed" && spanAt(station, ms) ? state : "closed";
}

/** What the host says of it then. @param {Station} station @param {number} ms */
export function stateAt({ state, state_until }, ms) {
  return state_until && state_until <= ms ? "open" : state;
}

/** A word of the host to riders, while it holds; else "". @param {Station} station @param {number} ms */
export function noticeAt({ notice, notice_until }, ms) {
  return notice_until && notice_until <= ms ? "" : notice;
}

/**
 * The span of opening hours that holds at a moment. Beyond what was told the last week stands for
 * those that follow, and before it the first.
 * @param {Station} station
 * @param {number} ms
 * @returns {[number, number] | undefined}
 */
export function spanAt(station, ms) {
  const moved = movedBy(station, ms);
  const found = station.spans.find(([opens, closes]) => opens <= ms - moved && ms - moved < closes);
  return found && [found[0] + moved, found[1] + moved];
}

/**
 * When it opens next by its hours. What was told holds to its end; only behind that the last week is
 * taken once more.
 * @param {Station} station
 * @param {number} ms
 * @returns {number | undefined}
 */
export function opensNext(station, ms) {
  const { spans, told: [, end] } = station;
  const moved = movedBy(station, ms);
  const next = spans.find(([opens]) => opens > ms - moved);
  if (next) return next[0] + moved;
  const again = spans.find(([opens]) => opens >= end - WEEK_MS);
  return again && again[0] + WEEK_MS + moved;
}

/**
 * How far a moment lies from the one that tells of it, in whole weeks: 0 within what was told, where a
 * station that is closed for weeks has no spans, and is closed all the same.
 * @param {Station} station
 * @param {number} ms
 */
export function movedBy({ told: [from, end] }, ms) {
  if (ms >= end) return (Math.floor((ms - end) / WEEK_MS) + 1) * WEEK_MS;
  return ms < from ? Math.floor((ms - from) / WEEK_MS) * WEEK_MS : 0;
}

/** Its name in the page's language. @param {{zh: string, en: string}} station */
export function nameOf({ zh, en }) {
  return document.documentElement.dataset.locale === "en" ? en || zh : zh;
}

/** Its address in the page's language. @param {Station} station */
export function addressOf({ address_zh, address_en }) {
  return document.documentElement.dataset.locale === "en" ? address_en || address_zh : address_zh;
}
