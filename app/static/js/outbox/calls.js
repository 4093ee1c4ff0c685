// @ts-check
/** Calls to the centre, the three of the outbox first, each answering what was heard and never throwing. */

/** @typedef {import("./answers.js").Heard} Heard */

const TIMEOUT_MS = 50_000; // shorter than a lease
export const QUICK_MS = 15_000;

/** @returns {Promise<Heard>} */
export const whoami = () => call("/sync/whoami", { timeoutMs: QUICK_MS });

/** @param {import("./database.js").Photo} photo @returns {Promise<Heard>} */
export const putPhoto = (photo) =>
  call(`/sync/photos/${photo.sha256}`, { method: "PUT", body: photo.bytes, type: photo.mime });

/** @param {object[]} wires items as they travel @returns {Promise<Heard>} */
export const postItems = (wires) =>
  call("/sync/items", { method: "POST", body: JSON.stringify(wires), type: "application/json" });

/**
 * @param {string} path
 * @param {{method?: string, body?: BodyInit, type?: string, timeoutMs?: number, etag?: string | null}} options
 *   etag: of what is held already
 * @returns {Promise<Heard>}
 */
export async function call(path, { method = "GET", body, type, timeoutMs = TIMEOUT_MS, etag }) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (type) headers["Content-Type"] = type;
  if (etag) headers["If-None-Match"] = etag;
  try {
    const response = await fetch(path, {
      method, body, headers, credentials: "same-origin", cache: "no-store", redirect: "manual", signal: abort.signal,
    });
    const redirected = response.type === "opaqueredirect" || response.redirected;
    const text = await response.text(); // an answer that is cut off counts as none
    return {
      status: redirected ? 302 : response.status, redirected, json: parse(text),
      retryAfter: response.headers.get("Retry-After"), etag: response.headers.get("ETag"),
    };
  } catch {
    return { status: 0 };
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
