// @ts-check
/**
 * Which badges are revoked or suspended: the signed list that a reader keeps, in the form of the
 * IETF Token Status List (draft-ietf-oauth-status-list): 2 bits an entry, least significant bits
 * first, zlib, base64url in `status_list.lst` of a JWT signed with ES256 (RFC 7515, RFC 7518).
 */
import { fromBase64url, fromHex, utf8 } from "./bytes.js";
import { verify } from "./keys.js";

export const VALID = 0;
export const REVOKED = 1;
export const SUSPENDED = 2;
const TYPE = "statuslist+jwt";
const MAX_TOKEN_CHARS = 4 * 1024 * 1024;
const MAX_LIST_BYTES = 4 * 1024 * 1024; // unpacked: 16 million badges
const ENTRIES_A_BYTE = 4;

/** It is no status list that one of our keys signed. */
export class BadList extends Error {}

/**
 * @typedef {object} StatusList times in seconds since 1970
 * @property {number} iat
 * @property {number} exp
 * @property {number} ttl
 * @property {(index: number) => number | null} statusAt null past the end: the list is too old to know it
 */

/**
 * Read a list that one of these keys signed. Whether it is too old is for the verdict.
 * @param {string} jwt
 * @param {Record<string, string[]>} issuerKeys compressed points in hexadecimal, by kid
 * @returns {Promise<StatusList>}
 * @throws {BadList}
 */
export async function openStatusList(jwt, issuerKeys) {
  try {
    const { iat, exp, ttl, status_list: listed } = await verifiedClaims(jwt, issuerKeys);
    if (![iat, exp, ttl].every(Number.isSafeInteger) || listed.bits !== 2) throw new BadList("claims");
    const packed = await inflate(fromBase64url(listed.lst));
    return { iat, exp, ttl, statusAt: (index) => statusIn(packed, index) };
  } catch (error) {
    throw error instanceof BadList ? error : new BadList("form", { cause: error });
  }
}

/** @param {Uint8Array} packed @param {number} index */
function statusIn(packed, index) {
  const byte = packed[Math.floor(index / ENTRIES_A_BYTE)];
  return byte === undefined ? null : (byte >> (2 * (index % ENTRIES_A_BYTE))) & 3;
}

/** @param {string} jwt @param {Record<string, string[]>} issuerKeys @returns {Promise<any>} */
async function verifiedClaims(jwt, issuerKeys) {
  if (jwt.length > MAX_TOKEN_CHARS) throw new BadList("too long");
  const [head, claims, signature, ...more] = jwt.split(".", 4);
  const { typ, alg, kid } = json(head);
  if (more.length || typ !== TYPE || alg !== "ES256" || !/^[0-9]{1,5}$/.test(kid)) throw new BadList("header");
  const message = utf8(`${head}.${claims}`);
  for (const point of issuerKeys[Number(kid)] ?? []) {
    if (await verify(fromHex(point), fromBase64url(signature), message)) return json(claims);
  }
  throw new BadList("signature");
}

/** @param {string} part */
function json(part) {
  return JSON.parse(new TextDecoder().decode(fromBase64url(part)));
}

/** What is packed, bounded: a small text can unpack to gigabytes. @param {Uint8Array} packed @returns {Promise<Uint8Array>} */
async function inflate(packed) {
  const stream = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (packed)]).stream();
  const reader = stream.pipeThrough(new DecompressionStream("deflate")).getReader();
  const chunks = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > MAX_LIST_BYTES) {
      reader.cancel().catch(() => undefined);
      throw new BadList("too large");
    }
    chunks.push(next.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
