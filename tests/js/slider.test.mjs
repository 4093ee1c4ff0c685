import assert from "node:assert/strict";
import { test } from "node:test";
import { bounded, percentAt } from "../../app/static/js/report/slider_math.js";

const FRAME = { left: 20, width: 200 };

test("a finger on the picture says how much is shown", () => {
  assert.equal(percentAt(20, FRAME), 0);
  assert.equal(percentAt(120, FRAME), 50);
  assert.equal(percentAt(220, FRAME), 100);
  assert.equal(percentAt(153, FRAME), 67);
});

test("past the edges it stops there", () => {
  assert.equal(percentAt(-400, FRAME), 0);
  assert.equal(percentAt(4000, FRAME), 100);
});

test("a picture without width, or no number, is the middle", () => {
  assert.equal(percentAt(10, { left: 0, width: 0 }), 50);
  assert.equal(bounded(Number.NaN), 50);
  assert.equal(bounded(Infinity), 50);
});
