// @ts-check
/**
 * The versions of each kind's fields. An item stored by an older app is brought up to date before
 * it is first sent; once its first byte was sent it is frozen, and the server takes old versions
 * for a year.
 */

/** @typedef {import("./database.js").Item} Item */

/** @type {Record<string, number>} the version that this app writes */
export const CURRENT = { case_step: 1, check_in: 1, counter_log: 1, hand_out: 1, pass: 1, rating: 1, self_pass: 1, report: 2, task_step: 1, wish: 1 };

/** @type {Record<string, Record<number, (fields: Record<string, any>) => Record<string, any>>>} from a version to the next */
export const STEPS = {
  case_step: {}, check_in: {}, counter_log: {}, hand_out: {}, pass: {}, rating: {}, self_pass: {}, task_step: {}, wish: {},
  report: { 1: (fields) => fields },
}; // 2: photos may say where they were taken

/**
 * The item with fields of the present version, or itself when it is frozen or current.
 * @param {Item} item
 * @returns {Item}
 */
export function upToDate(item) {
  const target = CURRENT[item.kind] ?? item.schema;
  if (item.frozen || item.schema >= target) return item;
  let fields = item.fields;
  for (let version = item.schema; version < target; version++) {
    fields = STEPS[item.kind][version](fields);
  }
  return { ...item, fields, schema: target };
}
