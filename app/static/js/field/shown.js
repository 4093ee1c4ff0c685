// @ts-check
/**
 * The cases as they are shown: what the centre said, and on top of it what was saved here since.
 * What is saved counts as done until the centre says otherwise; then its words are shown.
 */

/**
 * @typedef {import("../outbox/database.js").Item} Item
 * @typedef {import("../outbox/database.js").Work} Work
 * @typedef {Record<string, any>} Case as GET /field/cases.json has it
 * @typedef {{name: string, who: string, sources: string[], needs: string[], target: string | null}} Row
 *   of the table of transitions; no target: the state stays
 * @typedef {Case & {waiting: Item[], refused: Item[], arrived: boolean, gone: boolean}} Shown
 *   waiting, refused: own items of it; arrived: the centre has a step that the list does not show
 * @typedef {"refused" | "todo" | "verify" | "waiting" | "done"} Section
 */

export const REFUSED = ["rejected", "conflict"];
/** The order in which steps are offered: the first one possible is the step at hand. */
const ORDER = ["finish", "take", "finish_part", "verify", "fail", "go_on", "ask_extension", "ask", "return", "note"];
const AT_WORK = ["dispatched", "handling", "rework"];

/**
 * @param {Pick<Work, "data" | "gone" | "taken">} work
 * @param {Item[]} items of the person, oldest first
 * @param {Set<string>} receipts keys of what the centre has
 * @param {Row[]} table
 * @returns {Shown[]}
 */
export function shownCases(work, items, receipts, table) {
  const steps = items.filter((item) => item.kind === "case_step");
  const states = new Map(steps.map((item) => [item.key, item.state]));
  const counts = (/** @type {string} */ key) => (
    states.has(key) ? !REFUSED.includes(/** @type {string} */ (states.get(key))) : receipts.has(key)
  );
  const listed = work.data.cases.map((/** @type {Case} */ one) => ({ ...one, gone: false }));
  const known = new Set(listed.map((/** @type {Case} */ one) => one.id));
  const gone = Object.values(work.gone).filter((one) => !known.has(one.id)).map((one) => ({ ...one, gone: true, steps: [] }));
  return [...listed, ...gone].map((one) => {
    const own = steps.filter((item) => item.fields.report === one.id);
    const taken = work.taken.filter((step) => step.report === one.id && counts(step.key));
    return {
      ...(one.gone ? one : withSteps(one, taken, table)),
      waiting: own.filter((item) => !REFUSED.includes(item.state)),
      refused: own.filter((item) => REFUSED.includes(item.state)),
      arrived: taken.some((step) => receipts.has(step.key)),
    };
  });
}

/**
 * A case after the steps that were saved here. A step that began before what the centre has told
 * since is past: it arrived, or the centre's answer will say why not.
 * @param {Case} one
 * @param {Work["taken"]} taken
 * @param {Row[]} table
 * @returns {Case}
 */
function withSteps(one, taken, table) {
  let shown = one;
  for (const step of taken) {
    const row = table.find((each) => each.name === step.step && one.roles.includes(each.who));
    if (!row || step.version < shown.version) continue;
    const part = step.step === "finish_part" && shown.part ? { ...shown.part, done: true } : shown.part;
    const moved = row.target ? { state: row.target, version: step.version + 1 } : {};
    shown = { ...shown, ...moved, part };
    shown.steps = possible(shown, table);
  }
  return { ...shown, steps: inOrder(shown.steps) };
}

/** @param {Case} one @param {Row[]} table @returns {string[]} */
function possible(one, table) {
  const rows = table.filter((row) => one.roles.includes(row.who) && row.sources.includes(one.state));
  const names = rows.map((row) => row.name).filter((name) => name !== "finish_part" || (one.part && !one.part.done));
  return [...new Set(names)];
}

/** @param {string[]} steps */
function inOrder(steps) {
  return [...steps].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
}

/**
 * What must come with a step.
 * @param {Case} one
 * @param {string} step
 * @param {Row[]} table
 * @returns {string[]}
 */
export function needsOf(one, step, table) {
  return table.find((row) => row.name === step && one.roles.includes(row.who))?.needs ?? [];
}

/** Where a case stands in the list. @param {Shown} one @returns {Section} */
export function sectionOf(one) {
  if (one.refused.length || one.gone) return "refused";
  if (one.steps.includes("verify")) return "verify";
  if (one.steps.includes("finish_part")) return "todo";
  if (one.roles.includes("department")) {
    if (AT_WORK.includes(one.state)) return "todo";
    if (one.state === "waiting" || one.state === "extension_asked") return "waiting";
  }
  return "done";
}

/**
 * By deadline: the earliest first, those without a clock last.
 * @param {Shown} a
 * @param {Shown} b
 */
export function byDeadline(a, b) {
  const due = (/** @type {Shown} */ one) => one.clock?.due_at ?? Infinity;
  return due(a) === due(b) ? a.id - b.id : due(a) - due(b);
}

/**
 * Nearest first where the phone knows its place, else the longest waiting first.
 * @param {(one: Shown) => number | null} distance metres
 * @returns {(a: Shown, b: Shown) => number}
 */
export function byDistance(distance) {
  const away = (/** @type {Shown} */ one) => distance(one) ?? Infinity;
  return (a, b) => (away(a) === away(b) ? a.moved_at - b.moved_at || a.id - b.id : away(a) - away(b));
}
