// @ts-check
/** The thin strip on top: gate, guard, age of the list, network, what waits; and what is wrong. */
import { byId, icon } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { gate, inside, onGate } from "./gate.js";
import { localName } from "./local_name.js";
import { nowS } from "./time.js";

const MINUTE_S = 60;
const HOUR_S = 3600;
const AMBER_S = 24 * HOUR_S;
const RED_S = 72 * HOUR_S;
const OFTEN_MS = 30_000;

/** @param {number} age_s @returns {{tone: string, word: string, count: number}} */
export function ageOfList(age_s) {
  const tone = age_s > RED_S ? "bad" : age_s > AMBER_S ? "wait" : "";
  if (age_s < 2 * MINUTE_S) return { tone, word: "list_now", count: 0 };
  if (age_s < 2 * HOUR_S) return { tone, word: "list_minutes", count: Math.floor(age_s / MINUTE_S) };
  if (age_s < 3 * AMBER_S) return { tone, word: "list_hours", count: Math.floor(age_s / HOUR_S) };
  return { tone, word: "list_days", count: Math.floor(age_s / AMBER_S) };
}

/** @param {string} id @param {string} symbol @param {string} text @param {string} tone */
function fact(id, symbol, text, tone) {
  const line = byId(id);
  if (line.textContent === text && line.dataset.tone === tone) return;
  line.className = `fact ${tone}`;
  line.dataset.tone = tone;
  line.replaceChildren(icon(symbol), text);
}

function show() {
  const { scanner, bundle, guard, heard, waiting, day } = gate;
  if (scanner) byId("gate-name").textContent = localName(bundle?.data.gate ?? scanner.gate);
  byId("guard-name").textContent = guard || words("nobody");
  showAge();
  const isOffline = !navigator.onLine || heard === "offline";
  fact("network", isOffline ? "wifi-off" : "wifi", words(isOffline ? "offline" : "online"), isOffline ? "wait" : "");
  byId("waiting").hidden = waiting === 0;
  fact("waiting", "cloud-upload", words("waiting_to_send", { count: waiting }), "");
  byId("session-alarm").hidden = heard !== "signed_out";
  byId("inside-count").textContent = bundle ? String(inside().size) : "–";
  byId("today-count").textContent = String(day.passes);
}

function showAge() {
  const { bundle } = gate;
  if (!bundle) return fact("list-age", "shield-alert", words("list_none"), "bad");
  const { tone, word, count } = ageOfList(nowS() - bundle.list.iat);
  return fact("list-age", tone ? "shield-alert" : "shield-check", words(word, { count }), tone);
}

/** Say that this phone's clock is wrong, or take it back. @param {number | null} off_s behind when positive */
export function showClockAlarm(off_s) {
  const alarm = byId("clock-alarm");
  alarm.hidden = off_s === null;
  if (off_s === null) return;
  const seconds = Math.abs(off_s);
  const time = seconds < 2 * MINUTE_S ? words("time_seconds", { count: seconds }) : words("time_minutes", { count: Math.round(seconds / MINUTE_S) });
  alarm.replaceChildren(icon("clock"), words(off_s > 0 ? "clock_behind" : "clock_ahead", { time }));
}

/** @param {number} count passes that could not be written down */
export function showStorageAlarm(count) {
  const alarm = byId("storage-alarm");
  alarm.hidden = count === 0;
  alarm.replaceChildren(icon("triangle-alert"), words("storage_full", { count }));
}

export function startStrip() {
  onGate(show);
  setInterval(show, OFTEN_MS);
  show();
}
