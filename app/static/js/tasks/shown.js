// @ts-check
/**
 * The tasks as they are shown: what the centre said, and on top of it what was saved here since.
 * What is saved counts as done until the centre says otherwise; then its words are shown.
 */

/**
 * @typedef {import("../outbox/database.js").Item} Item
 * @typedef {import("./store.js").Kept} Kept
 * @typedef {Record<string, any>} Task as read.js makes it
 * @typedef {Task & {state: string, waiting: Item[], refused: Item[], arrived: boolean, checkedIn?: boolean}} Shown
 *   state: of the claim as this phone sees it, "open" without one; waiting, refused: own items of it;
 *   checkedIn: as the page adds it, by check_in.js
 * @typedef {"look" | "todo" | "waiting" | "open" | "done"} Section
 */

export const KIND = "task_step";
export const REFUSED = ["rejected", "conflict"];
/** The state that a step leads to. @type {Record<string, string>} */
const LEADS_TO = { hand_in: "handed_in", release: "released", appeal: "appealed" };
/** The states from which it does. @type {Record<string, string[]>} */
const SOURCES = { hand_in: ["claimed", "sent_back"], release: ["claimed", "sent_back"], appeal: ["refused"] };
const SECTIONS = { claimed: "todo", sent_back: "look", handed_in: "waiting", appealed: "waiting", open: "open", released: "open" };

/**
 * @param {Task[]} tasks
 * @param {Kept["taken"]} saved
 * @param {Item[]} items of the person, oldest first
 * @param {Set<string>} receipts keys of what the centre has
 * @returns {Shown[]}
 */
export function shownTasks(tasks, saved, items, receipts) {
  const steps = items.filter((item) => item.kind === KIND);
  const states = new Map(steps.map((item) => [item.key, item.state]));
  const counts = (/** @type {string} */ key) => (
    states.has(key) ? !REFUSED.includes(/** @type {string} */ (states.get(key))) : receipts.has(key)
  );
  return tasks.map((task) => {
    const id = task.claim?.id;
    const own = id === undefined ? [] : steps.filter((item) => item.fields.claim === id);
    const taken = saved.filter((step) => step.claim === id && counts(step.key));
    return {
      ...task,
      state: taken.reduce(after, task.claim?.state ?? "open"),
      waiting: own.filter((item) => !REFUSED.includes(item.state)),
      refused: own.filter((item) => REFUSED.includes(item.state)),
      arrived: taken.some((step) => receipts.has(step.key)),
    };
  });
}

/** @param {string} state @param {import("./store.js").Taken} taken */
function after(state, { step }) {
  return SOURCES[step].includes(state) ? LEADS_TO[step] : state;
}

/** Where a task stands in the list. @param {Shown} one @returns {Section} */
export function sectionOf(one) {
  if (one.refused.length || mayAppeal(one)) return "look";
  if (one.state === "released" && !mayClaim(one)) return "done";
  return /** @type {Record<string, Section>} */ (SECTIONS)[one.state] ?? "done";
}

/** Whether the rider may claim it once more, or for the first time. @param {Shown} one */
export const mayClaim = ({ claim, state }) => state === "open" || (state === "released" && (claim.state !== "released" || claim.can.includes("claim")));

/** Whether a refusal can still be contradicted. @param {Shown} one */
export const mayAppeal = ({ claim, state }) => state === "refused" && claim.can.includes("appeal");

/** Whether it is the rider's to do, as far as this phone knows. @param {Shown} one */
export const isMine = (one) => SOURCES.hand_in.includes(one.state);

/** Whether there is still time to do it. @param {Shown} one @param {number} now ms, by the centre's clock */
export const canDo = (one, now) => isMine(one) && now < one.claim.due_at;

/** The earliest due first. @param {Shown} one @param {Shown} other */
export function byDue(one, other) {
  return (one.claim?.due_at ?? Infinity) - (other.claim?.due_at ?? Infinity) || one.id - other.id;
}

/** What was settled last comes first. @param {Shown} one @param {Shown} other */
export function byChange(one, other) {
  return (other.claim?.moved_at ?? 0) - (one.claim?.moved_at ?? 0) || other.id - one.id;
}

/**
 * Nearest first where the phone knows its place, else what ends first.
 * @param {(one: Shown) => number | null} away metres
 * @returns {(one: Shown, other: Shown) => number}
 */
export function byDistance(away) {
  const metres = (/** @type {Shown} */ one) => away(one) ?? Infinity;
  return (one, other) => (metres(one) === metres(other) ? one.ends_at - other.ends_at || one.id - other.id : metres(one) - metres(other));
}

/**
 * What is kept once the centre has told the list anew: what still waited when it was asked for is not in it.
 * @param {Kept | undefined} before
 * @param {{etag: string | null, data: Record<string, any>, user: number, asked_at: number, now: number}} fresh
 * @param {Set<string>} waiting keys of items that waited when the list was asked for
 * @returns {Kept}
 */
export function renewed(before, fresh, waiting) {
  return {
    owner: fresh.user, etag: fresh.etag, data: fresh.data, asked_at: fresh.asked_at, fetched_at: fresh.now,
    taken: (before?.taken ?? []).filter((step) => waiting.has(step.key)),
  };
}
