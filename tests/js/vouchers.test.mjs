// Vouchers on the rider's phone and at the counter: what is said of one by what a device knows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { judgeNumber, judgeVoucher, unlessHanded } from "../../app/static/js/counter/voucher_judging.js";
import { daysLeft, grouped, listed, standingOf } from "../../app/static/js/vouchers/standing.js";

const VECTORS = JSON.parse(readFileSync(new URL("../vectors/voucher_codes.json", import.meta.url), "utf-8"));
const text = (name) => VECTORS.vouchers.find((one) => one.name.startsWith(name)).text;
const OURS = text("a voucher of ours"); // redemption 1, reward 2, station 37, until 2026-12-31 00:00 in Suzhou
const ANYWHERE = text("for any station");
const UNTIL_MS = Date.parse("2026-12-30T16:00:00Z");
const NOW_MS = Date.parse("2026-12-01T04:00:00Z");
const HOUR_MS = 3_600_000;
const OPEN = { id: 1, number: "0123456789", station: 37, reward: 2, until: UNTIL_MS, label: "王**", slot: null };

/** A counter at station 37 that knows of one open voucher. */
const known = (more = {}) => ({
  keys: VECTORS.keys, now_ms: NOW_MS, station: 37, told_to: 0, handed: [], vouchers: { open: [OPEN], given: [] }, ...more,
});
const reason = async (code, more) => (await judgeVoucher(code, known(more))).reason;

test("a voucher of this station is to be handed out, with what is known of it", async () => {
  const { reason, id, reward, number, label } = await judgeVoucher(OURS, known());
  assert.deepEqual({ reason, id, reward, number, label }, { reason: "right", id: 1, reward: 2, number: "0123456789", label: "王**" });
});

test("one that the device was not told of yet is good by its signature", async () => {
  const none = { vouchers: { open: [], given: [] } };
  assert.equal(await reason(OURS, none), "right");
  assert.equal(await reason(OURS, { ...none, told_to: 0 }), "right");
});

test("one that the device would have been told of, were it good, is void", async () => {
  assert.equal(await reason(OURS, { vouchers: { open: [], given: [] }, told_to: 1 }), "ended");
  assert.equal(await reason(OURS, { told_to: 9 }), "right"); // it was
});

test("one for any station is good anywhere, and told of nowhere", async () => {
  for (const station of [37, 38]) assert.equal(await reason(ANYWHERE, { station, told_to: 9, vouchers: { open: [], given: [] } }), "right");
});

test("forged, foreign, and damaged ones are told apart", async () => {
  assert.equal(await reason(text("forged")), "forged");
  assert.equal(await reason(text("another redemption")), "forged");
  assert.equal(await reason(text("another end")), "forged");
  assert.equal(await reason(text("signed as a badge")), "forged");
  assert.equal(await reason(text("foreign")), "unknown_key");
  assert.equal(await reason(OURS.slice(0, 60)), "damaged");
});

test("of another station, or run out", async () => {
  assert.equal(await reason(OURS, { station: 38 }), "other_station");
  assert.equal(await reason(OURS, { now_ms: UNTIL_MS - 1 }), "right");
  assert.equal(await reason(OURS, { now_ms: UNTIL_MS }), "expired");
});

test("handed out already, here or at another of the host's stations", async () => {
  const here = await judgeVoucher(OURS, known({ handed: [{ id: 1, number: null, station: 37, at: NOW_MS - HOUR_MS }] }));
  assert.deepEqual([here.reason, here.given], ["given", { at: NOW_MS - HOUR_MS, station: 37 }]);
  const there = await judgeVoucher(ANYWHERE, known({ vouchers: { open: [], given: [{ id: 1, number: "0123456789", station: 40, at: 5 }] } }));
  assert.deepEqual([there.reason, there.given], ["given", { at: 5, station: 40 }]);
});

test("by number: known, given, or not known here", () => {
  assert.equal(judgeNumber("0123456789", known()).reason, "right");
  assert.equal(judgeNumber("0123456789", known({ station: 38 })).reason, "other_station");
  assert.equal(judgeNumber("0123456789", known({ now_ms: UNTIL_MS })).reason, "expired");
  assert.equal(judgeNumber("9999999999", known()).reason, "unknown");
  const handed = [{ id: 1, number: "0123456789", station: 37, at: 7 }];
  assert.equal(judgeNumber("0123456789", known({ handed })).reason, "given");
  const { reason, id } = judgeNumber("0123456789", known({ vouchers: { open: [], given: handed } }));
  assert.deepEqual([reason, id], ["given", 1]);
});

test("what this device handed out by its code is not offered again by its number", () => {
  const here = { id: 1, number: null, station: 37, at: 7 };
  const right = { reason: "right", voucher: { id: 1, number: "0123456789" } };
  assert.deepEqual(unlessHanded(right, { handed: [here] }), { ...right, reason: "given", given: here });
  assert.equal(unlessHanded(right, { handed: [{ ...here, id: 2 }] }), right);
  const expired = { ...right, reason: "expired" };
  assert.equal(unlessHanded(expired, { handed: [here] }), expired);
  assert.equal(unlessHanded(null, { handed: [here] }), null);
});

test("a voucher stands by the time, whatever the centre has said last", () => {
  const held = { id: 1, state: "held", until: UNTIL_MS, moved_at: 0 };
  assert.equal(standingOf(held, UNTIL_MS - 1), "held");
  assert.equal(standingOf(held, UNTIL_MS), "over");
  assert.equal(standingOf({ ...held, state: "given" }, UNTIL_MS), "given");
});

test("days are those of Suzhou", () => {
  assert.equal(daysLeft(UNTIL_MS, UNTIL_MS - 1), 0);
  assert.equal(daysLeft(UNTIL_MS, UNTIL_MS - 24 * HOUR_MS), 0);
  assert.equal(daysLeft(UNTIL_MS, UNTIL_MS - 24 * HOUR_MS - 1), 1);
  assert.equal(daysLeft(UNTIL_MS, UNTIL_MS + HOUR_MS), 0);
});

test("open ones first, whichever ends first; then the newest", () => {
  const one = (id, state, until, moved_at) => ({ id, state, until, moved_at });
  const all = [one(1, "given", 900, 5), one(2, "held", 900, 1), one(3, "held", 800, 2), one(4, "cancelled", 900, 6), one(5, "held", 90, 3)];
  const { open, past } = listed(all, 100);
  assert.deepEqual(open.map(({ id }) => id), [3, 2]);
  assert.deepEqual(past.map(({ id }) => id), [4, 1, 5]);
});

test("numbers in groups", () => assert.equal(grouped("0123456789"), "012 345 6789"));
