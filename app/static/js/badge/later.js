// @ts-check
/** What the badge page does besides showing the code. */
import { byId } from "../ui/dom.js";
import { startAsking } from "./asking.js";
import { startChallenge } from "./challenge.js";
import { clockText, nowMs } from "./clock.js";
import { startMaps } from "./map_view.js";
import { startPassed } from "./passed.js";
import { startPlace } from "./place.js";
import { startShort } from "./short.js";
import { known } from "./showing.js";

export async function startAll() {
  startClock();
  startShort(() => known.row);
  startChallenge();
  startMaps();
  startPassed();
  startPlace();
  for (const id of ["sign-in", "sign-in-again"]) {
    byId(id, HTMLAnchorElement).search = `?next=${encodeURIComponent(location.pathname + location.search)}`;
  }
  document.documentElement.dataset.ready = "true";
  await startAsking();
}

function startClock() {
  const tick = () => {
    byId("clock").textContent = clockText();
    setTimeout(tick, 1000 - (nowMs() % 1000) + 5);
  };
  tick();
}
