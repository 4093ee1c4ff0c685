// @ts-check
/** Keeps the screen on while the code is shown. Where the browser cannot, nothing is lost. */

/** @type {any} */
let lock;
let wanted = false;

/** @param {boolean} awake */
export function keepAwake(awake) {
  wanted = awake;
  return awake ? take() : letGo();
}

async function take() {
  if (lock || document.hidden) return;
  try {
    lock = await /** @type {any} */ (navigator).wakeLock?.request("screen");
    lock?.addEventListener("release", () => { lock = undefined; });
    if (!wanted) await letGo();
  } catch {
    lock = undefined; // a battery that runs low refuses
  }
}

async function letGo() {
  await lock?.release().catch(() => undefined);
  lock = undefined;
}

// The system lets go whenever the page is hidden.
document.addEventListener("visibilitychange", () => { if (wanted) take(); });
