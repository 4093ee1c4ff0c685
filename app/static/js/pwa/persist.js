// @ts-check
/** Asking the browser not to clear what this phone keeps. */

/** Nobody waits for the answer: some browsers ask the person, and what was captured must be saved meanwhile. */
export function askToPersist() {
  navigator.storage?.persist?.().catch(() => undefined);
}
