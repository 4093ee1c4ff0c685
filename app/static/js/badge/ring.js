// @ts-check
/** The ring around the code, which runs down until the next one. */

const STEPS = 5; // for who wants no motion: it goes down in steps

/** @type {Animation | undefined} */
let running;

/** @param {Element} ring a shape with pathLength 100 @param {number} duration ms */
export function runRing(ring, duration) {
  running?.cancel();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  running = ring.animate([{ strokeDashoffset: 0 }, { strokeDashoffset: 100 }], {
    duration, easing: still ? `steps(${STEPS}, jump-end)` : "linear", fill: "forwards",
  });
}

export function stopRing() {
  running?.cancel();
}
