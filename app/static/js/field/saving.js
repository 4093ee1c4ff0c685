// @ts-check
/** A step of a case becomes an item of the outbox, together with the list's new look. */
import { uuid7 } from "../outbox/ids.js";
import { enqueue, itemsOf, KeyTaken } from "../outbox/items.js";
import { askForBackgroundSync, drainNow } from "../outbox/triggers.js";
import { alsoTaken } from "../outbox/work.js";
import { askToPersist } from "../pwa/persist.js";
import { REFUSED } from "./shown.js";

/**
 * @typedef {import("../outbox/database.js").Item} Item
 * @typedef {import("../outbox/database.js").Photo} Photo
 * @typedef {{key: string, owner: number, kind: string, fields: Record<string, any>, label: string}} Capture
 * @typedef {{draft?: string, mends?: string}} Replaced
 */

/** Keep it, and send it where there is network. @param {Capture} capture @param {Photo[]} photos @param {Replaced} replaced */
export async function saveStep(capture, photos, replaced) {
  askToPersist();
  await putOnce(capture, photos, replaced);
  askForBackgroundSync().catch(() => undefined);
  drainNow({ force: true }).catch(() => undefined);
}

/**
 * The same case open in two tabs has one key: with what the other has saved it is used up. The very
 * same step is kept once; what is another one gets a key of its own.
 * @param {Capture} capture
 * @param {Photo[]} photos
 * @param {Replaced} replaced
 */
async function putOnce(capture, photos, replaced) {
  if (await isSaved(capture, replaced.mends)) return;
  try {
    await put(capture, photos, replaced);
  } catch (error) {
    if (!(error instanceof KeyTaken)) throw error;
    if (await isSaved(capture, replaced.mends)) return; // by the other tab, at this moment
    await put({ ...capture, key: uuid7() }, photos, replaced);
  }
}

/** With the draft's end and the list's new look, all or nothing. @param {Capture} capture @param {Photo[]} photos @param {Replaced} replaced */
function put(capture, photos, replaced) {
  const { key, owner, fields: { report, step, version } } = capture;
  return enqueue(capture, photos, replaced, alsoTaken(owner, { key, report, step, version }));
}

/** Whether another tab saved this very step. @param {Capture} capture @param {string} [mends] */
async function isSaved(capture, mends) {
  const items = await itemsOf(capture.owner);
  return items.some((item) => item.kind === "case_step" && item.key !== mends && !REFUSED.includes(item.state) && isSame(item, capture));
}

/** A step is taken once from each version; a note may be written as often as one likes. @param {Item} item @param {Capture} capture */
export function isSame(item, { key, fields }) {
  if (item.fields.report !== fields.report || item.fields.step !== fields.step) return false;
  if (fields.step === "note") return item.key === key && item.fields.note === fields.note;
  return item.fields.version === fields.version;
}
