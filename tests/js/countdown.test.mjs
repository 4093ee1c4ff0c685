// What is left of a limit while a page stays open.
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document ??= /** @type {any} */ ({});
const { leftAt, sayLeft } = await import("../../app/static/js/ui/countdown.js");

const HOUR = 3_600_000;

test("only the stretches count, and what lies behind them stays", () => {
  const spans = [[10 * HOUR, 12 * HOUR], [20 * HOUR, 21 * HOUR]];
  assert.equal(leftAt(spans, 500, 0), 3 * 3600 + 500);
  assert.equal(leftAt(spans, 500, 11 * HOUR), 2 * 3600 + 500);
  assert.equal(leftAt(spans, 500, 15 * HOUR), 3600 + 500);
  assert.equal(leftAt(spans, 0, 22 * HOUR), 0);
});

test("days of eight hours in working time, plain hours in urgent time, seconds in the last hour", () => {
  assert.deepEqual(sayLeft(9 * 3600, "working_days"), ["left_days", { days: 1, hours: 1 }]);
  assert.deepEqual(sayLeft(9 * 3600, "urgent_hours"), ["left_hours", { hours: 9, minutes: 0 }]);
  assert.deepEqual(sayLeft(3 * 3600 + 119, "working_hours"), ["left_working", { hours: 3, minutes: 1 }]);
  assert.deepEqual(sayLeft(3599, "working_days"), ["left_minutes", { minutes: 59, seconds: 59 }]);
});
