// Who is here at a counter: what the centre counted, and what was logged or taken back since.
import assert from "node:assert/strict";
import { test } from "node:test";

import { dayOf, hourOf, shownHere } from "../../app/static/js/counter/shown.js";

const NOW = Date.UTC(2026, 5, 1, 4, 30); // 12:30 in Suzhou
const MINUTE = 60_000;
const label = (item) => item.fields.label ?? "";
const entry = (key, minutes, more = {}) => ({
  key, at: NOW - minutes * MINUTE, label: key, who: "rider", people: 1, way: "hand", purpose: "rest", mark: null, by_host: true, ...more,
});
const here = (entries, hours = {}) => ({
  people: entries.reduce((all, one) => all + one.people, 0), entries, day: "2026-06-01",
  hours: Array.from({ length: 24 }, (_none, hour) => hours[hour] ?? 0),
});
const item = (key, fields, minutes = 0, state = "pending") => ({
  key, state, captured_at: NOW - minutes * MINUTE, server_offset: 0, kind: "counter_log",
  fields: { station: 1, way: "hand", who: "rider", people: 1, purpose: "rest", ...fields },
});

test("hours and days are those of Suzhou", () => {
  assert.equal(hourOf(NOW), 12);
  assert.equal(dayOf(Date.UTC(2026, 5, 1, 16)), "2026-06-02");
});

test("without an answer of the centre there is what was logged here", () => {
  const shown = shownHere(null, [item("a", { label: "师傅" }), item("b", { who: "worker", people: 5 }, 90)], NOW, label);
  assert.deepEqual([shown.people, shown.today], [6, 6]);
  assert.deepEqual(shown.entries.map((one) => [one.key, one.label, one.waits]), [["a", "师傅", true], ["b", "", true]]);
  assert.deepEqual([shown.hours[12], shown.hours[11]], [1, 5]);
});

test("what the centre has counted already does not count twice", () => {
  const shown = shownHere(here([entry("a", 5)], { 12: 1 }), [item("a", {}, 5, "sending")], NOW, label);
  assert.deepEqual([shown.people, shown.today, shown.entries.length], [1, 1, 1]);
});

test("what was taken back is gone at once, whether the centre had it or not", () => {
  const counted = here([entry("a", 5, { people: 4 }), entry("b", 6)], { 12: 5 });
  const shown = shownHere(counted, [item("u", { undo: "a" }), item("c", {}), item("v", { undo: "c" })], NOW, label);
  assert.deepEqual([shown.people, shown.today], [1, 1]);
  assert.deepEqual(shown.entries.map((one) => one.key), ["b"]);
});

test("what the centre refused counts no longer", () => {
  const shown = shownHere(here([entry("a", 5)], { 12: 1 }), [item("b", {}, 1, "rejected"), item("u", { undo: "a" }, 0, "conflict")], NOW, label);
  assert.deepEqual([shown.people, shown.entries.map((one) => one.key)], [1, ["a"]]);
});

test("after two hours nobody is here, and yesterday is not today", () => {
  const before = here([entry("a", 121), entry("b", 119)], { 10: 2 });
  assert.deepEqual(shownHere(before, [], NOW, label).entries.map((one) => one.key), ["b"]);
  const tomorrow = shownHere(before, [item("c", {}, 13 * 60)], NOW + 24 * 60 * MINUTE, label);
  assert.deepEqual([tomorrow.today, tomorrow.entries.length], [0, 0]);
});

test("without network who came goes again after two hours, a rider once however often", () => {
  const heard = { ...here([entry("a", 10, { rider: 7 }), entry("b", 50, { rider: 7 }), entry("c", 60, { rider: 8 }), entry("d", 70, { people: 4 })]), people: 6 };
  const people = (minutes, items = []) => shownHere(heard, items, NOW + minutes * MINUTE, label).people;
  assert.deepEqual([people(0), people(49), people(51), people(61), people(71), people(109), people(110), people(3000)], [6, 6, 2, 1, 1, 1, 0, 0]);
  assert.deepEqual([people(0, [item("u", { undo: "a" })]), people(0, [item("u", { undo: "d" })])], [6, 2]);
});

test("those who are counted beyond the entries came before them, and are gone before them", () => {
  const heard = { ...here([entry("a", 10), entry("b", 30)]), people: 40 };
  const people = (minutes) => shownHere(heard, [item("c", {}, -minutes)], NOW + minutes * MINUTE, label).people;
  assert.deepEqual([people(0), people(89), people(90), people(110)], [41, 41, 2, 1]);
});

test("a wrong clock that is known puts a log at the right time", () => {
  const ahead = { ...item("a", {}), captured_at: NOW + 60 * MINUTE, server_offset: -60 * MINUTE };
  assert.equal(shownHere(null, [ahead], NOW, label).entries[0].at, NOW);
});
