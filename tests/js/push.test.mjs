// What a push says, how notifications stand, when the centre must hear again, and which messages stay.
import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST, renewed } from "../../app/static/js/messages/keep.js";
import { CENTRE, detailsOf, readPush, unreadable } from "../../app/static/js/push/message.js";
import { isApple, stateOf } from "../../app/static/js/push/panel.js";
import { isDue } from "../../app/static/js/push/start.js";
import { whyNot } from "../../app/static/js/push/subscribe.js";
import { within } from "../../app/static/js/push/within.js";

const SAID = {
  title: "My reports", body: "Solved.", tag: "n7", lang: "en", navigate: "https://site/messages/7/open",
  actions: [{ action: "open", title: "Open", navigate: "x" }, { action: "mute", title: "No more of this" }],
  data: { id: 7, url: "/reports/3", topic: "reports" },
};
const READ = {
  title: "My reports", body: "Solved.", tag: "n7", lang: "en", id: 7, url: "/reports/3", topic: "reports", unread: 4,
  actions: [{ action: "open", title: "Open" }, { action: "mute", title: "No more of this" }],
};
const event = (content) => ({ data: { json: () => JSON.parse(content) } });

test("a declarative message is read from its bytes, or as the browser has read it", () => {
  const whole = JSON.stringify({ web_push: 8030, notification: SAID, app_badge: 4, mutable: true });
  assert.deepEqual(readPush(event(whole)), READ);
  assert.deepEqual(readPush({ data: null, notification: SAID, appBadge: 4 }), READ);
});

test("what cannot be read, or shows nothing, is null", () => {
  for (const content of ["", "no json", "[]", "null", "3", "{}", '{"notification": {}}', '{"notification": {"title": 3}}', '{"notification": {"title": ""}}']) {
    assert.equal(readPush(event(content)), null, content);
  }
  assert.equal(readPush({ data: null }), null);
  assert.equal(readPush({}), null);
});

test("there are words for it in the phone's language, Chinese where none is known", () => {
  assert.equal(unreadable("en").title, "Star Knight");
  for (const locale of ["zh_Hans", undefined, null, "fr"]) assert.equal(unreadable(locale).title, "星骑士");
  assert.equal(unreadable("en").url, CENTRE);
});

test("a tap leads nowhere but within the site", () => {
  for (const url of ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "", null, 7, undefined]) {
    assert.equal(detailsOf({ url }).url, CENTRE, String(url));
  }
  assert.equal(detailsOf({ url: "/reports/3?a=b#c" }).url, "/reports/3?a=b#c");
  assert.deepEqual(detailsOf(null), { id: null, url: CENTRE, topic: null });
  assert.equal(detailsOf({ id: "7" }).id, null);
});

const OFF = { on: false, endpoint: null, failed: null };
const ON = { on: true, endpoint: "https://push/1", failed: null };
const phone = (changes) => ({ supported: true, apple: false, installed: false, permission: "granted", kept: OFF, ...changes });

test("the card has one state for each phone", () => {
  assert.equal(stateOf(phone({ supported: false })), "unsupported");
  assert.equal(stateOf(phone({ apple: true, supported: false })), "iphone");
  assert.equal(stateOf(phone({ apple: true, permission: "default" })), "iphone");
  assert.equal(stateOf(phone({ apple: true, installed: true, supported: false })), "unsupported");
  assert.equal(stateOf(phone({ apple: true, installed: true, permission: "default" })), "ask");
  assert.equal(stateOf(phone({ permission: "default", kept: ON })), "ask");
  assert.equal(stateOf(phone({ permission: "denied", kept: ON })), "denied");
  assert.equal(stateOf(phone({})), "off");
  assert.equal(stateOf(phone({ kept: ON })), "on");
  assert.equal(stateOf(phone({ kept: { ...ON, failed: "network" } })), "on");
  assert.equal(stateOf(phone({ kept: { ...ON, endpoint: null, failed: "no_answer" } })), "failed");
});

test("an iPad that calls itself a Mac is known by its screen", () => {
  assert.ok(isApple({ userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)", maxTouchPoints: 5 }));
  assert.ok(isApple({ userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", maxTouchPoints: 5 }));
  assert.ok(!isApple({ userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", maxTouchPoints: 0 }));
  assert.ok(!isApple({ userAgent: "Mozilla/5.0 (Linux; Android 14)", maxTouchPoints: 5 }));
});

const DAY = 24 * 3600_000;
const NOW = 1_795_500_000_000;
const KEPT = { on: true, endpoint: "e", key_id: "k", user: 1, locale: "en", at: NOW - DAY, tried_at: NOW - DAY, failed: null };
const FOUND = { endpoint: "e", key_id: "k", user: 1, locale: "en" };

test("the centre hears again when something has changed, and once a week", () => {
  assert.equal(isDue(KEPT, FOUND, NOW), false);
  for (const change of [{ endpoint: "f" }, { endpoint: null }, { key_id: "l" }, { user: 2 }, { locale: "zh_Hans" }]) {
    assert.equal(isDue(KEPT, { ...FOUND, ...change }, NOW), true, JSON.stringify(change));
  }
  assert.equal(isDue(KEPT, FOUND, NOW + 7 * DAY), true);
  assert.equal(isDue(KEPT, FOUND, NOW - 9 * DAY), true); // the clock was set back
  assert.equal(isDue({ ...KEPT, endpoint: null }, FOUND, NOW), true);
  assert.equal(isDue(KEPT, { ...FOUND, user: null, key_id: "l" }, NOW), false);
});

test("what failed just now is not tried at every page", () => {
  const failed = { ...KEPT, endpoint: null, failed: "no_answer", tried_at: NOW - 60_000 };
  assert.equal(isDue(failed, FOUND, NOW), false);
  assert.equal(isDue(failed, FOUND, NOW + 10 * 60_000), true);
});

test("why the centre did not take a subscription", () => {
  const ours = { error: { code: "sign_in_required" } };
  assert.equal(whyNot({ status: 422 }), "not_allowed");
  assert.equal(whyNot({ status: 0 }), "network");
  assert.equal(whyNot({ status: 302 }), "network");
  assert.equal(whyNot({ status: 401 }), "network");
  assert.equal(whyNot({ status: 401, json: ours }), "signed_out");
  assert.equal(whyNot({ status: 503 }), "server");
});

test("a browser that never answers is not waited for", async () => {
  assert.equal(await within(new Promise(() => {}), 5, "late"), "late");
  assert.equal(await within(Promise.reject(new Error("no")), 1000, "failed"), "failed");
  assert.equal(await within(Promise.resolve(3), 1000, 0), 3);
});

const row = (id, changes = {}) => ({ owner: 1, id, unread: true, untold: false, ...changes });
const ids = (rows) => rows.map((one) => one.id);

test("the newest hundred messages stay", () => {
  const before = Array.from({ length: MOST }, (_none, index) => row(index + 1));
  const { put, drop } = renewed(before, [row(101), row(102)], false);
  assert.deepEqual(ids(put), [101, 102]);
  assert.deepEqual(ids(drop), [1, 2]);
  const old = renewed(before.map((one) => ({ ...one, id: one.id + 10 })), [row(3)], false);
  assert.deepEqual([old.put, old.drop], [[], []]); // older than all that is kept
});

test("what was read with no network stays read until the centre knows", () => {
  const { put } = renewed([row(1, { unread: false, untold: true })], [row(1), row(2)], false);
  assert.deepEqual(put, [row(1, { unread: false, untold: true }), row(2)]);
});

test("where the centre says that nothing is unread, nothing is", () => {
  const { put } = renewed([row(1), row(2, { unread: false })], [row(3, { unread: false })], true);
  assert.deepEqual(put.map((one) => [one.id, one.unread]), [[3, false], [1, false]]);
});
