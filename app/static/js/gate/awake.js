// @ts-check
/** The screen stays on while the page is seen. */

/** @type {WakeLockSentinel | undefined} */
let held;

async function hold() {
  if (document.hidden || (held && !held.released)) return;
  held = await navigator.wakeLock?.request("screen").catch(() => undefined);
}

/** The browser lets go of it whenever the page is hidden. */
export function stayAwake() {
  hold();
  document.addEventListener("visibilitychange", hold);
}
