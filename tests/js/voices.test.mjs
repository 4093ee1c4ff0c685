// Which station somebody means.
import assert from "node:assert/strict";
import { test } from "node:test";

import { matching, stationInAddress } from "../../app/static/js/voices/finding.js";

test("the address names a station by its id, or none", () => {
  assert.equal(stationInAddress("#s=12"), 12);
  for (const hash of ["", "#s=", "#s=-1", "#s=1x", "#s=12345678901", "#t=1", "s=1"]) assert.equal(stationInAddress(hash), null, hash);
});

test("stations are found by number first, then by name in any language", () => {
  const stations = [
    { number: "XH-2", zh: "星湖街驿站", en: "Xinghu Street" },
    { number: "HD-1", zh: "湖东驿站", en: "Hudong" },
    { number: "A-1", zh: "HD 广场", en: "HD Plaza" },
  ];
  const found = (typed) => matching(stations, typed).map(({ number }) => number);
  assert.deepEqual(found(" hd"), ["HD-1", "A-1"]);
  assert.deepEqual(found("湖"), ["XH-2", "HD-1"]);
  assert.deepEqual(found("STREET"), ["XH-2"]);
  assert.deepEqual(found("没有"), []);
});
