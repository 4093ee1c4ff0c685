// @ts-check
/**
 * The phone's database: what was captured, its photos, receipts, drafts, and a few facts; a rider's
 * badge; what a gate phone needs; the cases that somebody works on; messages; the directory of
 * stations; what a station's counter needs; and a rider's tasks and vouchers. docs/protocols/outbox.md tells the shape of each row.
 */
import { openDB } from "../../vendor/idb@8.0.4/index.js";

export const NAME = "starknight";
export const VERSION = 6;

/**
 * @typedef {"pending" | "sending" | "needs_login" | "rejected" | "conflict"} State
 * @typedef {object} Item
 * @property {string} key UUIDv7, made when the form opened
 * @property {number} owner user id
 * @property {string} kind
 * @property {number} schema version of the fields
 * @property {Record<string, any>} fields
 * @property {string[]} photos SHA-256 of each
 * @property {number} captured_at ms by the phone's clock
 * @property {number | null} server_offset ms, server minus phone, last known
 * @property {State} state
 * @property {boolean} frozen a byte of it was sent: it may no longer change
 * @property {number} attempts tries that failed, and the one that runs
 * @property {number} next_try ms
 * @property {number} not_before ms: the centre asked to wait, whoever presses
 * @property {number} lease_until ms
 * @property {number | null} last_status
 * @property {string | null} last_error
 * @property {Record<string, string[]>} [errors] what the server says is wrong, by field
 * @property {string} label what it is, in the words of the page that captured it
 *
 * @typedef {object} Photo
 * @property {string} sha256
 * @property {number} owner
 * @property {string} mime
 * @property {ArrayBuffer} bytes a Blob may be lost on Safari
 * @property {number} width
 * @property {number} height
 * @property {{latitude: number, longitude: number} | null} [taken] where it says it was taken
 *
 * @typedef {object} Receipt
 * @property {string} key
 * @property {number} owner
 * @property {string} reference
 * @property {string} url
 * @property {number} received_at ms
 * @property {string} label
 * @property {{way: string, code: string, at: number, settled_at: number}} [check_in] of a check-in:
 *   its code, when it was by the centre's clock, and by the phone's when it was received
 *
 * @typedef {object} Draft
 * @property {string} id
 * @property {number | null} owner
 * @property {string} key
 * @property {Record<string, any>} fields
 * @property {Photo[]} photos
 * @property {number} saved_at
 * @property {string} [mends] the key of a rejected item that this one stands in for
 * @property {Record<string, string[]>} [errors]
 *
 * @typedef {object} Badge
 * @property {number} owner user id
 * @property {CryptoKeyPair | null} keys P-256, the private one not extractable
 * @property {Uint8Array | null} device_key the public one as a compressed point, 33 bytes
 * @property {string | null} badge the badge's id, 16 hexadecimal digits
 * @property {Record<string, any> | null} card as the centre last sent it
 * @property {Uint8Array | null} credential what the code begins with
 * @property {number} counter of the code shown last
 * @property {ArrayBuffer | null} portrait JPEG
 * @property {string | null} portrait_sha256
 * @property {number} renewed_at ms by the phone's clock
 *
 * @typedef {object} Portrait
 * @property {string} prefix the first 16 hexadecimal digits of its SHA-256
 * @property {ArrayBuffer} bytes JPEG
 * @property {number} used_at ms
 *
 * @typedef {object} Map
 * @property {number} compound
 * @property {Record<string, any>} data its picture's size, and the buildings with their places
 * @property {ArrayBuffer | null} picture
 * @property {number} kept_at ms
 *
 * @typedef {object} Work
 * @property {number} owner user id
 * @property {string | null} etag
 * @property {Record<string, any>} data as GET /field/cases.json answered
 * @property {number} fetched_at ms by the phone's clock
 * @property {Record<number, Record<string, any>>} gone cases that are no longer the person's, but
 *   of which something is still on this phone
 * @property {{key: string, report: number, step: string, version: number}[]} taken steps saved
 *   here that the list does not show yet
 *
 * @typedef {object} CasePicture
 * @property {number} owner
 * @property {string} url
 * @property {ArrayBuffer} bytes JPEG
 *
 * @typedef {object} Message
 * @property {number} owner user id
 * @property {number} id
 * @property {string} title
 * @property {string} text
 * @property {string} icon a symbol of the sprite
 * @property {string} tone a class of `.status`
 * @property {string} url a path of the site
 * @property {boolean} headed the title is words of its own, not only what it is about
 * @property {boolean} unread
 * @property {boolean} untold read here, and the centre has not heard of it
 * @property {number} at ms, by the centre
 * @property {number} kept_at ms
 *
 * @typedef {object} Directory
 * @property {string | null} etag
 * @property {Record<string, any>} data as GET /stations/directory.json answered
 * @property {number} fetched_at ms by the phone's clock
 */

/** @type {Promise<any> | undefined} */
let opened;

/** The open database, one connection a page or worker. @returns {Promise<any>} */
export function database() {
  return opened ?? open();
}

/** @returns {Promise<any>} */
function open() {
  const opening = openDB(NAME, VERSION, {
    upgrade,
    blocking: () => close(), // a newer version waits to upgrade: let it
    terminated: () => { opened = undefined; },
  });
  opening.catch(() => { opened = undefined; });
  opened = opening;
  return opening;
}

/** Steps by version, each leaving what stands. @param {any} db @param {number} from */
function upgrade(db, from) {
  if (from < 1) {
    const items = db.createObjectStore("items", { keyPath: "key" });
    items.createIndex("owner", "owner");
    const photos = db.createObjectStore("photos", { keyPath: ["owner", "sha256"] });
    photos.createIndex("owner", "owner");
    db.createObjectStore("receipts", { keyPath: "key" }).createIndex("owner", "owner");
    db.createObjectStore("drafts", { keyPath: "id" });
    db.createObjectStore("facts");
  }
  if (from < 2) {
    db.createObjectStore("badges", { keyPath: "owner" });
    db.createObjectStore("gate");
    db.createObjectStore("portraits", { keyPath: "prefix" }).createIndex("used_at", "used_at");
    db.createObjectStore("maps", { keyPath: "compound" });
  }
  if (from < 3) {
    db.createObjectStore("work", { keyPath: "owner" });
    db.createObjectStore("case_pictures", { keyPath: ["owner", "url"] }).createIndex("owner", "owner");
  }
  if (from < 4) {
    db.createObjectStore("messages", { keyPath: ["owner", "id"] }).createIndex("owner", "owner");
  }
  if (from < 5) {
    db.createObjectStore("directory");
    db.createObjectStore("counter");
  }
  if (from < 6) {
    db.createObjectStore("tasks", { keyPath: "owner" });
    db.createObjectStore("vouchers", { keyPath: "owner" });
  }
}

export async function close() {
  const db = await opened?.catch(() => undefined);
  opened = undefined;
  db?.close();
}

/** @param {string} name @returns {Promise<any>} */
export async function fact(name) {
  return (await database()).get("facts", name);
}

/** @param {string} name @param {any} value */
export async function setFact(name, value) {
  await (await database()).put("facts", value, name);
}
