// @ts-check
/** Writing down who came, and taking it back; a full device says so and goes on. */
import { uuid7 } from "../outbox/ids.js";
import { enqueue } from "../outbox/items.js";
import { words } from "../ui/words.js";
import { counter, KIND } from "./counter.js";
import { countUnwritten } from "./strip.js";
import { offerUndo } from "./undo.js";

/**
 * @typedef {{way: "badge", code: string} | {way: "number", number: string}
 *   | {way: "hand", who: "rider" | "worker", people: number, label: string}} Came
 */

/**
 * @param {Came} came
 * @param {string} label as it is shown
 * @param {() => void} [undone] what else is to be undone with it
 * @returns {Promise<boolean>} whether it is on the device
 */
export async function log(came, label, undone) {
  const { user, station, purpose } = counter;
  if (user === null || station === null) return false;
  const key = uuid7();
  const fields = { station, purpose, who: "rider", people: 1, ...came };
  const written = await enqueued(user, key, fields, itemLabel("log_item", label));
  if (written) {
    offerUndo(label || words("somebody"), fields.people, async () => {
      const back = await takeBack(key, label);
      if (back) undone?.();
      return back;
    });
  }
  return written;
}

/** @param {string} key of the log @param {string} label @returns {Promise<boolean>} whether that is on the device */
export async function takeBack(key, label) {
  const { user, station } = counter;
  if (user === null || station === null) return false;
  return enqueued(user, uuid7(), { station, undo: key }, itemLabel("undo_item", label));
}

/** @param {number} owner @param {string} key @param {Record<string, any>} fields @param {string} label */
async function enqueued(owner, key, fields, label) {
  try {
    await enqueue({ key, owner, kind: KIND, fields, label }, []);
    return true;
  } catch {
    countUnwritten();
    return false;
  }
}

/** @param {string} word @param {string} label */
const itemLabel = (word, label) => (label ? `${words(word)} · ${label}` : words(word));
