// What goes in one request each.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dueOf, loadsOf } from "../../app/static/js/outbox/drainer.js";

const plain = (key) => ({ key, photos: [] });
const withPhoto = (key) => ({ key, photos: ["a"] });
const keys = (loads) => loads.map((load) => load.map((item) => item.key));

test("items without photos go together, one with photos alone, all in their order", () => {
  const due = [plain(1), plain(2), withPhoto(3), withPhoto(4), plain(5)];
  assert.deepEqual(keys(loadsOf(due)), [[1, 2], [3], [4], [5]]);
});

test("a load has a bound, and nothing is lost or doubled", () => {
  const due = Array.from({ length: 173 }, (_one, index) => plain(index));
  const loads = loadsOf(due);
  assert.deepEqual(loads.map((load) => load.length), [50, 50, 50, 23]);
  assert.deepEqual(loads.flat(), due);
});

test("nothing due, nothing to send", () => assert.deepEqual(loadsOf([]), []));

test("a check-in that was tried lately goes along with what rests on it, and not by itself", () => {
  const waiting = (key, kind, next_try) => ({ key, kind, photos: [], state: "pending", next_try, not_before: 0, lease_until: 0 });
  const how = { force: false, alone: true };
  const checkIn = waiting(1, "check_in", 5000);
  assert.deepEqual(keys([dueOf([checkIn, waiting(2, "task_step", 900)], 1000, how)]), [[1, 2]]);
  assert.deepEqual(dueOf([checkIn, waiting(2, "task_step", 5000)], 1000, how), []);
  assert.deepEqual(keys([dueOf([waiting(1, "report", 5000), waiting(2, "task_step", 900)], 1000, how)]), [[2]]);
  assert.deepEqual(keys([dueOf([{ ...checkIn, not_before: 2000 }, waiting(2, "task_step", 900)], 1000, how)]), [[2]]);
});
