// The table of docs/protocols/outbox.md: what each answer makes of an item.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS, backoffMs, decide, retryAfterMs } from "../../app/static/js/outbox/answers.js";

const KEY = "0190a7c0-0000-7000-8000-000000000001";
const verdict = (name, more = {}) => ({ status: 200, json: [{ key: KEY, verdict: name, ...more }] });
const ours = (status) => ({ status, json: { error: { code: "x", message: "y" } } });

const TABLE = [
  ["accepted", verdict("accepted"), "receipt", false],
  ["duplicate", verdict("duplicate"), "receipt", false],
  ["missing photos", verdict("missing_photos", { missing: ["a"] }), "photos", false],
  ["conflict", verdict("conflict"), "conflict", false],
  ["rejected", verdict("rejected", { errors: {} }), "rejected", false],
  ["retry", verdict("retry"), "keep", false],
  ["a verdict nobody knows", verdict("fine"), "keep", true],
  ["another key", { status: 200, json: [{ key: "other", verdict: "accepted" }] }, "keep", true],
  ["JSON that is no list", { status: 200, json: { ok: true } }, "keep", true],
  ["a page", { status: 200, json: undefined }, "keep", true],
  ["a redirect", { status: 302, redirected: true }, "keep", true],
  ["no answer", { status: 0 }, "keep", true],
  ["408", { status: 408 }, "keep", false],
  ["425", { status: 425 }, "keep", false],
  ["429", { status: 429 }, "keep", true],
  ["500", { status: 500 }, "keep", false],
  ["502", { status: 502 }, "keep", false],
  ["503", { status: 503 }, "keep", true],
  ["401 of ours", ours(401), "needs_login", true],
  ["401 of a portal", { status: 401 }, "keep", true],
];

for (const [name, heard, what, stop] of TABLE) {
  test(`${name}: ${what}${stop ? ", and the pass ends" : ""}`, () => {
    const action = decide(heard, KEY);
    assert.equal(action.what, what);
    assert.equal(action.stop, stop);
  });
}

test("only an answer that names the key lets an item go", () => {
  for (let status = 0; status < 600; status++) {
    for (const json of [undefined, null, [], {}, [null], [{ verdict: "accepted" }], "accepted"]) {
      assert.notEqual(decide({ status, json }, KEY).what, "receipt");
    }
  }
});

test("the pause doubles from 2 s to 5 min, with full jitter", () => {
  assert.equal(backoffMs(1, 1), BACKOFF_FIRST_MS);
  assert.equal(backoffMs(2, 1), 2 * BACKOFF_FIRST_MS);
  assert.equal(backoffMs(50, 1), BACKOFF_MAX_MS);
  assert.equal(backoffMs(50, 0), 0);
});

test("Retry-After in seconds, as a date, or nonsense", () => {
  const now = Date.parse("2026-11-24T00:00:00Z");
  assert.equal(retryAfterMs("120", now), 120_000);
  assert.equal(retryAfterMs("Tue, 24 Nov 2026 00:01:00 GMT", now), 60_000);
  assert.equal(retryAfterMs("Tue, 24 Nov 2020 00:01:00 GMT", now), 0);
  assert.equal(retryAfterMs("soon", now), 0);
  assert.equal(retryAfterMs(null, now), 0);
  assert.equal(retryAfterMs("999999999", now), 3_600_000);
});
