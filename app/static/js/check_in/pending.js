// @ts-check
/** A code that somebody read before signing in waits in this tab, for some minutes. */

const NAME = "check_in";
const WAITS_MS = 10 * 60_000;

/** @typedef {{hash: string, read_at: number}} Pending */

/** @param {Pending} pending */
export function keepPending(pending) {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(pending));
  } catch {
    // Storage is refused: the code is read once more.
  }
}

/** It is taken once. @param {number} now ms @returns {Pending | null} */
export function takePending(now) {
  try {
    const pending = JSON.parse(sessionStorage.getItem(NAME) ?? "null");
    sessionStorage.removeItem(NAME);
    return pending && now - pending.read_at < WAITS_MS ? pending : null;
  } catch {
    return null;
  }
}
