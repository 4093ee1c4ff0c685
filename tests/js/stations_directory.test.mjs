// The directory as it travels, read; and when a station is open by it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { noticeAt, openAt, opensNext, read, spanAt, stationById } from "../../app/static/js/stations/directory.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const FROM = Date.parse("2026-11-30T00:00+08:00"); // a Monday
const DAYS = 28;
const daily = [8 * 60, 12 * 60, ...Array.from({ length: DAYS - 1 }, () => [12 * 60, 12 * 60]).flat()];
const DATA = {
  version: 1, from: FROM, days: DAYS, per_degree: 100_000, south: 3_131_000, west: 12_067_000,
  facilities: ["water", "phone_charging", "rest"], counted: [1, 2], kinds: ["filling", "red_bee"],
  hours: [daily, [0, DAYS * 24 * 60]],
  id: [7, 3], level: [1, 2], kind: [0, 1], latitude: [930, 0], longitude: [0, 50],
  number: { patterns: [["SZ007", "SZ\n"]], of: [0, 1], numbers: [12], others: {} },
  name: { patterns: [["湖东\n号站", "老街站"], ["Hudong \n", "Old Street \n"]], of: [0, 1], numbers: [5], others: { "1.1": [9] } },
  contact: { patterns: [["0512-\n", ""]], of: [0, 1], numbers: [6666], others: {} },
  address: { patterns: [["星湖街\n号\n室"], ["\n-\n Xinghu Street"]], of: [0, 0], numbers: [1, 2, 30, 4], others: {} },
  hours_of: [0, 1], radius: { 1: 60 }, poster: { 0: 3 }, said: { 1: ["full", "开会", FROM + 2 * HOUR, "有绿豆汤", FROM + HOUR] },
  has: [0b011, 0b110], broken: { 0: 0b010 }, counts: [4, 2, 8],
};
const directory = { ...read(DATA), etag: null, fetched_at: 0 };
const first = stationById(directory, 7);
const second = stationById(directory, 10);

test("a station is put together from the columns", () => {
  assert.deepEqual({ ...first, spans: first.spans.length }, {
    id: 7, number: "SZ007", zh: "湖东5号站", en: "Hudong 5", level: 1, kind: "filling",
    latitude: 31.3193, longitude: 120.67, radius_m: 100, address_zh: "星湖街1号2室", address_en: "1-2 Xinghu Street",
    contact: "0512-6666", state: "open", state_reason: "", state_until: 0, notice: "", notice_until: 0, poster: 3,
    facilities: [{ name: "water", works: true, count: 0 }, { name: "phone_charging", works: false, count: 4 }], spans: 28,
    told: [FROM, FROM + DAYS * DAY],
  });
  assert.deepEqual([second.number, second.zh, second.en, second.contact, second.radius_m], ["SZ12", "老街站", "Old Street 9", "", 60]);
  assert.equal(second.address_en, "30-4 Xinghu Street");
  assert.deepEqual(second.facilities.map(({ name, count }) => [name, count]), [["phone_charging", 2], ["rest", 8]]);
  assert.equal(stationById(directory, 8), undefined);
});

test("it is open by its hours, from the first minute to the last", () => {
  assert.equal(openAt(first, FROM + 8 * HOUR - 1), "closed");
  assert.equal(openAt(first, FROM + 8 * HOUR), "open");
  assert.equal(openAt(first, FROM + 20 * HOUR - 1), "open");
  assert.equal(openAt(first, FROM + 20 * HOUR), "closed");
  assert.equal(opensNext(first, FROM + 21 * HOUR), FROM + DAY + 8 * HOUR);
});

test("what the host says comes on top, until the time said", () => {
  assert.equal(openAt(second, FROM + HOUR), "full");
  assert.equal(openAt(second, FROM + 2 * HOUR), "open");
  assert.equal(openAt({ ...second, state: "closed", state_until: 0 }, FROM + 2 * HOUR), "closed");
  assert.equal(openAt({ ...first, state: "full", state_until: 0 }, FROM + 21 * HOUR), "closed");
  assert.equal(noticeAt(second, FROM), "有绿豆汤");
  assert.equal(noticeAt(second, FROM + HOUR), "");
});

test("beyond what was told the last week stands for those that follow", () => {
  for (const weeks of [5, 9, 60]) {
    assert.equal(openAt(first, FROM + weeks * WEEK + 9 * HOUR), "open");
    assert.equal(openAt(first, FROM + weeks * WEEK + 7 * HOUR), "closed");
    assert.equal(opensNext(first, FROM + weeks * WEEK + 7 * HOUR), FROM + weeks * WEEK + 8 * HOUR);
    assert.equal(spanAt(first, FROM + weeks * WEEK + 9 * HOUR)[1], FROM + weeks * WEEK + 20 * HOUR);
    assert.equal(openAt(second, FROM + weeks * WEEK), "open");
  }
});

const open = (from, to) => Array.from({ length: to - from }, (_none, day) => [FROM + (from + day) * DAY + 8 * HOUR, FROM + (from + day) * DAY + 20 * HOUR]);

test("a station that opens only later is closed until then, though days are told before", () => {
  const later = { ...first, spans: open(14, DAYS) };
  assert.equal(openAt(later, FROM + DAY + 10 * HOUR), "closed");
  assert.equal(opensNext(later, FROM + DAY + 10 * HOUR), FROM + 14 * DAY + 8 * HOUR);
});

test("a station that closes for weeks is closed to the end of what was told, and beyond", () => {
  const until = { ...first, spans: open(0, 3) };
  for (const day of [3, 7, 8, 14, 27, 28, 29, 60]) assert.equal(openAt(until, FROM + day * DAY + 10 * HOUR), "closed");
  for (const day of [3, 20, 28, 60]) assert.equal(opensNext(until, FROM + day * DAY), undefined);
});

test("what comes behind the last opening told is found in the week behind it, and no sooner", () => {
  const mondays = { ...first, spans: [0, 7, 14, 21].flatMap((day) => open(day, day + 1)) };
  assert.equal(opensNext(mondays, FROM + 22 * DAY), FROM + 28 * DAY + 8 * HOUR);
  assert.equal(opensNext(mondays, FROM + 29 * DAY), FROM + 35 * DAY + 8 * HOUR);
  assert.equal(opensNext(mondays, FROM + 28 * DAY), FROM + 28 * DAY + 8 * HOUR);
});

test("a phone whose clock is years behind sees the first week", () => {
  assert.equal(openAt(first, FROM - 100 * WEEK + 9 * HOUR), "open");
  assert.equal(openAt(first, FROM - 100 * WEEK + 7 * HOUR), "closed");
});

test("a station without hours that can be read is closed", () => {
  assert.equal(openAt({ ...first, spans: [] }, FROM), "closed");
  assert.equal(opensNext({ ...first, spans: [] }, FROM), undefined);
});
