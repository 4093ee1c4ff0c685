// Whatever text comes: never an exception, never green, and soon.
import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, toText, Unreadable } from "../../app/static/js/sk1/codec.js";
import { judge } from "../../app/static/js/sk1/verdict.js";
import { chance, makeCredential, makeKeys, makeReader, NOW_S, VECTORS } from "./support/sk1.mjs";
import { liveCode } from "../../app/static/js/sk1/proof.js";
import { readerOf } from "./sk1_vectors.mjs";

const SIGNS = ["0", "9", "SK1:", "１", "\0", "\n", " ", "-", "e", "😀", "\ud800", "０１", "x"];

/** Some change to a text. */
function mutated(text, below) {
  const at = below(text.length + 1);
  const to = Math.min(text.length, at + below(40));
  const sign = below(3) ? String(below(10)) : SIGNS[below(SIGNS.length)];
  const ways = [
    () => text.slice(0, at) + sign + text.slice(at + 1),
    () => text.slice(0, at) + sign + text.slice(at),
    () => text.slice(0, at) + text.slice(to),
    () => text.slice(0, to) + text.slice(at),
    () => text.slice(0, at),
    () => text + text.slice(at),
    () => text.slice(0, 4) + [...text.slice(4)].reverse().join(""),
  ];
  return ways[below(ways.length)]();
}

/** The same code with some bits turned over. */
function withBitsTurned(text, below) {
  const payload = decode(text).payload.slice();
  for (let count = 1 + below(3); count > 0; count--) payload[below(payload.length)] ^= 1 << below(8);
  return toText(payload);
}

const readable = VECTORS.filter(({ expect }) => !["not_ours", "malformed"].includes(expect.reason));

test("mutated texts are never green and never throw", async () => {
  for (let seed = 1; seed <= 3000; seed++) {
    const below = chance(seed);
    const vector = VECTORS[below(VECTORS.length)];
    const text = mutated(vector.text, below);
    if (text === vector.text) continue;
    const { level, reason } = await judge(text, readerOf(vector.reader));
    assert.equal(level, "red", `seed ${seed}: ${reason}`);
  }
});

test("codes with bits turned over are never green", async () => {
  for (let seed = 1; seed <= 1500; seed++) {
    const below = chance(seed);
    const vector = readable[below(readable.length)];
    const text = withBitsTurned(vector.text, below);
    if (text === vector.text) continue;
    const { level, reason } = await judge(text, readerOf(vector.reader));
    assert.notEqual(level, "green", `seed ${seed}: ${reason}`);
  }
});

test("random bytes of the right form are never green", async () => {
  const reader = () => readerOf(VECTORS[0].reader);
  for (let seed = 1; seed <= 1500; seed++) {
    const below = chance(seed);
    const payload = Uint8Array.from({ length: [110, 213, 221][below(3)] }, () => below(256));
    payload.set([1, payload.length === 110 ? 0 : 1, 2, 1]);
    const { level } = await judge(toText(payload), reader());
    assert.equal(level, "red");
  }
});

test("what is no text is not ours", async () => {
  for (const thing of [undefined, null, 7, {}, [], new Uint8Array(4)]) {
    assert.equal((await judge(/** @type {any} */ (thing), readerOf(VECTORS[0].reader))).reason, "not_ours");
  }
});

test("a megabyte of text is refused at once", async () => {
  const digits = "9".repeat(2 ** 20);
  for (const text of [digits, `SK1:${digits}`, `SK1:1${"0".repeat(2 ** 20)}`, "😀".repeat(2 ** 19), `SK1:${"１".repeat(2 ** 20)}`]) {
    const began = performance.now();
    assert.equal((await judge(text, readerOf(VECTORS[0].reader))).level, "red");
    assert.ok(performance.now() - began < 50, "took longer than 50 ms");
  }
});

test("only Unreadable is thrown by decode", () => {
  for (const { text } of VECTORS) {
    try {
      decode(text);
    } catch (error) {
      assert.ok(error instanceof Unreadable);
    }
  }
});

test("a signature altered so that it still verifies is the same code", async () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const [issuer, phone] = [await makeKeys(), await makeKeys()];
  const credential = await makeCredential(issuer, phone);
  const text = await liveCode(credential, phone.keys, { time_s: NOW_S, counter: 1 });
  const payload = decode(text).payload.slice();
  const s = BigInt(`0x${Buffer.from(payload.slice(-32)).toString("hex")}`);
  payload.set(Buffer.from((order - s).toString(16).padStart(64, "0"), "hex"), payload.length - 32);
  const reader = makeReader(issuer);
  assert.equal((await judge(text, reader)).reason, "ok");
  assert.equal((await judge(toText(payload), { ...reader, now_s: NOW_S + 10 })).reason, "replayed");
});
