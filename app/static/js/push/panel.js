// @ts-check
/** The card that says what notifications are for, how they stand on this phone, and asks: only ever at a tap. */
import { fact, setFact } from "../outbox/database.js";
import { isInstalled } from "../pwa/install.js";
import { byId } from "../ui/dom.js";
import { join, leave, standing } from "./subscribe.js";

/** @typedef {import("./subscribe.js").Standing} Standing */
/** @typedef {"unsupported" | "iphone" | "ask" | "denied" | "on" | "off" | "failed"} State */

/** On the page of messages the card stands only where it asks for something. */
const ASKING = ["ask", "iphone", "failed"];
const LATER_MS = 30 * 24 * 3600_000;

/**
 * @param {{supported: boolean, apple: boolean, installed: boolean, permission: string, kept: Standing}} phone
 * @returns {State}
 */
export function stateOf({ supported, apple, installed, permission, kept }) {
  if (apple && !installed) return "iphone"; // Safari can, once the app is on the home screen
  if (!supported) return "unsupported";
  if (permission === "denied") return "denied";
  if (permission !== "granted") return "ask";
  if (!kept.on) return "off";
  if (kept.endpoint) return "on";
  return kept.failed ? "failed" : "off";
}

/** Whether the browser can take pushes at all. */
export function isAble() {
  return "Notification" in globalThis && "PushManager" in globalThis && Boolean(navigator.serviceWorker);
}

/** An iPad calls itself a Mac, and has a screen that is touched. */
export function isApple({ userAgent, maxTouchPoints } = navigator) {
  return /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}

/** @returns {Promise<State>} */
async function stateNow() {
  const supported = isAble();
  const permission = supported ? Notification.permission : "denied";
  return stateOf({ supported, apple: isApple(), installed: isInstalled(), permission, kept: await standing() });
}

async function show() {
  const card = byId("push-card");
  const kept = await standing();
  const state = await stateNow();
  card.dataset.state = state;
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (card.querySelectorAll("[data-for]"))) {
    const elsewhere = part.dataset.apple !== undefined && part.dataset.apple !== String(isApple());
    part.hidden = elsewhere || !(part.dataset.for ?? "").split(" ").includes(state);
  }
  for (const reason of /** @type {NodeListOf<HTMLElement>} */ (card.querySelectorAll("[data-failure]"))) {
    reason.hidden = reason.dataset.failure !== kept.failed;
  }
  card.hidden = !("always" in card.dataset) && (!ASKING.includes(state) || (await isPutOff()));
}

/** @param {HTMLButtonElement} button @param {() => Promise<unknown>} deed */
async function during(button, deed) {
  const card = byId("push-card");
  button.disabled = true;
  card.dataset.busy = "";
  await deed().catch(() => undefined);
  delete card.dataset.busy;
  button.disabled = false;
  await show();
}

async function turnOn() {
  // Asked before anything else is waited for: some browsers ask only right after a tap.
  if ((await Notification.requestPermission()) !== "granted") return;
  await join(await navigator.serviceWorker.ready);
}

const turnOff = async () => leave(await navigator.serviceWorker.ready);

async function isPutOff() {
  return Math.abs(Date.now() - ((await fact("push_later")) ?? 0)) < LATER_MS;
}

const later = () => setFact("push_later", Date.now());

/** @type {Record<string, () => Promise<unknown>>} */
const DEEDS = { on: turnOn, off: turnOff, later };

/** Where the page has the card. */
export async function startPanel() {
  const card = byId("push-card");
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (card.querySelectorAll("button[data-do]"))) {
    button.addEventListener("click", () => during(button, DEEDS[button.dataset.do ?? ""]));
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) show(); }); // back from the phone's settings
  await show();
}
