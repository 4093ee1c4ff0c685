// The order of stations, how far one comes in 15 minutes, hours in words, and ways for map apps.
import assert from "node:assert/strict";
import { test } from "node:test";

import { clockTime, daysBetween, nextOf, week } from "../../app/static/js/stations/hours.js";
import { circleOf, fits, FOOT_M, found, minutesByScooter, minutesOnFoot, SCOOTER_M } from "../../app/static/js/stations/reach.js";
import { waysTo } from "../../app/static/js/stations/ways.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FROM = Date.parse("2026-11-30T00:00+08:00"); // a Monday
const HERE = { latitude: 31.3193, longitude: 120.6738 };
const WEEKDAYS = [0, 1, 2, 3, 4].map((day) => [FROM + day * DAY + 8 * HOUR, FROM + day * DAY + 20 * HOUR]);
const ALL = { open: false, facilities: [] };
let ids = 0;
const station = (more = {}) => ({
  id: ++ids, number: `S${ids}`, ...HERE, state: "open", state_until: 0, spans: WEEKDAYS, told: [FROM, FROM + 28 * DAY],
  facilities: [{ name: "water", works: true, count: 0 }, { name: "aed", works: false, count: 0 }], ...more,
});

test("the nearest come first, and without a place those of the lowest number", () => {
  const far = station({ number: "A", latitude: 31.4 }), near = station({ number: "C" }), between = station({ number: "B", longitude: 120.68 });
  const numbers = (here) => found([far, near, between], here, ALL, FROM).map(({ station: { number } }) => number);
  assert.deepEqual(numbers(HERE), ["C", "B", "A"]);
  assert.deepEqual(numbers(null), ["A", "B", "C"]);
  assert.equal(found([near], null, ALL, FROM)[0].away, null);
  assert.equal(Math.round(found([between], HERE, ALL, FROM)[0].away), 589);
});

test("only what is open, and what has everything asked for in working order", () => {
  assert.equal(fits(station(), { open: true, facilities: [] }, FROM + 9 * HOUR), true);
  assert.equal(fits(station(), { open: true, facilities: [] }, FROM + 21 * HOUR), false);
  assert.equal(fits(station({ state: "full" }), { open: true, facilities: [] }, FROM + 9 * HOUR), false);
  assert.equal(fits(station(), { open: false, facilities: ["water"] }, FROM), true);
  assert.equal(fits(station(), { open: false, facilities: ["aed"] }, FROM), false);
  assert.equal(fits(station(), { open: false, facilities: ["water", "rest"] }, FROM), false);
});

test("15 minutes are 923 m on foot and 2885 m by scooter, as the crow flies", () => {
  assert.deepEqual([Math.round(FOOT_M), Math.round(SCOOTER_M)], [923, 2885]);
  assert.deepEqual([circleOf(0), circleOf(FOOT_M), circleOf(FOOT_M + 1), circleOf(SCOOTER_M), circleOf(SCOOTER_M + 1), circleOf(null)],
    ["foot", "foot", "scooter", "scooter", "far", "any"]);
  assert.deepEqual([minutesOnFoot(FOOT_M), minutesByScooter(SCOOTER_M), minutesOnFoot(0)], [15, 15, 1]);
});

test("what comes next is said by hours and by the host", () => {
  const at = (more, hour) => nextOf(station(more), FROM + hour * HOUR);
  assert.deepEqual(at({}, 9), { key: "until", at: FROM + 20 * HOUR });
  assert.deepEqual(at({}, 21), { key: "opens", at: FROM + DAY + 8 * HOUR });
  assert.deepEqual(at({ spans: [[FROM, FROM + 28 * DAY]] }, 9), { key: "all_day", at: 0 });
  assert.deepEqual(at({ state: "full", state_until: FROM + 11 * HOUR }, 9), { key: "again", at: FROM + 11 * HOUR });
  assert.deepEqual(at({ state: "full" }, 9), { key: "none", at: 0 });
  assert.deepEqual(at({ state: "closed" }, 9), { key: "none", at: 0 });
  assert.deepEqual(at({ state: "closed", state_until: FROM + 11 * HOUR }, 9), { key: "opens", at: FROM + 11 * HOUR });
  assert.deepEqual(at({ state: "closed", state_until: FROM + 22 * HOUR }, 9), { key: "opens", at: FROM + DAY + 8 * HOUR });
  assert.deepEqual(at({ spans: [] }, 9), { key: "none", at: 0 });
});

test("a week of hours is read day by day, on a clock in Suzhou", () => {
  const night = [FROM + 22 * HOUR, FROM + 28 * HOUR];
  const days = week(station({ spans: [[FROM + 8 * HOUR, FROM + 12 * HOUR], night] }), FROM + 9 * HOUR);
  assert.deepEqual(days.slice(0, 3).map(({ spans }) => spans), [[["08:00", "12:00"], ["22:00", "24:00"]], [["00:00", "04:00"]], []]);
  assert.deepEqual(week(station({ spans: [[FROM, FROM + 7 * DAY]] }), FROM)[3], { day: FROM + 3 * DAY, spans: [["00:00", "24:00"]] });
  assert.equal(clockTime(FROM + 7.5 * HOUR), "07:30");
  assert.deepEqual([daysBetween(FROM + 23 * HOUR, FROM + 24 * HOUR), daysBetween(FROM, FROM + 23 * HOUR)], [1, 0]);
});

test("a week that goes beyond what was told, or lies behind it, is that of the last week told", () => {
  const last = [0, 5].map((day) => [FROM + (21 + day) * DAY + 8 * HOUR, FROM + (21 + day) * DAY + 20 * HOUR]);
  const open = (now) => week(station({ spans: last }), now).map(({ spans }) => spans.length);
  assert.deepEqual(open(FROM + 26 * DAY), [1, 0, 1, 0, 0, 0, 0]);
  assert.deepEqual(open(FROM + 60 * 7 * DAY), [1, 0, 0, 0, 0, 1, 0]);
  assert.deepEqual(week(station({ spans: last }), FROM + 28 * DAY)[0], { day: FROM + 28 * DAY, spans: [["08:00", "20:00"]] });
});

test("each map app is told the place in the system that it goes by", () => {
  const place = { latitude: 31.3193, longitude: 120.6738 };
  const links = Object.fromEntries(waysTo(place, "湖东,一号 站", "Android").map(({ app, href }) => [app, href]));
  assert.equal(links.phone, "geo:31.319300,120.673800?q=31.319300,120.673800(%E6%B9%96%E4%B8%9C%20%E4%B8%80%E5%8F%B7%20%E7%AB%99)");
  const [south, east] = gcj02(place);
  const close = (text, expected) => assert.ok(Math.abs(Number(text) - expected) < 2e-6, `${text} is not ${expected}`);
  const amap = new URL(links.amap).searchParams;
  const [amapEast, amapSouth, amapName] = amap.get("to").split(",");
  close(amapSouth, south);
  close(amapEast, east);
  assert.deepEqual([amapName, amap.get("coordinate"), amap.get("mode")], ["湖东 一号 站", "gaode", "ride"]);
  const tencent = new URL(links.tencent).searchParams.get("tocoord").split(",");
  close(tencent[0], south);
  close(tencent[1], east);
  const baidu = new URL(links.baidu).searchParams;
  const [baiduSouth, baiduEast] = bd09(south, east);
  close(baidu.get("location").split(",")[0], baiduSouth);
  close(baidu.get("location").split(",")[1], baiduEast);
  assert.equal(baidu.get("coord_type"), "bd09ll");
  const apple = new URL(waysTo(place, "x", "iPhone")[0].href);
  assert.equal(apple.host, "maps.apple.com");
  close(apple.searchParams.get("daddr").split(",")[0], south);
});

// The published formulas, written anew for this test.
function gcj02({ latitude, longitude }) {
  const a = 6378245, ee = 0.00669342162296594323, x = longitude - 105, y = latitude - 35, { PI, sin, cos, sqrt, abs } = Math;
  const waves = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves;
  north += (20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3 + (160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * 2 / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves;
  east += (20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3 + (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3;
  const phi = latitude / 180 * PI, magic = 1 - ee * sin(phi) ** 2;
  return [latitude + north * 180 / (a * (1 - ee) / (magic * sqrt(magic)) * PI), longitude + east * 180 / (a / sqrt(magic) * cos(phi) * PI)];
}

function bd09(latitude, longitude) {
  const turn = Math.PI * 3000 / 180;
  const z = Math.hypot(longitude, latitude) + 0.00002 * Math.sin(latitude * turn);
  const theta = Math.atan2(latitude, longitude) + 0.000003 * Math.cos(longitude * turn);
  return [z * Math.sin(theta) + 0.006, z * Math.cos(theta) + 0.0065];
}
