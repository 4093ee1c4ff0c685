// @ts-check
/** A step of a task becomes an item of the outbox, together with the list's new look. */
import { enqueue, itemsOf, KeyTaken } from "../outbox/items.js";
import { askForBackgroundSync, drainNow } from "../outbox/triggers.js";
import { askToPersist } from "../pwa/persist.js";
import { words } from "../ui/words.js";
import { KIND, REFUSED } from "./shown.js";
import { alsoTaken } from "./store.js";

/**
 * @typedef {object} Step
 * @property {string} key
 * @property {number} owner
 * @property {Record<string, any>} task with its claim
 * @property {"hand_in" | "release" | "appeal"} step
 * @property {Record<string, any>} [fields] what goes with it
 * @property {import("../outbox/database.js").Photo[]} [photos]
 * @property {{draft?: string, mends?: string}} [replaced]
 */

/** Keep it, and send it where there is network. Saved twice, from two tabs, it is one. @param {Step} said */
export async function saveStep({ key, owner, task, step, fields = {}, photos = [], replaced = {} }) {
  const claim = task.claim.id;
  askToPersist();
  if (await isSaved(owner, claim, step, replaced.mends)) return;
  const label = `${words(`step_${step}`)} · ${task.title}`;
  const capture = { key, owner, kind: KIND, fields: { claim, task: task.id, step, ...fields }, label };
  try {
    await enqueue(capture, photos, replaced, alsoTaken(owner, { key, claim, step }));
  } catch (error) {
    if (!(error instanceof KeyTaken)) throw error; // saved from another tab: this is the same
  }
  askForBackgroundSync().catch(() => undefined);
  drainNow({ force: true }).catch(() => undefined);
}

/** Whether this step waits already, saved by another tab. @param {number} owner @param {number} claim @param {string} step @param {string} [mends] */
async function isSaved(owner, claim, step, mends) {
  const items = await itemsOf(owner);
  return items.some((item) => item.kind === KIND && item.key !== mends && !REFUSED.includes(item.state)
    && item.fields.claim === claim && item.fields.step === step);
}

/** @param {any} error */
export const trouble = (error) => words(error?.name === "QuotaExceededError" ? "disk_full" : "not_saved");
