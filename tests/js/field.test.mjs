// What a handler's list shows of what was saved here; what is kept of it; deadlines.
import assert from "node:assert/strict";
import { test } from "node:test";

import { leftOf } from "../../app/static/js/field/clock.js";
import { joined } from "../../app/static/js/field/drafts.js";
import { renewed } from "../../app/static/js/field/renewed.js";
import { isSame } from "../../app/static/js/field/saving.js";
import { byDeadline, byDistance, needsOf, sectionOf, shownCases } from "../../app/static/js/field/shown.js";

const TABLE = [
  { name: "take", who: "department", sources: ["dispatched", "rework"], needs: [], target: "handling" },
  { name: "return", who: "department", sources: ["dispatched", "handling"], needs: ["note"], target: "returned" },
  { name: "ask", who: "department", sources: ["handling"], needs: ["note"], target: "waiting" },
  { name: "finish", who: "department", sources: ["handling", "rework"], needs: ["note", "photo"], target: "handled" },
  { name: "finish_part", who: "assistant", sources: ["dispatched", "handling"], needs: ["note"], target: null },
  { name: "verify", who: "verifier", sources: ["handled"], needs: ["photo"], target: "verified" },
  { name: "note", who: "department", sources: ["dispatched", "handling"], needs: ["note"], target: null },
];
const CASE = { id: 7, version: 3, state: "dispatched", roles: ["department"], steps: ["take", "return", "note"], part: null, clock: null, moved_at: 1 };
const work = (taken = [], gone = {}, one = CASE) => ({ data: { cases: [one] }, gone, taken });
const item = (key, state, fields) => ({ key, state, kind: "case_step", fields: { report: 7, ...fields }, errors: {} });
const step = (key, name, version) => ({ key, report: 7, step: name, version });
const show = (...parts) => shownCases(...parts, TABLE)[0];

test("what was saved here counts as done at once, one step after another", () => {
  const taken = [step("a", "take", 3), step("b", "finish", 4)];
  const items = [item("a", "pending", { step: "take" }), item("b", "pending", { step: "finish" })];
  const one = show(work(taken), items, new Set());
  assert.deepEqual([one.state, one.version, one.steps], ["handled", 5, []]);
  assert.equal(one.waiting.length, 2);
  assert.equal(sectionOf(one), "done");
});

test("after taking, finishing is the step at hand", () => {
  const one = show(work([step("a", "take", 3)]), [item("a", "sending", {})], new Set());
  assert.deepEqual([one.state, one.steps], ["handling", ["finish", "ask", "return", "note"]]);
  assert.equal(sectionOf(one), "todo");
});

test("what the centre did not take is undone on the screen, and said", () => {
  for (const state of ["rejected", "conflict"]) {
    const one = show(work([step("a", "take", 3)]), [item("a", state, {})], new Set());
    assert.deepEqual([one.state, one.version, one.refused.length], ["dispatched", 3, 1]);
    assert.equal(sectionOf(one), "refused");
  }
});

test("what was discarded is undone; what arrived stays done until the list shows it", () => {
  const taken = [step("a", "take", 3)];
  assert.equal(show(work(taken), [], new Set()).state, "dispatched");
  const arrived = show(work(taken), [], new Set(["a"]));
  assert.deepEqual([arrived.state, arrived.arrived], ["handling", true]);
});

test("a step older than what the centre says is past", () => {
  const newer = { ...CASE, version: 5, state: "rework", steps: ["take", "finish"] };
  const one = show(work([step("a", "take", 3)], {}, newer), [item("a", "pending", {})], new Set());
  assert.deepEqual([one.state, one.version, one.steps], ["rework", 5, ["finish", "take"]]);
});

test("a part that is done is offered no more", () => {
  const helper = { ...CASE, roles: ["assistant"], steps: ["finish_part"], part: { task: "x", done: false } };
  const one = show(work([step("a", "finish_part", 3)], {}, helper), [item("a", "pending", {})], new Set());
  assert.deepEqual([one.state, one.version, one.part.done, one.steps], ["dispatched", 3, true, []]);
});

test("other people's kinds of items are none of a case's", () => {
  const other = { ...item("x", "pending", {}), kind: "report" };
  assert.equal(show(work(), [other], new Set()).waiting.length, 0);
});

test("a case that left the list is shown while something of it is here, and takes no step", () => {
  const gone = { 9: { ...CASE, id: 9 } };
  const found = shownCases(work([], gone), [item("a", "rejected", { report: 9 })], new Set(), TABLE);
  assert.deepEqual(found.map((one) => [one.id, one.gone, one.steps.length]), [[7, false, 3], [9, true, 0]]);
  assert.equal(sectionOf(found[1]), "refused");
});

test("what a step needs follows from who takes it", () => {
  assert.deepEqual(needsOf(CASE, "finish", TABLE), ["note", "photo"]);
  assert.deepEqual(needsOf(CASE, "verify", TABLE), []);
});

test("a renewed list forgets what it shows, and keeps what is still on the phone", () => {
  const before = { owner: 1, etag: "1", data: { cases: [CASE, { ...CASE, id: 8 }, { ...CASE, id: 9 }] }, fetched_at: 1, gone: {}, taken: [step("a", "take", 3), step("b", "take", 3)] };
  const fresh = { etag: "2", data: { cases: [CASE] }, user: 1, now: 5 };
  const after = renewed(before, fresh, { keys: new Set(["b"]), cases: new Set([7, 9]) });
  assert.deepEqual(after.taken.map((one) => one.key), ["b"]);
  assert.deepEqual(Object.keys(after.gone), ["9"]);
  const later = renewed(after, { ...fresh, data: { cases: [CASE, { ...CASE, id: 9 }] } }, { keys: new Set(), cases: new Set([9]) });
  assert.deepEqual([later.gone, later.taken], [{}, []]);
  assert.deepEqual(renewed(undefined, fresh, { keys: new Set(), cases: new Set() }).gone, {});
});

test("the earliest deadline first, none at the end; the nearest first, unknown places by waiting", () => {
  const due = (id, at) => ({ ...CASE, id, clock: at === null ? null : { due_at: at } });
  assert.deepEqual([due(1, null), due(2, 9), due(3, 5), due(4, 5)].sort(byDeadline).map((one) => one.id), [3, 4, 2, 1]);
  const away = { 1: 500, 2: null, 3: 20, 4: null };
  const waits = [{ id: 1, moved_at: 1 }, { id: 2, moved_at: 9 }, { id: 3, moved_at: 5 }, { id: 4, moved_at: 2 }];
  assert.deepEqual(waits.sort(byDistance((one) => away[one.id])).map((one) => one.id), [3, 1, 4, 2]);
});

const HOUR = 3_600_000;
test("only the stretches of working time count, however long ago the list was kept", () => {
  const clock = { unit: "working_hours", whole_s: 4 * 3600, due_at: 21 * HOUR, spans: [[0, 3 * HOUR], [20 * HOUR, 21 * HOUR]] };
  assert.deepEqual(leftOf(clock, HOUR), { seconds: 3 * 3600, share: 0.75, tone: "ok" });
  assert.deepEqual(leftOf(clock, 10 * HOUR), { seconds: 3600, share: 0.25, tone: "wait" });
  assert.deepEqual(leftOf(clock, 21 * HOUR), { seconds: 0, share: 0, tone: "bad" });
});

test("a clock that stands, and none at all", () => {
  assert.deepEqual(leftOf({ unit: "working_hours", whole_s: 3600, left_s: 1800 }, 0), { seconds: 1800, share: 0.5, tone: "still" });
  assert.equal(leftOf(null, 0), null);
});

test("what was refused joins what was begun since, once", () => {
  const draft = (note, photos, rest = {}) => ({ id: "d", key: rest.mends ? "new" : "own", photos: photos.map((sha256) => ({ sha256 })), fields: { report: 7, step: "note", note }, ...rest });
  const again = draft("旧", ["a"], { mends: "m", fields: { report: 7, step: "ask", note: "旧", latitude: 31 } });
  const { draft: both } = joined(draft("新", ["x"]), again);
  assert.deepEqual([both.key, both.mends, both.fields.step, both.fields.note, both.fields.latitude], ["own", "m", "ask", "新\n旧", 31]);
  assert.deepEqual(both.photos.map((one) => one.sha256), ["x", "a"]);
  assert.equal(joined(both, again).draft, both);
  assert.equal(joined(draft("", []), again).draft, again);
});

test("a step from one version is one, a note is only the same under its own key", () => {
  const said = (key, step, rest = {}) => ({ key, fields: { report: 7, version: 3, step, note: "", ...rest } });
  assert.equal(isSame(said("a", "take"), said("b", "take")), true);
  assert.equal(isSame(said("a", "take"), said("a", "finish")), false);
  assert.equal(isSame(said("a", "take"), said("b", "take", { version: 4 })), false);
  assert.equal(isSame(said("a", "note"), said("b", "note")), false);
  assert.equal(isSame(said("a", "note", { note: "甲" }), said("a", "note", { note: "乙" })), false);
  assert.equal(isSame(said("a", "note"), said("a", "note")), true);
});
