// @ts-check
/** The keys that sign posters, as this phone keeps them. */
import { failure } from "../outbox/answers.js";
import { call, QUICK_MS } from "../outbox/calls.js";
import { fact, setFact } from "../outbox/database.js";
import { fromBase64url, toHex } from "../sk1/bytes.js";

/** @typedef {import("./judging.js").KeptKeys} KeptKeys */

const FACT = "issuer_keys";

/** @returns {Promise<KeptKeys | null>} */
export const keptKeys = async () => (await fact(FACT).catch(() => undefined)) ?? null;

/** From the centre, else as they are kept. @returns {Promise<KeptKeys | null>} */
export async function renewKeys() {
  const heard = await call("/.well-known/sk1/jwks.json", { timeoutMs: QUICK_MS });
  if (failure(heard) || !Array.isArray(heard.json?.keys)) return keptKeys();
  const kept = { keys: byKid(heard.json.keys), fetched_at: Date.now() };
  await setFact(FACT, kept).catch(() => undefined);
  return kept;
}

/**
 * Compressed points by kid; what is no key of the curve is passed by.
 * @param {Record<string, string>[]} jwks RFC 7517
 */
export function byKid(jwks) {
  /** @type {import("./poster_code.js").Keys} */
  const keys = {};
  for (const { kid, kty, crv, x, y } of jwks) {
    if (kty !== "EC" || crv !== "P-256") continue;
    const odd = (fromBase64url(y).at(-1) ?? 0) & 1;
    (keys[kid] ??= []).push((odd ? "03" : "02") + toHex(fromBase64url(x)));
  }
  return keys;
}
