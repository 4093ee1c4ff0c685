// What the tests of the badge's code share: vectors, keys made for a test, chance from a seed.
import { readFileSync } from "node:fs";

import { bigEndian, fromHex, joined, toHex, utf8 } from "../../../app/static/js/sk1/bytes.js";
import { sign } from "../../../app/static/js/sk1/keys.js";
import { compress } from "../../../app/static/js/sk1/points.js";
import { Replays } from "../../../app/static/js/sk1/replays.js";

export const VECTORS = JSON.parse(readFileSync(new URL("../../vectors/sk1.json", import.meta.url), "utf-8")).vectors;
export const NOW_S = 1_795_504_314;

/** Numbers below `below`, the same for the same seed: an xorshift generator. @param {number} seed */
export function chance(seed) {
  let state = seed * 2_654_435_761 >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** A key pair, and its compressed point. */
export async function makeKeys() {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  return { keys, point: compress(new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey))) };
}

/** A live credential of a phone's key, signed by an issuer. */
export async function makeCredential(issuer, phone, { label = "美团王**", status_index = 7, scope = 0 } = {}) {
  const padded = new Uint8Array(12);
  padded.set(utf8(label).subarray(0, 12));
  const minute = Math.floor(NOW_S / 60);
  const fields = joined(
    new Uint8Array([1, 1]), bigEndian(513, 2), fromHex("0011223344556677"), bigEndian(status_index, 4),
    bigEndian(minute, 4), bigEndian(minute + 72 * 60, 4), bigEndian(scope, 2), padded, new Uint8Array(8), phone.point,
  );
  return joined(fields, await sign(issuer.keys.privateKey, joined(utf8("SK1-cred\0"), fields)));
}

/** A reader that knows this issuer. */
export function makeReader(issuer, changes = {}) {
  const list = { iat: NOW_S - 60, exp: NOW_S + 86_400, statusAt: () => 0 };
  return { now_s: NOW_S, keys: { 513: [toHex(issuer.point)] }, scopes: [], list, challenge: null, replays: new Replays(), ...changes };
}
