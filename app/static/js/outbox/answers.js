// @ts-check
/** What the drainer does with an answer: the table of docs/protocols/outbox.md, as code. */

export const BACKOFF_FIRST_MS = 2_000;
export const BACKOFF_MAX_MS = 300_000;

/**
 * @typedef {object} Heard
 * @property {number} status 0 when there was no answer at all
 * @property {boolean} [redirected]
 * @property {any} [json] undefined when the body was no JSON
 * @property {string | null} [retryAfter] the header
 * @property {string | null} [etag] the header
 *
 * @typedef {object} Action
 * @property {"receipt" | "photos" | "keep" | "needs_login" | "conflict" | "rejected"} what
 * @property {boolean} stop whether the pass ends here
 * @property {string} [error] a word for the outbox page
 * @property {number} [waitMs] at least so long
 * @property {any} [answer] the verdict that named the key
 */

/**
 * @param {Heard} heard
 * @param {string} key
 * @returns {Action}
 */
export function decide(heard, key) {
  const failed = failure(heard);
  if (failed) return failed;
  const answer = Array.isArray(heard.json) ? heard.json.find((one) => one?.key === key) : undefined;
  switch (answer?.verdict) {
    case "accepted":
    case "duplicate":
      return { what: "receipt", stop: false, answer };
    case "missing_photos":
      return { what: "photos", stop: false, answer };
    case "conflict":
      return { what: "conflict", stop: false, answer };
    case "rejected":
      return { what: "rejected", stop: false, answer };
    case "retry":
      return { what: "keep", stop: false, error: "server" };
    default: // a captive portal or a login page says 200 too
      return { what: "keep", stop: true, error: "portal" };
  }
}

/**
 * What went wrong before any verdict, or undefined when the server itself answered with success.
 * @param {Heard} heard
 * @returns {Action | undefined}
 */
export function failure(heard) {
  const { status } = heard;
  if (status === 0) return { what: "keep", stop: true, error: "network" };
  if (heard.redirected || (status >= 300 && status < 400)) return { what: "keep", stop: true, error: "portal" };
  if (status === 401) return isOurs(heard) ? { what: "needs_login", stop: true } : { what: "keep", stop: true, error: "portal" };
  if (status === 429 || status === 503) {
    return { what: "keep", stop: true, error: "busy", waitMs: retryAfterMs(heard.retryAfter) };
  }
  if (status >= 200 && status < 300) {
    return heard.json === undefined ? { what: "keep", stop: true, error: "portal" } : undefined;
  }
  return { what: "keep", stop: false, error: "server", waitMs: retryAfterMs(heard.retryAfter) };
}

/** Whether an error is our server's own and not a gateway's on the way. @param {Heard} heard */
export function isOurs(heard) {
  return typeof heard.json?.error?.code === "string";
}

/**
 * @param {string | null | undefined} header seconds, or an HTTP date
 * @param {number} [now] ms
 */
export function retryAfterMs(header, now = Date.now()) {
  if (!header) return 0;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 3_600_000) : 0;
}

/**
 * Full jitter over a doubling bound, so that a street of phones does not come back at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * @param {number} attempts from 1
 * @param {number} [chance] 0 to 1
 */
export function backoffMs(attempts, chance = Math.random()) {
  const bound = Math.min(BACKOFF_FIRST_MS * 2 ** Math.max(attempts - 1, 0), BACKOFF_MAX_MS);
  return Math.round(bound * chance);
}
