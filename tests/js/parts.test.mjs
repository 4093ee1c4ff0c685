// Keys, schemas, headers of pictures, sizes.
import assert from "node:assert/strict";
import { test } from "node:test";

import { uuid7 } from "../../app/static/js/outbox/ids.js";
import { CURRENT, STEPS, upToDate } from "../../app/static/js/outbox/schemas.js";
import { fit, LONGEST_PX } from "../../app/static/js/photos/downsize.js";
import { readHeader } from "../../app/static/js/photos/header.js";

test("keys are UUIDs of version 7, sort by time and never repeat", () => {
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const keys = Array.from({ length: 1000 }, (_one, index) => uuid7(1_795_500_000_000 + index));
  assert.ok(keys.every((key) => form.test(key)));
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual([...keys].sort(), keys);
});

test("an item of an older app is brought up to date unless it is frozen", (context) => {
  const [version, steps] = [CURRENT.report, STEPS.report];
  CURRENT.report = 3;
  STEPS.report = { 1: (fields) => ({ ...fields, b: 2 }), 2: (fields) => ({ ...fields, c: 3 }) };
  context.after(() => {
    CURRENT.report = version;
    STEPS.report = steps;
  });
  const item = { kind: "report", schema: 1, fields: { a: 1 }, frozen: false };
  assert.deepEqual(upToDate(item), { ...item, schema: 3, fields: { a: 1, b: 2, c: 3 } });
  const frozen = { ...item, frozen: true };
  assert.equal(upToDate(frozen), frozen);
});

test("a picture is fitted, never enlarged", () => {
  assert.deepEqual(fit(4000, 3000), { width: LONGEST_PX, height: 1200 });
  assert.deepEqual(fit(3000, 4000), { width: 1200, height: LONGEST_PX });
  assert.deepEqual(fit(10, 20), { width: 10, height: 20 });
  assert.deepEqual(fit(100_000, 1), { width: LONGEST_PX, height: 1 });
});

test("headers tell what a file is", () => {
  const bytes = (...parts) => new Uint8Array(parts.flatMap((part) => (typeof part === "string" ? [...part].map((one) => one.charCodeAt(0)) : part)));
  const png = bytes([0x89], "PNG\r\n\x1a\n", [0, 0, 0, 13], "IHDR", [0, 0, 0x75, 0x30], [0, 0, 0x75, 0x30], [0, 0, 0, 0]);
  assert.deepEqual(readHeader(png), { kind: "png", width: 30_000, height: 30_000 });
  const jpeg = bytes([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0x0b, 0xb8, 0x0f, 0xa0, 3, 0, 0]);
  assert.deepEqual(readHeader(jpeg), { kind: "jpeg", width: 4000, height: 3000 });
  assert.equal(readHeader(bytes([0, 0, 0, 24], "ftypheic", [0, 0, 0, 0])).kind, "heic");
  assert.equal(readHeader(bytes("this is a text")).kind, "other");
  assert.equal(readHeader(new Uint8Array(0)).kind, "other");
});

test("a report saved by an older app is sent as it was, in the present version", () => {
  const item = { kind: "report", schema: 1, fields: { category: "0102" }, frozen: false };
  assert.deepEqual(upToDate(item), { ...item, schema: 2 });
  assert.deepEqual(upToDate({ ...item, frozen: true }), { ...item, frozen: true });
});
