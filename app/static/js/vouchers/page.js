// @ts-check
/** A rider's vouchers: from what this phone keeps, renewed when there is network. */
import { nowMs, readSession } from "../badge/clock.js";
import { keepAwake } from "../badge/wake.js";
import { byId, localTime } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { startCancelling } from "./cancelling.js";
import { keptVouchers, renewVouchers } from "./kept.js";
import { drawList } from "./list_view.js";
import { drawOne } from "./one_view.js";

const TICK_MS = 1_000;
const RENEW_MS = 30_000;
/** While a voucher is held before a camera, what the centre says of it is soon on the screen. */
const RENEW_SHOWN_MS = 5_000;

/** @type {import("./kept.js").Kept | undefined} */
let kept;
/** @type {import("./kept.js").Heard | null} */
let heard = null;
let renewedAt = 0;
let cameFromList = false;

/** @returns {number} the voucher that the address names, or 0 */
const wanted = () => Number(/^#v=(\d{1,10})$/.exec(location.hash)?.[1] ?? 0);

const shown = () => kept?.data.vouchers.find(({ id }) => id === wanted());

function draw() {
  const now = nowMs();
  const voucher = shown();
  const isOne = voucher !== undefined;
  byId("list").hidden = isOne;
  byId("one").hidden = !isOne;
  document.body.classList.toggle("one-shown", isOne);
  if (voucher) drawOne(voucher, now);
  else keepAwake(false);
  showNotes();
  if (kept) drawList(kept.data.vouchers, now);
}

function showNotes() {
  byId("signed-out").hidden = heard !== "signed_out";
  byId("not-rider").hidden = heard !== "not_rider";
  byId("never").hidden = kept !== undefined || heard !== "offline";
  byId("asking").hidden = kept !== undefined || heard !== null;
  byId("gone").hidden = !wanted() || shown() !== undefined || !kept;
  byId("as-of").hidden = !kept;
  if (kept) byId("as-of").textContent = words(heard === "offline" ? "as_of_offline" : "as_of", { time: localTime(kept.fetched_at) });
}

/** @type {Promise<void> | undefined} */
let renewing;

/** Calls while one runs share it. */
function renew() {
  renewing ??= renewOnce().catch(() => undefined).finally(() => { renewing = undefined; });
  return renewing;
}

async function renewOnce() {
  renewedAt = Date.now();
  const found = await renewVouchers(kept);
  heard = found.heard;
  if (found.heard === "fresh") await readSession();
  kept = found.kept;
  draw();
}

function tick() {
  if (document.hidden) return;
  const every = byId("one").dataset.standing === "held" && !byId("one").hidden ? RENEW_SHOWN_MS : RENEW_MS;
  if (Date.now() - renewedAt > every) renew();
  draw();
}

/** The address has changed. */
function go() {
  byId("one-said").textContent = "";
  draw();
  scrollTo(0, 0);
  if (shown()) byId("one-name").focus({ preventScroll: true });
}

/** @param {Event} event */
function goBack(event) {
  if (!cameFromList) return; // opened by a link: the button's own way leads to the list
  event.preventDefault();
  history.back();
}

async function start() {
  byId("list").addEventListener("click", (event) => {
    cameFromList ||= /** @type {HTMLElement} */ (event.target).closest("[data-voucher]") !== null;
  });
  byId("back").addEventListener("click", goBack);
  startCancelling(shown, renew);
  addEventListener("hashchange", go);
  addEventListener("online", renew);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) renew(); });
  kept = await readSession().then(keptVouchers).catch(() => undefined);
  draw();
  setInterval(tick, TICK_MS);
  document.documentElement.dataset.ready = "true";
  await renew();
}

await start();
