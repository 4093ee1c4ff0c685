// The place that goes with a tap, and how long a tap belongs to what was read.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { belongsToReading } from "../../app/static/js/check_in/judging.js";
import { look, placeInTime } from "../../app/static/js/check_in/looking.js";

const MINUTE = 60_000;
const STATION = { latitude: 31.3193, longitude: 120.6738, radius_m: 100 };
/** @param {number} metres to the north */
const fix = (metres, accuracy_m = 10) => ({ latitude: STATION.latitude + metres / 111_195, longitude: STATION.longitude, accuracy_m });
const [HERE, FAR, FARTHER] = [fix(20), fix(2_000), fix(3_000)];
/** What the phone answers, one after another; undefined: not in time. */
let answers = [];
let asked = 0;

const geolocation = {
  getCurrentPosition(yes, no) {
    asked += 1;
    const answer = answers.shift();
    if (answer === "denied" || answer === "none") no({ code: answer === "denied" ? 1 : 2, PERMISSION_DENIED: 1 });
    else if (answer) yes({ coords: { ...answer, accuracy: answer.accuracy_m } });
  },
};

beforeEach(() => {
  Object.defineProperty(globalThis.navigator, "geolocation", { value: geolocation, configurable: true });
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.parse("2026-12-01T04:00Z") });
  asked = 0;
});
afterEach(() => mock.timers.reset());

/** Read a code, and tap some time later. */
async function tapped(found, { after = 5_000, station = STATION } = {}) {
  answers = found;
  const before = look();
  await before.where.catch(() => undefined);
  mock.timers.tick(after);
  return placeInTime(before, station);
}

test("a place that counts is not looked for again within a minute", async () => {
  assert.deepEqual([await tapped([HERE, FAR]), asked], [HERE, 1]);
});

test("who has gone to a window or allowed it meanwhile is looked for once more", async () => {
  for (const before of ["none", "denied"]) assert.deepEqual(await tapped([before, HERE]), HERE);
  assert.equal(await tapped(["denied", "denied"]), null);
  assert.deepEqual(await tapped(["none", FAR]), FAR);
});

test("who was too far is looked for once more, and the nearer place stands", async () => {
  assert.deepEqual(await tapped([FAR, HERE]), HERE);
  assert.deepEqual(await tapped([FAR, FARTHER]), FAR);
  assert.deepEqual(await tapped([FAR, "none"]), FAR);
});

test("what is older than a minute is looked for again, and the better one stands", async () => {
  const exact = fix(30, 5);
  assert.deepEqual(await tapped([HERE, exact], { after: MINUTE }), exact);
  assert.deepEqual(await tapped([HERE, FAR], { after: MINUTE }), HERE);
  assert.deepEqual(await tapped([HERE, "none"], { after: MINUTE }), HERE);
  assert.deepEqual([await tapped([HERE, exact], { after: MINUTE, station: undefined })], [exact]);
});

test("what was found before counts no more once the tap stands for itself", async () => {
  answers = [FAR];
  assert.deepEqual(await placeInTime(undefined, STATION), FAR);
  answers = ["none"];
  assert.equal(await placeInTime(undefined, STATION), null);
});

test("a place is waited for eight seconds in all", async () => {
  answers = [FAR, undefined];
  const before = look();
  const place = placeInTime(before, STATION);
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.equal(asked, 2);
  mock.timers.tick(8_000);
  assert.deepEqual(await place, FAR);
});

test("a tap belongs to the reading for ten minutes", () => {
  assert.deepEqual([0, 10 * MINUTE - 1, 10 * MINUTE, -MINUTE].map((after) => belongsToReading(0, after)), [true, true, false, true]);
});
