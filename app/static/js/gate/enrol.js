// @ts-check
/**
 * Makes this phone a gate's: a key that never leaves it, the centre's word for it, the scanner kept
 * for offline use, and the list of badges.
 */
import { call, QUICK_MS } from "../outbox/calls.js";
import { itemsOf } from "../outbox/items.js";
import { askToPersist } from "../pwa/persist.js";
import { bigEndian, joined, toBase64url, utf8 } from "../sk1/bytes.js";
import { sign, verify } from "../sk1/keys.js";
import { compress } from "../sk1/points.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { renewBundle } from "./bundle.js";
import { localName } from "./local_name.js";
import { gatePackIsKept, keepGatePack } from "./pack.js";
import { newChain } from "./passes.js";
import { keep, keepAll, kept } from "./store.js";
import { askWho } from "./time.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const PREFIX = utf8("SK1-scanner\0");

/** @typedef {{keys: CryptoKeyPair, device_key: Uint8Array}} Own */

/** @type {number | undefined} once the code was taken, what is left is tried again without it */
let enrolled;

/** Enrolling stopped; the message is for the person. */
class Stopped extends Error {}

/** @param {"key" | "centre" | "kept" | "list"} name @param {"now" | "done" | ""} state */
function step(name, state) {
  byId(`step-${name}`).dataset.state = state;
}

/** @param {string} text */
function tell(text) {
  byId("code-error").hidden = !text;
  byId("code-error").querySelector("span")?.replaceChildren(text);
  byId("code").toggleAttribute("aria-invalid", Boolean(text));
}

/** The key of an attempt before, else a new one; read back from the disk and tried. @returns {Promise<Own>} */
async function ownKey() {
  try {
    if (!(await kept("enrolling"))) await keep("enrolling", await newKey());
    const own = /** @type {Own} */ (await kept("enrolling"));
    const message = utf8("try");
    if (await verify(own.device_key, await sign(own.keys.privateKey, message), message)) return own;
  } catch {
    // A private window keeps no keys, an old browser none that it can store.
  }
  throw new Stopped(words("no_key"));
}

/** @returns {Promise<Own>} */
async function newKey() {
  const keys = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]));
  const whole = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
  return { keys, device_key: compress(whole) };
}

/** @param {string} code @param {Own} own @returns {Promise<{scanner: number, gate: {id: number, zh: string, en: string}}>} */
async function askCentre(code, { keys, device_key }) {
  const time = Math.floor(Date.now() / 1000);
  const signature = await sign(keys.privateKey, joined(PREFIX, device_key, bigEndian(time, 4)));
  const body = JSON.stringify({ code, device_key: toBase64url(device_key), time, signature: toBase64url(signature) });
  const { status, json } = await call("/gate/enrol", { method: "POST", body, type: "application/json", timeoutMs: QUICK_MS });
  if (status === 201 && json?.scanner) return json;
  if (status === 0) throw new Stopped(words("no_network"));
  throw new Stopped(json?.error?.errors?.code?.[0] ?? json?.error?.message ?? words("failed"));
}

/** @param {string} code @returns {Promise<number>} whom this browser is signed in as now */
async function enrol(code) {
  step("key", "now");
  askToPersist();
  const own = await ownKey();
  step("key", "done");
  step("centre", "now");
  const { scanner, gate } = await askCentre(code, own);
  const user = await askWho();
  if (user === null) throw new Stopped(words("failed"));
  await keepAll({
    scanner: { ...own, id: scanner, user, gate }, chain: await newChain(own.device_key),
    enrolling: undefined, bundle: undefined, accepted: undefined, day: undefined, shift: undefined, tries: undefined,
  });
  step("centre", "done");
  return user;
}

/** What scanning needs with no network. @param {number} user */
async function finish(user) {
  step("kept", "now");
  step("list", "now");
  await keepGatePack();
  const [isKept, { bundle }] = await Promise.all([gatePackIsKept(), renewBundle(null, user)]);
  step("kept", isKept ? "done" : "");
  step("list", bundle ? "done" : "");
  if (!isKept || !bundle) throw new Stopped(words("not_kept"));
  byId("to-gate").hidden = false;
  byId("enrol").hidden = true;
  byId("to-gate").focus();
}

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  const button = byId("enrol-button", HTMLButtonElement);
  const code = byId("code", HTMLInputElement).value.replace(/[\s-]/g, "").toUpperCase();
  if (button.disabled) return;
  if (!code && enrolled === undefined) return tell(words("need_code"));
  button.disabled = true;
  tell("");
  byId("progress").hidden = false;
  try {
    enrolled ??= await enrol(code);
    await finish(enrolled);
  } catch (error) {
    tell(error instanceof Stopped ? error.message : words("failed"));
  } finally {
    button.disabled = false;
  }
}

/** The code of the address that the property manager's page shows as a QR code. */
function fillIn() {
  const code = new URLSearchParams(location.search).get("code");
  if (!code) return;
  byId("code", HTMLInputElement).value = code.slice(0, byId("code", HTMLInputElement).maxLength);
  history.replaceState(null, "", location.pathname);
}

async function load() {
  const scanner = await kept("scanner").catch(() => undefined);
  byId("enrol", HTMLFormElement).addEventListener("submit", submit);
  if (!scanner) return;
  byId("enrolled-note").hidden = false;
  byId("enrolled-gate").textContent = localName(scanner.gate);
  const { length } = await itemsOf(scanner.user);
  byId("waiting-passes").hidden = length === 0;
  byId("waiting-passes-text").textContent = words("passes_wait", { count: length });
}

fillIn();
await load();
document.documentElement.dataset.ready = "true";
