// The codes of stations: both sides hold the same vectors, and what the phone says of a code by itself.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { counterText, isFresh, readCounter, SLOT_MS, slotAt } from "../../app/static/js/check_in/counter_code.js";
import { byKid } from "../../app/static/js/check_in/issuer_keys.js";
import { markOfCode, markOfPlace, refusal } from "../../app/static/js/check_in/judging.js";
import { isSigned, readPoster } from "../../app/static/js/check_in/poster_code.js";
import { codeIn, scanned } from "../../app/static/js/check_in/scanned.js";
import { fromHex } from "../../app/static/js/sk1/bytes.js";
import { modules } from "../../app/static/js/sk1/qr.js";

const VECTORS = JSON.parse(readFileSync(new URL("../vectors/station_codes.json", import.meta.url), "utf-8"));
const NOW_MS = Date.parse("2026-11-30T04:00:00Z");
const HOUR_MS = 3_600_000;
const KEPT = { keys: VECTORS.keys, fetched_at: NOW_MS - HOUR_MS };
const OLD = { ...KEPT, fetched_at: NOW_MS - 25 * HOUR_MS };
const HERE = { latitude: 31.3193, longitude: 120.6738 };
const STATION = { ...HERE, id: 37, poster: 2, radius_m: 100 };

/** @param {string} name */
const poster = (name, foreign = false) => codeIn(`#p=${VECTORS.posters.find((one) => one.name.startsWith(name)).text}`, foreign);
const counter = (foreign = false) => codeIn(`#c=${VECTORS.counters[0].text}`, foreign);
/** @param {number} metres to the north */
const away = (metres, accuracy_m = 0) => ({ latitude: HERE.latitude + metres / 111_195, longitude: HERE.longitude, accuracy_m });

for (const { name, text, reads, signed } of VECTORS.posters) {
  test(`poster: ${name}`, async () => {
    const code = readPoster(text);
    assert.deepEqual(code && { kid: code.kid, station: code.station, poster: code.poster }, reads);
    if (code) assert.equal(await isSigned(code, VECTORS.keys), signed);
  });
}

for (const { name, station, at_ms, slot, day_key, text } of VECTORS.counters) {
  test(`counter: ${name}`, async () => {
    assert.equal(slotAt(at_ms), slot);
    assert.equal(await counterText(station, fromHex(day_key), slot), text);
    assert.deepEqual(readCounter(text), { station, slot });
  });
}

for (const { name, text } of VECTORS.no_counters) {
  test(`no counter's code: ${name}`, () => assert.equal(readCounter(text), null));
}

for (const { slot, after_ms, fresh } of VECTORS.freshness) {
  test(`${after_ms} ms after its slot began`, () => assert.equal(isFresh({ station: 37, slot }, slot * SLOT_MS + after_ms), fresh));
}

for (const { name, text, kind, foreign } of VECTORS.addresses) {
  test(`before the camera: ${name}`, () => {
    const found = scanned(text, VECTORS.origin);
    assert.equal(found.kind, kind);
    assert.equal(found.foreign, foreign);
  });
}

test("whatever text comes is told apart without a throw", () => {
  for (const { text } of [...VECTORS.posters, ...VECTORS.no_counters]) {
    for (const whole of [text, `${VECTORS.origin}/check-in#p=${text}`, `${VECTORS.origin}/check-in#c=${text}`, `http://[${text}`]) scanned(whole, VECTORS.origin);
  }
});

test("a code that the issuer signed is good, whatever site its address names", async () => {
  assert.equal(await refusal(poster("a poster"), KEPT, NOW_MS), null);
  assert.equal(await refusal(poster("a poster", true), KEPT, NOW_MS), null);
});

test("a forged one is forged, and on another site's address foreign", async () => {
  assert.equal(await refusal(poster("forged"), KEPT, NOW_MS), "forged");
  assert.equal(await refusal(poster("a bit"), KEPT, NOW_MS), "forged");
  assert.equal(await refusal(poster("forged", true), KEPT, NOW_MS), "foreign");
});

test("an unknown key is another district's, unless our own may have changed since", async () => {
  assert.equal(await refusal(poster("foreign"), KEPT, NOW_MS), "foreign");
  assert.equal(await refusal(poster("foreign"), OLD, NOW_MS), null);
  assert.equal(await refusal(poster("foreign", true), OLD, NOW_MS), "foreign");
});

test("a phone that never heard of the keys leaves it to the centre", async () => {
  assert.equal(await refusal(poster("forged"), null, NOW_MS), null);
  assert.equal(await refusal(poster("a poster", true), null, NOW_MS), "foreign");
});

test("only the site tells a counter's code of another district", async () => {
  assert.equal(await refusal(counter(), KEPT, NOW_MS), null);
  assert.equal(await refusal(counter(true), KEPT, NOW_MS), "foreign");
});

test("what is no code of a station says what it is", async () => {
  for (const kind of ["badge", "gate", "damaged", "not_ours"]) assert.equal(await refusal({ kind }, KEPT, NOW_MS), kind);
});

test("a counter's code that is used five minutes later is marked", () => {
  const shown = VECTORS.counters[0].slot * SLOT_MS;
  assert.equal(markOfCode(counter(), undefined, shown + 20_000), null);
  assert.equal(markOfCode(counter(), undefined, shown + 300_000), "stale_code");
});

test("a withdrawn poster is marked, the present one and one that is newer than the directory are not", () => {
  assert.equal(markOfCode(poster("a poster"), STATION, NOW_MS), "old_poster");
  assert.equal(markOfCode(poster("a later"), STATION, NOW_MS), null);
  assert.equal(markOfCode(poster("the largest"), STATION, NOW_MS), null);
  assert.equal(markOfCode(poster("a poster"), undefined, NOW_MS), null);
});

test("near enough is the radius and what the phone is unsure of, up to 200 m", () => {
  assert.equal(markOfPlace(STATION, away(99)), null);
  assert.equal(markOfPlace(STATION, away(101)), "too_far");
  assert.equal(markOfPlace(STATION, away(150, 60)), null);
  assert.equal(markOfPlace(STATION, away(299, 5000)), null);
  assert.equal(markOfPlace(STATION, away(302, 5000)), "too_far");
  assert.equal(markOfPlace(STATION, null), "no_place");
  assert.equal(markOfPlace(undefined, away(9000)), null);
});

test("keys as the centre publishes them become points by kid", () => {
  const [x, y] = ["x", "y"].map((name) => Buffer.from(`${name === "x" ? "11" : "22"}`.repeat(32), "hex").toString("base64url"));
  const odd = Buffer.from(`${"22".repeat(31)}23`, "hex").toString("base64url");
  assert.deepEqual(byKid([{ kid: "5", kty: "EC", crv: "P-256", x, y }, { kid: "5", kty: "EC", crv: "P-256", x, y: odd }, { kid: "6", kty: "RSA" }]), {
    5: [`02${"11".repeat(32)}`, `03${"11".repeat(32)}`],
  });
});

test("an address can be drawn as a code", () => {
  const { size, isDark } = modules(`${VECTORS.origin}/check-in#c=${VECTORS.counters[0].text}`);
  assert.ok(size >= 29 && isDark(0, 0));
});
