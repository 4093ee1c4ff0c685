// The gate phone's parts that need no browser: clock, looks, counts, tries, what the screen says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { adviceFor } from "../../app/static/js/gate/advice.js";
import { clockOff, noteClock } from "../../app/static/js/gate/clock_check.js";
import { insideNow, onlyWaiting, printedToday, today, withMove, withoutMove } from "../../app/static/js/gate/day.js";
import { forget, isNewRefusal, isSameLook, remember } from "../../app/static/js/scan/looks.js";
import { spaced } from "../../app/static/js/gate/short_entry.js";
import { ageOfList } from "../../app/static/js/gate/strip.js";
import { afterWrong, NONE, waitS } from "../../app/static/js/gate/tries.js";
import { cutOf, sizeOf } from "../../app/static/js/scan/frames.js";

const NOW_MS = Date.parse("2026-11-24T04:00:00Z");
const HOUR_S = 3600;

/** @param {...[string, number]} riders */
const clocks = (...riders) => riders.reduce((seen, [badge, off_s], turn) => noteClock(seen, { badge, off_s, at: NOW_MS + turn }), []);

test("three riders in a row off by the same time: it is this phone's clock", () => {
  assert.equal(clockOff(clocks(["a", 300], ["b", 310], ["c", 305])), 305);
  assert.equal(clockOff(clocks(["a", -1200], ["b", -1190], ["c", -1200])), -1200);
});

test("two riders, or one rider three times, or riders who differ, say nothing of the clock", () => {
  assert.equal(clockOff(clocks(["a", 300], ["b", 300])), null);
  assert.equal(clockOff(clocks(["a", 300], ["a", 301], ["a", 302])), null);
  assert.equal(clockOff(clocks(["a", 300], ["b", 2], ["c", 305])), null);
  assert.equal(clockOff(clocks(["a", 3], ["b", 2], ["c", 4])), null);
});

test("a rider whose clock is right takes the alarm back", () => {
  assert.equal(clockOff(clocks(["a", 300], ["b", 300], ["c", 300], ["d", 1])), null);
});

test("riders of an hour ago no longer count", () => {
  const old = noteClock(noteClock([], { badge: "a", off_s: 300, at: NOW_MS }), { badge: "b", off_s: 300, at: NOW_MS });
  assert.equal(clockOff(noteClock(old, { badge: "c", off_s: 300, at: NOW_MS + 3_600_000 })), null);
});

test("a code that stays before the camera is one look; away for five seconds it is another", () => {
  remember({ text: "SK1:1", badge: "aa", entered: true }, NOW_MS);
  assert.ok(isSameLook("SK1:1", "aa", NOW_MS + 4000));
  assert.ok(isSameLook("SK1:1", "aa", NOW_MS + 8000));
  assert.ok(!isSameLook("SK1:1", "aa", NOW_MS + 13_001));
});

test("another rider in between does not make it another look", () => {
  forget();
  remember({ text: "SK1:1", badge: "aa", entered: true }, NOW_MS);
  remember({ text: "SK1:5", badge: "bb", entered: true }, NOW_MS + 2000);
  assert.ok(isSameLook("SK1:1", "aa", NOW_MS + 4000));
  assert.ok(!isSameLook("SK1:5", "bb", NOW_MS + 7001));
});

test("who was let in is not read again when the code changes; who was refused is, at once", () => {
  remember({ text: "SK1:1", badge: "aa", entered: true }, NOW_MS);
  assert.ok(isSameLook("SK1:2", "aa", NOW_MS + 1000));
  assert.ok(!isSameLook("SK1:3", "bb", NOW_MS + 1000));
  forget();
  remember({ text: "SK1:1", badge: "aa", entered: false }, NOW_MS);
  assert.ok(isSameLook("SK1:1", "aa", NOW_MS + 1000));
  assert.ok(!isSameLook("SK1:2", "aa", NOW_MS + 1000));
});

test("after an undo the same code is read anew", () => {
  remember({ text: "SK1:1", badge: "aa", entered: true }, NOW_MS);
  forget();
  assert.ok(!isSameLook("SK1:1", "aa", NOW_MS + 100));
});

test("a refusal of the same code is written down once a minute", () => {
  assert.ok(isNewRefusal("SK1:9", NOW_MS));
  assert.ok(!isNewRefusal("SK1:9", NOW_MS + 59_999));
  assert.ok(isNewRefusal("SK1:9", NOW_MS + 60_000));
  assert.ok(isNewRefusal("SK1:8", NOW_MS + 60_000));
});

const move = (key, badge, direction, printed = false) => ({ key, badge, direction, printed });

test("who is inside follows from the centre's word and what came since", () => {
  let day = today(undefined, NOW_MS);
  day = withMove(day, move("1", "aa", "entry"));
  day = withMove(day, move("2", "cc", "exit"));
  day = withMove(day, move("3", null, "entry"));
  assert.deepEqual([...insideNow(["bb", "cc"], day)].sort(), ["aa", "bb"]);
  assert.equal(day.passes, 3);
  day = withoutMove(day, "1");
  assert.deepEqual([...insideNow(["bb", "cc"], day)], ["bb"]);
  assert.equal(day.passes, 2);
});

test("what the centre has counted is not counted twice", () => {
  let day = withMove(withMove(today(undefined, NOW_MS), move("1", "aa", "entry", true)), move("2", "aa", "entry", true));
  assert.deepEqual(printedToday({ aa: 1, bb: 2 }, day), { aa: 3, bb: 2 });
  day = onlyWaiting(day, new Set(["2"]));
  assert.deepEqual(printedToday({ aa: 2, bb: 2 }, day), { aa: 3, bb: 2 });
  assert.equal(day.passes, 2);
});

test("at midnight the counts begin anew, and who is inside stays inside", () => {
  const before = withMove(today(undefined, NOW_MS), move("1", "aa", "entry", true));
  const after = today(before, NOW_MS + 24 * 3_600_000);
  assert.equal(after.passes, 0);
  assert.deepEqual([...insideNow([], after)], ["aa"]);
  assert.deepEqual(printedToday({}, after), {});
});

test("five wrong digits in a row are free, then each waits longer, ten minutes at most", () => {
  let tries = NONE;
  for (let wrong = 1; wrong < 5; wrong++) tries = afterWrong(tries, NOW_MS);
  assert.equal(waitS(tries, NOW_MS), 0);
  const waits = [];
  for (let wrong = 5; wrong < 12; wrong++) {
    tries = afterWrong(tries, NOW_MS);
    waits.push(waitS(tries, NOW_MS));
  }
  assert.deepEqual(waits, [30, 60, 120, 240, 480, 600, 600]);
  assert.equal(waitS(tries, NOW_MS - 86_400_000), 600, "a clock set back does not lock the pad for a day");
});

test("digits are spaced as the rider's phone shows them", () => {
  assert.equal(spaced("41482913"), "41 482913");
  assert.equal(spaced("482913"), "482913");
  assert.equal(spaced(""), "");
});

test("the list's age: fresh, amber past a day, red past three", () => {
  const tone = (hours) => ageOfList(hours * HOUR_S).tone;
  assert.deepEqual([tone(0), tone(24), tone(24.1), tone(72), tone(72.1)], ["", "", "wait", "wait", "bad"]);
  assert.deepEqual(ageOfList(90 * 60), { tone: "", word: "list_minutes", count: 90 });
  assert.deepEqual(ageOfList(80 * HOUR_S), { tone: "bad", word: "list_days", count: 3 });
});

test("the decoder looks at the middle, each fourth time at all, never at more than 720 px", () => {
  assert.deepEqual(cutOf(1280, 720, 0), { x: 280, y: 0, width: 720, height: 720 });
  assert.deepEqual(cutOf(720, 1280, 1), { x: 0, y: 280, width: 720, height: 720 });
  assert.deepEqual(cutOf(1280, 720, 3), { x: 0, y: 0, width: 1280, height: 720 });
  assert.deepEqual(sizeOf(cutOf(1920, 1080, 3)), { width: 720, height: 405 });
  assert.deepEqual(sizeOf(cutOf(320, 240, 0)), { width: 240, height: 240 });
});

const template = readFileSync(new URL("../../app/templates/gate/scan.html", import.meta.url), "utf8");
const said = new Set([...template.matchAll(/"(\w+)": _\("/g)].map(([, key]) => key));
const RULES = { weekdays: 127, opens: 480, closes: 1200, live_only: false, printed_cap: 3, vehicles: "any", direction: "both" };
const about = { rules: RULES, call: "0512", list_iat: 0, now_s: 25 * HOUR_S };
const judged = (level, reason, detail = null) => ({ verdict: { level, reason, detail }, direction: "entry", off_s: -1234 });

test("every reason of the protocol has its line", () => {
  const source = readFileSync(new URL("../../app/blueprints/badges/verdict.py", import.meta.url), "utf8");
  const reasons = [...source.matchAll(/^ {4}[A-Z_]+ = "(\w+)"$/gm)].map(([, reason]) => reason);
  assert.ok(reasons.length >= 20);
  for (const reason of reasons.filter((one) => !["green", "amber", "red", "ok", "gate_closed"].includes(one))) {
    const { line } = adviceFor(judged("red", reason), about);
    assert.ok(said.has(line), line);
  }
  for (const detail of ["hours", "live_only", "printed_cap", "direction"]) {
    assert.ok(said.has(adviceFor(judged("red", "gate_closed", detail), about).line), detail);
  }
  for (const reason of ["manual", "none"]) assert.ok(said.has(adviceFor(judged("amber", reason), about).line), reason);
});

test("what to mind about the e-bike stands on a green entry, and on nothing else", () => {
  const green = (vehicles, direction = "entry") => adviceFor({ ...judged("green", "ok"), direction }, { ...about, rules: { ...RULES, vehicles } });
  assert.equal(green("push").line, "vehicle_push");
  assert.equal(green("foot").line, "vehicle_foot");
  assert.equal(green("any").line, "");
  assert.equal(green("push", "exit").line, "");
  assert.equal(green("push", "exit").word, "exit");
});

test("a line names numbers that a guard can use", () => {
  const { values } = adviceFor(judged("red", "clock"), about);
  assert.equal(values.minutes, 21);
  assert.equal(values.hours, 25);
  assert.equal(values.opens, "08:00");
  assert.equal(values.closes, "20:00");
});

test("without a number to call the line does not name one", () => {
  assert.equal(adviceFor(judged("red", "revoked"), about).line, "why_revoked_call");
  assert.equal(adviceFor(judged("red", "revoked"), { ...about, call: "" }).line, "why_revoked");
});
