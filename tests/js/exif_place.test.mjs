// Where a photo says it was taken, from bytes made by hand; hostile bytes are no place.
import assert from "node:assert/strict";
import { test } from "node:test";

import { placeOf, placeOfFile } from "../../app/static/js/photos/exif_place.js";

const SUZHOU = { latitude: [[31, 1], [18, 1], [4320, 100]], longitude: [[120, 1], [42, 1], [0, 1]] };

/** A JPEG's beginning with a GPS part, written by JEITA CP-3451. */
function jpeg({ little = true, latitude = SUZHOU.latitude, longitude = SUZHOU.longitude, north = "N", east = "E", before = [] } = {}) {
  const tiff = new DataView(new ArrayBuffer(200));
  const u16 = (at, value) => tiff.setUint16(at, value, little), u32 = (at, value) => tiff.setUint32(at, value, little);
  const entry = (at, tag, type, count, value) => { u16(at, tag); u16(at + 2, type); u32(at + 4, count); typeof value === "string" ? tiff.setUint8(at + 8, value.charCodeAt(0)) : u32(at + 8, value); };
  u16(0, little ? 0x4949 : 0x4d4d); u16(2, 42); u32(4, 8);
  if (!little) tiff.setUint16(0, 0x4d4d);
  u16(8, 1); entry(10, 0x8825, 4, 1, 26); // directory 0, then the GPS directory
  u16(26, 4);
  entry(28, 1, 2, 2, north); entry(40, 2, 5, 3, 100);
  entry(52, 3, 2, 2, east); entry(64, 4, 5, 3, 130);
  [...latitude, ...longitude].forEach(([over, under], index) => {
    const at = index < 3 ? 100 + index * 8 : 130 + (index - 3) * 8;
    u32(at, over); u32(at + 4, under);
  });
  const body = [...Buffer.from("Exif\0\0"), ...new Uint8Array(tiff.buffer)];
  const length = body.length + 2;
  return new Uint8Array([0xff, 0xd8, ...before, 0xff, 0xe1, length >> 8, length & 255, ...body, 0xff, 0xda, 0, 2]);
}

const near = (found, latitude, longitude) => {
  assert.ok(found, "a place");
  assert.ok(Math.abs(found.latitude - latitude) < 1e-9 && Math.abs(found.longitude - longitude) < 1e-9, JSON.stringify(found));
};

test("the place is read in either byte order", () => {
  for (const little of [true, false]) near(placeOf(jpeg({ little })), 31.312, 120.7);
});

test("south and west are below zero", () => {
  near(placeOf(jpeg({ north: "S", east: "W" })), -31.312, -120.7);
});

test("segments before it are passed over", () => {
  near(placeOf(jpeg({ before: [0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xe1, 0, 6, 1, 2, 3, 4] })), 31.312, 120.7);
});

test("a file is read from its beginning", async () => {
  near(await placeOfFile(new Blob([jpeg(), new Uint8Array(500_000)])), 31.312, 120.7);
});

test("what is no place is none", () => {
  const zero = [[0, 1], [0, 1], [0, 1]];
  assert.equal(placeOf(jpeg({ latitude: zero, longitude: zero })), null);
  assert.equal(placeOf(jpeg({ latitude: [[31, 0], [0, 1], [0, 1]] })), null); // divided by nothing
  assert.equal(placeOf(jpeg({ latitude: [[91, 1], [0, 1], [0, 1]] })), null);
  assert.equal(placeOf(jpeg({ north: "X" })), null);
  assert.equal(placeOf(new Uint8Array()), null);
  assert.equal(placeOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe1])), null);
  assert.equal(placeOf(new TextEncoder().encode("GIF89a, and no JPEG at all")), null);
});

test("a file that leads in circles ends", () => {
  const bytes = jpeg();
  new DataView(bytes.buffer).setUint32(12 + 18, 8, true); // the GPS directory is the first one
  assert.equal(placeOf(bytes), null);
});

test("damaged bytes are a place on earth or none, and never an error", () => {
  let seed = 20_261_125;
  const random = (below) => { seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0; return seed % below; };
  for (let round = 0; round < 50_000; round++) {
    let bytes = jpeg({ little: round % 2 === 0 });
    for (let change = random(6); change >= 0; change--) bytes[random(bytes.length)] = random(256);
    if (round % 3 === 0) bytes = bytes.slice(0, random(bytes.length));
    const found = placeOf(bytes);
    if (found) assert.ok(Math.abs(found.latitude) <= 90 && Math.abs(found.longitude) <= 180);
  }
});
