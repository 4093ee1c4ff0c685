// @ts-check
/** The badge page and the centre: asking how it stands, and the rider's taps that change it. */
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { renew } from "./card.js";
import { tell } from "./card_view.js";
import { enrol } from "./enrol.js";
import { startNews } from "./news.js";
import { showPass } from "./passed.js";
import { isAtGate } from "./address.js";
import { keptShot } from "./portrait_draft.js";
import { known, show, stateShown } from "./showing.js";

const AGAIN_MS = 60_000;
/** @type {string[]} states that say by themselves why the centre gave no card */
const QUIET = ["code", "signed_out", "not_rider"];
/** This phone is being made the badge: what the centre said before that is old. */
let enrolling = false;

/** Ask the centre; `asked` when the rider did. */
async function refresh(asked = false) {
  const before = stateShown();
  if (asked || before === "asking") tell(words("asking"));
  known.outcome = await renew();
  if (enrolling) return;
  await show();
  await finishEnrolment();
  const state = stateShown() ?? "asking";
  if (known.outcome === "renewed") tell(asked && state === before ? words("still") : "");
  else tell(QUIET.includes(state) ? "" : words(known.outcome));
  if (state.startsWith("portrait")) await showKeptShot();
  if (state === "code" && !isAtGate()) startNews(showPass);
}

/**
 * The badge may be "elsewhere" only because the centre's answer to this phone never arrived: its
 * key is kept, and the same key again gets the same badge. Another phone's badge stays there.
 */
async function finishEnrolment() {
  if (stateShown() !== "elsewhere" || known.user === null || !known.row?.device_key) return;
  if ((await enrol(known.user, false)) === "enrolled") await show();
}

/** A photo that was taken and has not reached the centre: the button says so. */
async function showKeptShot() {
  if (known.user === null || !(await keptShot(known.user).catch(() => undefined))) return;
  for (const text of document.querySelectorAll("[data-photo]")) text.textContent = words("send_photo");
}

/** @param {boolean} replace end the badge of another phone */
async function enrolHere(replace) {
  if (known.user === null) return undefined;
  tell(words("making"));
  enrolling = true;
  const outcome = await enrol(known.user, replace).finally(() => { enrolling = false; });
  known.keysWork = true;
  if (outcome === "enrolled") await show(); // an older question may still wait for its answer
  if (outcome === "enrolled" || outcome === "elsewhere") return refresh();
  if (outcome === "refused") known.canHoldKeys = false;
  await show();
  return tell(outcome === "refused" ? "" : words(outcome));
}

function askToMove() {
  const dialog = byId("move", HTMLDialogElement);
  dialog.returnValue = "keep";
  dialog.addEventListener("close", () => { if (dialog.returnValue === "move") enrolHere(true); }, { once: true });
  dialog.showModal();
}

/** @type {Record<string, () => unknown>} */
const DEEDS = {
  renew: () => (known.canHoldKeys ? refresh(true) : location.reload()),
  enrol: () => enrolHere(false), move: askToMove, mend: () => enrolHere(true),
};

/** Ask now, when there is network again, and when the page is looked at after a while. */
export function startAsking() {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-do]"))) {
    button.addEventListener("click", async () => {
      button.disabled = true; // a double tap
      await Promise.resolve(DEEDS[button.dataset.do ?? ""]()).finally(() => { button.disabled = false; });
    });
  }
  addEventListener("online", () => refresh());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - (known.row?.renewed_at ?? 0) > AGAIN_MS) refresh();
  });
  return refresh();
}
