// The parts of the badge's code: points, proofs, challenges, replays, status lists, short codes, QR.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { bigEndian, fromBase64url, fromHex, toBase64url, toHex, utf8 } from "../../app/static/js/sk1/bytes.js";
import { challengeBytes, challengeDigits, challengeText, decode } from "../../app/static/js/sk1/codec.js";
import { sign, verify } from "../../app/static/js/sk1/keys.js";
import { compress, decompress } from "../../app/static/js/sk1/points.js";
import { liveCode } from "../../app/static/js/sk1/proof.js";
import { modules } from "../../app/static/js/sk1/qr.js";
import { Recent } from "../../app/static/js/sk1/recent.js";
import { judgeShort, readShort, shortCode } from "../../app/static/js/sk1/short_code.js";
import { BadList, openStatusList } from "../../app/static/js/sk1/status_list.js";
import { judge } from "../../app/static/js/sk1/verdict.js";
import { makeCredential, makeKeys, makeReader, NOW_S } from "./support/sk1.mjs";

test("points are compressed and found again, even and odd", async () => {
  const seen = new Set();
  for (let count = 0; count < 20; count++) {
    const { keys, point } = await makeKeys();
    const whole = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
    assert.deepEqual(decompress(point), whole);
    assert.deepEqual(compress(whole), point);
    seen.add(point[0]);
  }
  assert.deepEqual([...seen].sort(), [2, 3]);
});

test("what is no point of the curve is none", () => {
  const prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
  const offCurve = `02${"0".repeat(63)}1`; // 1 - 3 + b is no square
  for (const hex of ["", "02", `02${prime}`, `03${"f".repeat(64)}`, `04${"0".repeat(64)}`, `00${"0".repeat(64)}`, offCurve]) {
    assert.equal(decompress(fromHex(hex)), null, hex);
  }
});

test("a signature is the key's and the message's", async () => {
  const [one, other] = [await makeKeys(), await makeKeys()];
  const signature = await sign(one.keys.privateKey, utf8("message"));
  assert.equal(signature.length, 64);
  assert.ok(await verify(one.point, signature, utf8("message")));
  assert.ok(!(await verify(one.point, signature, utf8("messagf"))));
  assert.ok(!(await verify(other.point, signature, utf8("message"))));
  assert.ok(!(await verify(one.point, signature.slice(1), utf8("message"))));
  assert.ok(!(await verify(one.point.slice(1), signature, utf8("message"))));
  assert.ok(!(await verify(one.point, new Uint8Array(64), utf8("message"))));
});

test("a code made by the phone is read as what went into it", async () => {
  const [issuer, phone] = [await makeKeys(), await makeKeys()];
  const credential = await makeCredential(issuer, phone, { label: "饿了么李**" });
  const text = await liveCode(credential, phone.keys, { time_s: NOW_S, counter: 70_000 });
  const code = decode(text);
  assert.equal(code.credential.label, "饿了么李"); // 12 bytes
  assert.equal(code.credential.badge_id, "0011223344556677");
  assert.equal(code.proof?.counter, 70_000 % 65_536);
  assert.equal((await judge(text, makeReader(issuer))).reason, "ok");
});

test("a challenge is answered by its own code alone", async () => {
  const [issuer, phone] = [await makeKeys(), await makeKeys()];
  const credential = await makeCredential(issuer, phone);
  const [asked, other] = [challengeBytes("12345678"), challengeBytes("12345679")];
  const text = await liveCode(credential, phone.keys, { time_s: NOW_S, counter: 1, challenge: asked });
  const reason = async (challenge) => (await judge(text, makeReader(issuer, { challenge }))).reason;
  assert.equal(await reason(asked), "ok");
  assert.equal(await reason(other), "bad_proof");
  assert.equal(await reason(null), "bad_proof");
});

test("a challenge is eight digits, typed or scanned", () => {
  assert.equal(toHex(challengeBytes("12345678")), "0000000000bc614e");
  assert.equal(challengeDigits(challengeText("00000001")), "00000001");
  assert.equal(challengeDigits(" 1234 5678 "), "12345678");
  for (const text of ["", "1234567", "123456789", "1234567x", "SK1:12345678", "１２３４５６７８", "1".repeat(99)]) {
    assert.equal(challengeDigits(text), null, text);
  }
});

test("a code counts once, whoever keeps holding it there", async () => {
  const [issuer, phone] = [await makeKeys(), await makeKeys()];
  const text = await liveCode(await makeCredential(issuer, phone), phone.keys, { time_s: NOW_S, counter: 1 });
  const reader = makeReader(issuer);
  const at = async (now_s) => (await judge(text, { ...reader, now_s })).reason;
  assert.equal(await at(NOW_S), "ok");
  assert.equal(await at(NOW_S + 5), "ok");
  assert.equal(await at(NOW_S + 6), "replayed");
  assert.equal(await at(NOW_S + 90), "replayed");
  reader.replays.forget(decode(text));
  assert.equal(await at(NOW_S + 90), "ok");
});

test("two looks at one code at the same time are one look, and later ones a replay", async () => {
  const [issuer, phone] = [await makeKeys(), await makeKeys()];
  const text = await liveCode(await makeCredential(issuer, phone), phone.keys, { time_s: NOW_S, counter: 1 });
  const reader = makeReader(issuer);
  const reasons = await Promise.all([NOW_S, NOW_S + 10].map(async (now_s) => (await judge(text, { ...reader, now_s })).reason));
  assert.deepEqual(reasons.sort(), ["ok", "replayed"]);
});

test("the gate's own rules come after the list and before the proof", async () => {
  const [issuer, phone] = [await makeKeys(), await makeKeys()];
  const text = await liveCode(await makeCredential(issuer, phone), phone.keys, { time_s: NOW_S - 5000, counter: 1 });
  const gateRefuses = () => "hours";
  const { reason, detail } = await judge(text, makeReader(issuer, { gateRefuses }));
  assert.deepEqual([reason, detail], ["gate_closed", "hours"]);
  const list = { iat: NOW_S, exp: NOW_S + 9, statusAt: () => 3 };
  assert.equal((await judge(text, makeReader(issuer, { gateRefuses, list }))).reason, "revoked");
});

test("a badge past the end of the list is let in with care", async () => {
  const [issuer, phone] = [await makeKeys(), await makeKeys()];
  const text = await liveCode(await makeCredential(issuer, phone), phone.keys, { time_s: NOW_S, counter: 1 });
  const list = { iat: NOW_S, exp: NOW_S + 9, statusAt: () => null };
  const { level, reason } = await judge(text, makeReader(issuer, { list }));
  assert.deepEqual([level, reason], ["amber", "list_stale"]);
});

/** A status list as the server makes one. */
async function makeList(issuer, packed, { head = {}, claims = {} } = {}) {
  const part = (value) => toBase64url(utf8(JSON.stringify(value)));
  const lst = toBase64url(deflateSync(packed));
  const body = { iat: NOW_S, exp: NOW_S + 3600, ttl: 300, status_list: { bits: 2, lst }, ...claims };
  const message = `${part({ alg: "ES256", typ: "statuslist+jwt", kid: "513", ...head })}.${part(body)}`;
  return `${message}.${toBase64url(await sign(issuer.keys.privateKey, utf8(message)))}`;
}

test("a status list is read two bits at a time, least significant first", async () => {
  const issuer = await makeKeys();
  const list = await openStatusList(await makeList(issuer, Uint8Array.of(0b10_01_00_11, 0b01)), { 513: [toHex(issuer.point)] });
  assert.deepEqual([list.iat, list.exp, list.ttl], [NOW_S, NOW_S + 3600, 300]);
  assert.deepEqual([0, 1, 2, 3, 4, 5, 7, 8, 2 ** 32 - 1].map(list.statusAt), [3, 0, 1, 2, 1, 0, 0, null, null]);
});

test("a list that is not ours, too large or broken is refused", async () => {
  const [issuer, stranger] = [await makeKeys(), await makeKeys()];
  const keys = { 513: [toHex(issuer.point)] };
  const good = await makeList(issuer, Uint8Array.of(1));
  const refused = {
    stranger: await makeList(stranger, Uint8Array.of(1)),
    kid: await makeList(issuer, Uint8Array.of(1), { head: { kid: "514" } }),
    type: await makeList(issuer, Uint8Array.of(1), { head: { typ: "JWT" } }),
    none: await makeList(issuer, Uint8Array.of(1), { head: { alg: "none" } }),
    bits: await makeList(issuer, Uint8Array.of(1), { claims: { status_list: { bits: 1, lst: "" } } }),
    time: await makeList(issuer, Uint8Array.of(1), { claims: { iat: "1" } }),
    "no zlib": await makeList(issuer, Uint8Array.of(1), { claims: { status_list: { bits: 2, lst: "AAAA" } } }),
    bomb: await makeList(issuer, new Uint8Array(5 * 1024 * 1024)),
    altered: good.replace(/\.(.)/, (_all, first) => `.${first === "e" ? "f" : "e"}`),
    short: good.slice(0, -4), four: `${good}.x`, empty: "", dots: "..", long: "x".repeat(2 ** 23),
  };
  await openStatusList(good, keys);
  for (const [name, jwt] of Object.entries(refused)) {
    await assert.rejects(openStatusList(jwt, keys), BadList, name);
  }
});

/** The day's key of a gate, and the badge's key that follows from it, made another way. */
function shortKeys(day, status_index) {
  const dayKey = createHmac("sha256", "secret").update(`SK1-short-day\0${day}`).digest();
  const badgeKey = createHmac("sha256", dayKey).update("SK1-short-badge\0").update(bigEndian(status_index, 4)).digest();
  return { day: toBase64url(dayKey), badge: toBase64url(badgeKey) };
}

test("a short code is right in its minute and one beside it, amber at best", async () => {
  const keys = shortKeys("2026-11-24", 41);
  const list = { iat: NOW_S - 60, exp: NOW_S + 3600, statusAt: () => 0 };
  const shown = /** @type {string} */ (await shortCode({ "2026-11-24": keys.badge }, 41, NOW_S));
  assert.match(shown, /^41 [0-9]{6}$/);
  const judged = (text, later, changes = {}) => judgeShort(text, { now_s: NOW_S + later, shortKeys: { "2026-11-24": keys.day }, list, ...changes });
  for (const later of [-60, 0, 60]) {
    const { level, reason, status_index } = await judged(shown, later);
    assert.deepEqual([level, reason, status_index], ["amber", "short_code", 41]);
  }
  assert.equal((await judged(shown, 120)).reason, "bad_short_code");
  assert.equal((await judged(shown.replace("41 ", "42 "), 0)).reason, "bad_short_code");
  assert.equal((await judged(shown, 0, { shortKeys: {} })).reason, "bad_short_code");
  assert.equal((await judged(shown, 0, { list: { ...list, statusAt: () => 2 } })).reason, "suspended");
  assert.equal((await judged(shown, 0, { list: { ...list, iat: NOW_S - 73 * 3600 } })).reason, "list_expired");
  assert.equal(await shortCode({}, 41, NOW_S), null);
});

test("the day of a short code is that of Suzhou", async () => {
  const midnight = Date.UTC(2026, 10, 24, 16) / 1000;
  const both = { "2026-11-24": shortKeys("2026-11-24", 41).badge, "2026-11-25": shortKeys("2026-11-25", 41).badge };
  assert.equal(await shortCode({ "2026-11-24": both["2026-11-24"] }, 41, midnight), null);
  assert.equal(await shortCode(both, 41, midnight), await shortCode({ "2026-11-25": both["2026-11-25"] }, 41, midnight));
});

test("a short code is read however it is spaced", () => {
  for (const text of ["41 482913", "41482913", " 41 482 913 ", "41-482-913"]) {
    assert.deepEqual(readShort(text), { status_index: 41, digits: "482913" });
  }
  for (const text of ["", "482913", "x 482913", "99999999999482913", "4294967296482913", "4".repeat(50)]) {
    assert.equal(readShort(text), null, text);
  }
});

test("a live code fits version 9, a printed one too at level Q", async () => {
  const longest = (bytes) => `SK1:${BigInt(`0x01${"ff".repeat(bytes)}`)}`;
  const version = (text, level) => (modules(text, level).size - 17) / 4;
  assert.equal(version(longest(213), "L"), 9);
  assert.equal(version(longest(221), "L"), 9);
  assert.ok(version(longest(110), "Q") <= 9);
  assert.equal(version(challengeText("12345678"), "M"), 1);
});

test("bytes and numbers as text, and back", () => {
  const all = Uint8Array.from({ length: 256 }, (_none, byte) => byte);
  assert.deepEqual(fromHex(toHex(all)), all);
  assert.deepEqual(fromBase64url(toBase64url(all)), all);
  assert.match(toBase64url(all), /^[\w-]+$/);
  assert.equal(toHex(bigEndian(2 ** 53 - 1, 8)), "001fffffffffffff");
});

test("what was used lately is kept, and no more than fits", () => {
  const recent = new Recent(2);
  let made = 0;
  const get = (key) => recent.get(key, () => (made += 1));
  assert.deepEqual([get("a"), get("b"), get("a"), get("c"), get("a"), get("b")], [1, 2, 1, 3, 1, 4]);
});
