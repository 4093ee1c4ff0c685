// The rules of a gate: the same vectors as for the server's.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { localDay } from "../../app/static/js/gate/local_day.js";
import { refusal } from "../../app/static/js/gate/rules.js";

const { vectors } = JSON.parse(readFileSync(new URL("../vectors/gate_rules.json", import.meta.url), "utf8"));

for (const { name, rules, printed_today, printed, direction, now, expect } of vectors) {
  test(`${name}: ${expect ?? "not refused"}`, () => {
    assert.equal(refusal({ printed, direction }, { rules, printed_today }, now), expect);
  });
}

test("the day is the one of Suzhou", () => {
  assert.deepEqual(localDay(Date.parse("2026-11-24T15:59:59Z")), { date: "2026-11-24", weekday: 1, minute: 1439 });
  assert.deepEqual(localDay(Date.parse("2026-11-24T16:00:00Z")), { date: "2026-11-25", weekday: 2, minute: 0 });
});
