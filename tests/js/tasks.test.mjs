// What a rider's list shows of what was saved here; answers; how long there is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { answerOf, unanswered } from "../../app/static/js/tasks/answers.js";
import { hasCheckedIn, receivedSince } from "../../app/static/js/tasks/check_in.js";
import { joined } from "../../app/static/js/tasks/drafts.js";
import { byChange, byDistance, byDue, canDo, isMine, renewed, sectionOf, shownTasks } from "../../app/static/js/tasks/shown.js";
import { readTasks } from "../../app/static/js/tasks/read.js";
import { setTimeWords, spanWords } from "../../app/static/js/tasks/time.js";

const claim = (state, rest = {}) => ({ id: 3, state, due_at: 1000, claimed_at: 0, attempts: 0, photos: [], answers: [], can: [], ...rest });
const task = (rest = {}) => ({ id: 7, ends_at: 5000, left: 1, claim: null, ...rest });
const item = (key, state, fields = {}) => ({ key, state, kind: "task_step", fields: { claim: 3, step: "hand_in", ...fields }, errors: {} });
const step = (key, name) => ({ key, claim: 3, step: name });
const show = (one, taken = [], items = [], receipts = []) => shownTasks([one], taken, items, new Set(receipts))[0];

test("a task that nobody claimed is offered", () => {
  const one = show(task());
  assert.equal(one.state, "open");
  assert.equal(sectionOf(one), "open");
  assert.equal(isMine(one), false);
});

test("what was saved here counts as handed in at once", () => {
  const one = show(task({ claim: claim("claimed") }), [step("a", "hand_in")], [item("a", "pending")]);
  assert.deepEqual([one.state, one.waiting.length, sectionOf(one)], ["handed_in", 1, "waiting"]);
});

test("what was sent back can be mended, and counts as handed in again", () => {
  const before = show(task({ claim: claim("sent_back") }));
  assert.deepEqual([sectionOf(before), canDo(before, 999), canDo(before, 1000)], ["look", true, false]);
  const after = show(task({ claim: claim("sent_back") }), [step("a", "hand_in")], [item("a", "sending")]);
  assert.equal(after.state, "handed_in");
});

test("what the centre did not take is undone on the screen, and said", () => {
  for (const state of ["rejected", "conflict"]) {
    const one = show(task({ claim: claim("claimed") }), [step("a", "hand_in")], [item("a", state)]);
    assert.deepEqual([one.state, one.refused.length, sectionOf(one)], ["claimed", 1, "look"]);
  }
});

test("what arrived counts until the list is renewed, and then no more", () => {
  const one = show(task({ claim: claim("claimed") }), [step("a", "hand_in")], [], ["a"]);
  assert.deepEqual([one.state, one.arrived], ["handed_in", true]);
  const accepted = show(task({ claim: claim("accepted") }), [step("a", "hand_in")], [], ["a"]);
  assert.equal(accepted.state, "accepted");
});

test("a place that was given back is offered once more", () => {
  const one = show(task({ claim: claim("claimed") }), [step("a", "release")], [item("a", "pending", { step: "release" })]);
  assert.deepEqual([one.state, sectionOf(one), isMine(one)], ["released", "open", false]);
  assert.equal(sectionOf(show(task({ claim: claim("released", { can: ["claim"] }) }))), "open");
  assert.equal(sectionOf(show(task({ claim: claim("released") }))), "done");
});

test("an appeal follows a refusal alone", () => {
  assert.equal(sectionOf(show(task({ claim: claim("refused", { can: ["appeal"] }) }))), "look");
  assert.equal(sectionOf(show(task({ claim: claim("refused") }))), "done");
  const said = [[step("a", "appeal")], [item("a", "pending", { step: "appeal" })]];
  assert.equal(show(task({ claim: claim("refused") }), ...said).state, "appealed");
  assert.equal(show(task({ claim: claim("accepted") }), ...said).state, "accepted");
});

test("a step that waited when the list was asked for stays, another is in the list", () => {
  const before = { taken: [step("a", "hand_in"), step("b", "release")] };
  const fresh = { etag: "x", data: { tasks: [] }, user: 5, asked_at: 8, now: 9 };
  assert.deepEqual(renewed(before, fresh, new Set(["a"])).taken, [step("a", "hand_in")]);
  assert.deepEqual(renewed(undefined, fresh, new Set()), { owner: 5, etag: "x", data: { tasks: [] }, asked_at: 8, fetched_at: 9, taken: [] });
});

test("order: by what is due, by what changed, by how far", () => {
  const of = (id, rest) => ({ ...task({ id }), ...rest });
  assert.ok(byDue(of(1, { claim: claim("claimed", { due_at: 5 }) }), of(2, { claim: claim("claimed", { due_at: 9 }) })) < 0);
  assert.ok(byChange(of(1, { claim: { moved_at: 5 } }), of(2, { claim: { moved_at: 9 } })) > 0);
  const far = byDistance((one) => ({ 1: 100, 2: 50 })[one.id] ?? null);
  assert.ok(far(of(1), of(2)) > 0);
  assert.ok(far(of(1), of(3)) < 0, "one of a whole area comes after those near");
  assert.ok(far(of(3, { ends_at: 1 }), of(4, { ends_at: 2 })) < 0);
});

test("answers travel as the server reads them", () => {
  assert.equal(answerOf({ kind: "yes_no" }, "yes"), "yes");
  assert.equal(answerOf({ kind: "yes_no" }, "maybe"), "");
  assert.equal(answerOf({ kind: "number" }, " 12,5 "), "12.5");
  assert.equal(answerOf({ kind: "number" }, "１２"), "12");
  for (const text of ["", "1e3", "twelve", "1234567890123", "--1"]) assert.equal(answerOf({ kind: "number" }, text), "", text);
  assert.equal(answerOf({ kind: "choice", options: ["红", "绿"] }, "绿"), "绿");
  assert.equal(answerOf({ kind: "choice", options: ["红", "绿"] }, "蓝"), "");
  assert.equal(answerOf({ kind: "words" }, "  好 "), "好");
  const questions = [{ kind: "words" }, { kind: "yes_no" }, { kind: "number" }];
  assert.deepEqual(unanswered(questions, ["", "no"]), [0, 2]);
});

test("time is said in days, hours or minutes", () => {
  const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
  assert.deepEqual(spanWords(3 * day + hour), ["span_days", { days: 3 }]);
  assert.deepEqual(spanWords(day + hour), ["span_hours", { hours: 25, minutes: 0 }]);
  assert.deepEqual(spanWords(59 * minute), ["span_minutes", { minutes: 59 }]);
  assert.deepEqual(spanWords(10), ["span_minutes", { minutes: 1 }]);
});

test("a time that an office set is said in whole days or hours where it is", () => {
  assert.deepEqual(setTimeWords(2 * 1440), ["span_days", { days: 2 }]);
  assert.deepEqual(setTimeWords(1440), ["span_whole_hours", { hours: 24 }]);
  assert.deepEqual(setTimeWords(90), ["span_hours", { hours: 1, minutes: 30 }]);
  assert.deepEqual(setTimeWords(45), ["span_minutes", { minutes: 45 }]);
});

test("what travelled is read in the page's language, each task once", () => {
  const wire = {
    id: 7, title: { zh: "巡查", en: "Patrol" }, words: { zh: "看", en: "Look" }, by: { zh: "社区", en: "Community" }, area: null, at: [31.3, 120.7],
    proof: { photos: 1, place: true, check_in: { id: 4, zh: "驿站", en: "" }, questions: [] },
  };
  const claimed = { id: 3, task: wire, attempts: 2, photos: ["ab"], state: "sent_back" };
  const [one, ...others] = readTasks({ tasks: [{ ...wire, why: "star" }], claims: [claimed] }, "en");
  assert.deepEqual(others, []);
  assert.deepEqual([one.title, one.publisher, one.latitude, one.why, one.proof.check_in.name], ["Patrol", "Community", 31.3, "star", "驿站"]);
  assert.deepEqual(one.claim.photos, [{ sha256: "ab", thumb: "/tasks/claims/3/photos/2/1/thumb", large: "/tasks/claims/3/photos/2/1/large" }]);
  assert.equal(readTasks({ tasks: [wire], claims: [] }, "zh_Hans")[0].title, "巡查");
});

const VECTORS = JSON.parse(readFileSync(new URL("../vectors/station_codes.json", import.meta.url), "utf-8"));
const { text: code, reads: { station } } = VECTORS.posters.find((one) => one.reads);
const checkIn = (at, rest = {}) => ({ kind: "check_in", state: "pending", captured_at: at, server_offset: 0, fields: { way: "poster", code }, ...rest });
const at = (claimed_at, checked_in) => ({ proof: { check_in: { id: station } }, claim: claim("claimed", { claimed_at, checked_in }) });
const HOUR = 3_600_000;

test("a check-in counts up to an hour before the claim, as at the centre", () => {
  assert.equal(hasCheckedIn(at(HOUR * 5, null), [checkIn(HOUR * 4)], []), true);
  assert.equal(hasCheckedIn(at(HOUR * 5, null), [checkIn(HOUR * 4 - 1)], []), false);
  assert.equal(hasCheckedIn(at(HOUR * 5, null), [checkIn(HOUR * 4 - 1, { server_offset: 1 })], []), true);
  assert.equal(hasCheckedIn({ ...at(0, null), proof: { check_in: { id: station + 1 } } }, [checkIn(HOUR)], []), false);
});

test("a check-in that the centre did not take counts for nothing", () => {
  for (const state of ["rejected", "conflict"]) assert.equal(hasCheckedIn(at(0, null), [checkIn(HOUR, { state })], []), false);
});

test("it still counts when it has its receipt, and when the list has come", () => {
  const said = { way: "poster", code, at: HOUR * 5, settled_at: 50 };
  const receipts = [{ key: "a" }, { key: "b", check_in: said }];
  assert.equal(hasCheckedIn(at(HOUR * 5, null), [], receivedSince(receipts, 40)), true);
  assert.equal(hasCheckedIn(at(HOUR * 5, null), [], receivedSince(receipts, 60)), false, "the list knows, and says no");
  assert.equal(hasCheckedIn(at(HOUR * 5, HOUR * 5), [], []), true);
});

test("a task that asks for none, or is not claimed, has no check-in", () => {
  assert.equal(hasCheckedIn({ proof: { check_in: null }, claim: claim("claimed", { checked_in: 5 }) }, [], []), false);
  assert.equal(hasCheckedIn({ proof: { check_in: { id: 2 } }, claim: null }, [checkIn(5)], []), false);
});

test("what was not taken joins what was begun since", () => {
  const questions = [{ kind: "words" }, { kind: "number" }, { kind: "words" }, { kind: "yes_no" }];
  const photo = (sha256) => ({ sha256 });
  const draft = (typed, photos, rest = {}) => ({ id: "d", key: rest.mends ? "new" : "own", photos: photos.map(photo), fields: { typed, kept: [], touched: true }, ...rest });
  const again = draft(["旧", "7", "同", "yes"], ["a", "b", "c"], { mends: "m" });
  const { draft: both, tooMany } = joined(draft(["新", "8", "同", ""], ["x", "a"]), again, questions);
  assert.deepEqual([both.key, both.mends, tooMany], ["own", "m", false]);
  assert.deepEqual(both.fields.typed, ["新\n旧", "8", "同", "yes"]);
  assert.deepEqual(both.photos.map((one) => one.sha256), ["x", "a", "b", "c"]);
  assert.equal(joined(both, again, questions).draft, both, "pressed twice it is there once");
  const full = joined(draft(["", "", "", ""], ["v", "w", "x", "y"]), again, questions);
  assert.deepEqual([full.draft.photos.length, full.tooMany], [4, true]);
  const untouched = draft(["", "", "", ""], []);
  untouched.fields.touched = false;
  assert.equal(joined(untouched, again, questions).draft, again);
});
