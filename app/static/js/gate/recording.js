// @ts-check
/** Writing down what was decided, and taking it back; a full phone says so and goes on judging. */
import { words } from "../ui/words.js";
import { gate, readWaiting } from "./gate.js";
import { forget } from "../scan/looks.js";
import { recordPass, recordUndo } from "./passes.js";
import { showStorageAlarm } from "./strip.js";
import { toggle, vehicle } from "./toggles.js";
import { offerUndo } from "./undo.js";
import { showTrouble } from "./verdict_screen.js";

/** @typedef {import("./judging.js").Judged} Judged */

let unwritten = 0;

/**
 * @param {Judged} judged
 * @param {"entered" | "refused"} outcome
 */
export async function record(judged, outcome) {
  const { verdict, direction, method, text, short, rider, challenge, label, badge } = judged;
  const { scanner, bundle, guard } = gate;
  if (!scanner || !bundle) return;
  const passing = {
    guard, direction, vehicle: vehicle(), method, code: text, short, rider, verdict, outcome, list_iat: bundle.list.iat, challenge,
  };
  await written(async () => {
    const key = await recordPass(scanner, passing, { label: itemLabel("pass_item", label), badge });
    if (outcome === "entered") offerUndo({ label, direction, takeBack: () => undo(judged, key) });
  });
}

/** @param {Judged} judged @param {string} key */
function undo({ code, label }, key) {
  const { scanner, guard } = gate;
  forget();
  if (code) gate.replays.forget(code);
  return written(async () => {
    if (scanner) await recordUndo(scanner, key, { guard, label: itemLabel("undo_item", label) });
  });
}

/** @param {string} word @param {string} label */
const itemLabel = (word, label) => (label ? `${words(word)} · ${label}` : words(word));

/** @param {() => Promise<void>} write */
async function written(write) {
  try {
    await write();
  } catch {
    unwritten += 1;
    showStorageAlarm(unwritten);
    showTrouble();
  }
  await readWaiting().catch(() => undefined);
}

/** Judged again in the direction that the guard says. */
export const insisting = () => ({ ...toggle(), firm: true });
