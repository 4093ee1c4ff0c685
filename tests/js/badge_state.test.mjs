// What the badge page says, by what is known; where a gate is; how a portrait is cut.
import assert from "node:assert/strict";
import { test } from "node:test";

import { fromCard } from "../../app/static/js/badge/card.js";
import { distanceM, tooFarBy } from "../../app/static/js/badge/places.js";
import { partOf } from "../../app/static/js/badge/portrait_shot.js";
import { stateOf } from "../../app/static/js/badge/state.js";
import { emptyBadge } from "../../app/static/js/badge/store.js";
import { bigEndian } from "../../app/static/js/sk1/bytes.js";

const NOW_MS = 1_795_504_260_000; // a whole minute
const KEYS = /** @type {any} */ ({});

/** A credential of which only the end of its time counts here. */
function credential(expires_ms) {
  const bytes = new Uint8Array(143);
  bytes.set(bigEndian(expires_ms / 60_000, 4), 20);
  return bytes;
}

const card = ({ holder = "active", portrait = "approved", badge = {}, moved = null } = {}) => ({
  now: NOW_MS, rider: { id: 7, portrait: { state: portrait } }, holder: { state: holder, reason: null },
  badge: badge && { badge: "00", here: true, state: "active", ...badge }, moved,
});
const row = (changes = {}, kept = card()) => ({
  ...emptyBadge(7), keys: KEYS, badge: "00", card: kept, credential: credential(NOW_MS + 60_000), ...changes,
});
const state = (changes = {}) => stateOf({
  user: 7, row: row(), canHoldKeys: true, keysWork: true, outcome: "renewed", now_ms: NOW_MS, ...changes,
});

test("a credential that counts is a code, whatever else is known", () => {
  assert.equal(state(), "code");
  for (const outcome of ["network", "busy", "signed_out", null]) assert.equal(state({ outcome }), "code", String(outcome));
  assert.equal(state({ row: row({}, card({ portrait: "pending" })) }), "code");
  assert.equal(state({ row: row({}, card({ portrait: "rejected" })) }), "code");
});

test("without a card it depends on the centre's answer", () => {
  const bare = { row: undefined };
  assert.equal(state({ ...bare, outcome: null }), "asking");
  assert.equal(state({ ...bare, outcome: null, user: null }), "asking");
  assert.equal(state({ ...bare, outcome: "network", user: null }), "signed_out");
  assert.equal(state({ ...bare, outcome: "signed_out" }), "signed_out");
  assert.equal(state({ ...bare, outcome: "network" }), "first");
  assert.equal(state({ ...bare, outcome: "busy" }), "first");
  assert.equal(state({ row: row({ card: null, credential: null }), outcome: null }), "asking");
});

test("who is no rider and what keeps no keys", () => {
  assert.equal(state({ outcome: "not_rider" }), "not_rider");
  assert.equal(state({ canHoldKeys: false }), "refused");
});

test("a standing that is not good comes before all", () => {
  for (const holder of ["suspended", "revoked"]) {
    assert.equal(state({ row: row({}, card({ holder })) }), holder);
    assert.equal(state({ row: row({ badge: null, keys: null, credential: null }, card({ holder, badge: null })) }), holder);
  }
  assert.equal(state({ row: row({}, card({ badge: { state: "suspended" } })) }), "suspended");
});

test("no badge here: never, elsewhere, moved", () => {
  const without = (kept) => state({ row: row({ badge: null, keys: null, credential: null }, kept) });
  assert.equal(without(card({ badge: null })), "none");
  assert.equal(without(card({ badge: { here: false } })), "elsewhere");
  assert.equal(without(card({ badge: { here: false }, moved: { device: "iPhone", at: 1 } })), "moved");
});

test("a key that is gone or does not sign is lost", () => {
  assert.equal(state({ keysWork: false }), "lost");
  assert.equal(state({ row: row({ keys: null }) }), "lost");
});

test("no credential: the portrait says why", () => {
  const without = (portrait) => state({ row: row({ credential: null }, card({ portrait })) });
  assert.deepEqual(["none", "pending", "rejected", "approved"].map(without), ["portrait_none", "portrait_pending", "portrait_rejected", "stale"]);
});

test("a credential counts until its minute has come", () => {
  assert.equal(state({ now_ms: NOW_MS + 59_000 }), "code");
  assert.equal(state({ row: row({ credential: credential(NOW_MS) }) }), "stale");
});

test("a card without a badge here takes key and credential along", () => {
  const before = row();
  const gone = fromCard(card({ badge: { here: false } }), before);
  assert.deepEqual([gone.keys, gone.badge, gone.credential], [null, null, null]);
  const kept = fromCard(card({ badge: { credential: "AQID" } }), before);
  assert.deepEqual([...(kept.credential ?? [])], [1, 2, 3]);
  assert.ok(!("keys" in kept));
  // A key that was made and whose enrolment never arrived waits for the next try.
  assert.ok(!("keys" in fromCard(card({ badge: null }), { ...before, badge: null })));
});

test("how far from a gate, with what the phone knows of its own place", () => {
  const gate = { latitude: 31.3193, longitude: 120.6738, radius_m: 50, direction: "entry", gate: {}, compound: {} };
  const at = (latitude, accuracy_m) => Math.round(tooFarBy(/** @type {any} */ (gate), { latitude, longitude: 120.6738, accuracy_m }));
  assert.equal(Math.round(distanceM(gate, { latitude: 31.3203, longitude: 120.6738 })), 111);
  assert.equal(at(31.3193, 10), 0);
  assert.equal(at(31.3203, 10), 51);
  assert.equal(at(31.3203, 61.2), 0);
  assert.equal(at(31.3293, 5000), 862); // no more than 200 m of what it does not know
});

test("a portrait is three to four, cut in the middle, from above and below", () => {
  assert.deepEqual(partOf(720, 960), { x: 0, y: 0, width: 720, height: 960 });
  assert.deepEqual(partOf(1280, 960), { x: 280, y: 0, width: 720, height: 960 });
  const { x, y, width, height } = partOf(900, 1600);
  assert.deepEqual([x, Math.round(y), width, height], [0, 140, 900, 1200]);
});
