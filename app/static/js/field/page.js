// @ts-check
/** The field page: the list and one case, from what this phone keeps; renewed when there is network. */
import { fact } from "../outbox/database.js";
import { itemsOf, onChange, owner, receiptsOf } from "../outbox/items.js";
import { drainNow } from "../outbox/triggers.js";
import { keptWork } from "../outbox/work.js";
import { keepPack } from "../pwa/packs.js";
import { startCountdowns } from "../ui/countdown.js";
import { byId, localTime } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { drawCase } from "./case_view.js";
import { centreNow, learnOffset } from "./centre_clock.js";
import { showForm, startForm, useAgain } from "./form.js";
import { follow, followIfAllowed, onPlace, place } from "./here.js";
import { drawList, inSections } from "./list_view.js";
import { keepPictures } from "./pictures.js";
import { renew, renewAfresh } from "./renew.js";
import { shownCases } from "./shown.js";

/** @typedef {import("./shown.js").Shown} Shown */

const RENEW_MS = 60_000;
/** @type {{looks: Record<string, any>, words: Record<string, string>, steps: import("./shown.js").Row[]}} */
const table = JSON.parse(byId("table").textContent ?? "{}");
/** @type {{user: number | null, cases: Shown[], heard: import("./renew.js").Heard | null, fetched_at: number, more: boolean}} */
const now = { user: null, cases: [], heard: null, fetched_at: 0, more: false };
let drawing = Promise.resolve();
let listTop = 0;
let cameFromList = false;
/** @type {number | null} */
let open = null;
const drawn = { list: "", case: "" };

/** The case of the address, 0 for none; a hash of another kind leaves open what is. */
const chosen = () => (location.hash && !/^#\d+$/.test(location.hash) ? open ?? 0 : Number(location.hash.slice(1)));

async function read() {
  const user = await owner();
  const work = user === null ? undefined : await keptWork(user);
  const [items, receipts, session] = user === null ? [[], [], null] : await Promise.all([itemsOf(user), receiptsOf(user), fact("session")]);
  learnOffset(session?.offset ?? 0);
  Object.assign(now, {
    user, fetched_at: work?.fetched_at ?? 0, more: work?.data.more ?? false,
    cases: work ? shownCases(work, items, new Set(receipts.map((one) => one.key)), table.steps) : [],
  });
}

/** Read and draw, one after another. */
function redraw() {
  drawing = drawing.then(async () => {
    await read();
    await draw();
  }).catch(() => undefined);
  return drawing;
}

async function draw() {
  const { user, cases } = now;
  const one = cases.find((each) => each.id === chosen()) ?? null;
  drawNotes(one);
  if (user === null) byId("sections").replaceChildren();
  else if (isNew("list", [user, cases, place(), one?.id])) drawList(user, cases, table.looks, one?.id ?? null);
  const isOther = open !== (one?.id ?? null);
  open = one?.id ?? null;
  document.body.classList.toggle("case-open", Boolean(one));
  byId("case").hidden = !one;
  byId("choose").hidden = Boolean(one) || !cases.length;
  if (one && user !== null && isNew("case", [user, one, place()])) drawCase(user, one, table.looks, useAgain);
  await showForm(user ?? 0, one);
  if (isOther) turn(one);
}

/** Whether something is to be drawn otherwise than it stands. @param {"list" | "case"} part @param {unknown} content */
function isNew(part, content) {
  const text = JSON.stringify(content);
  const before = drawn[part];
  drawn[part] = text;
  return before !== text;
}

/** Another case, or back to the list: each has its own place on the page. @param {Shown | null} one */
function turn(one) {
  if (matchMedia("(min-width: 1024px)").matches) {
    byId("case").scrollTo(0, 0);
    return;
  }
  scrollTo(0, one ? 0 : listTop);
  if (one) byId("case-title").focus({ preventScroll: true });
}

/** @param {Shown | null} one */
function drawNotes(one) {
  const { user, heard, cases } = now;
  const known = now.fetched_at > 0;
  byId("signed-out-note").hidden = !(heard === "signed_out" || (user === null && heard !== null && heard !== "no_role"));
  byId("no-role-note").hidden = heard !== "no_role" || cases.length > 0;
  byId("none").hidden = !known || cases.length > 0 || heard === "no_role";
  byId("never").hidden = known || user === null || heard === null || heard === "no_role" || heard === "signed_out";
  byId("gone-note").hidden = !chosen() || Boolean(one) || !known;
  byId("more-note").hidden = !now.more;
  byId("find-me").hidden = Boolean(place()) || !navigator.geolocation || !cases.some((each) => each.roles.includes("verifier"));
  const line = byId("as-of");
  line.textContent = !known ? "" : words(heard === "offline" || heard === "busy" ? "as_of_offline" : "as_of", { time: localTime(now.fetched_at) });
}

const renewAll = () => showFrom(renew);

/** Ask the centre, then show what it said; its pictures come after. @param {typeof renew} ask */
async function showFrom(ask) {
  const before = await owner().catch(() => null);
  now.heard = await ask(before).catch(() => /** @type {const} */ ("busy"));
  await redraw();
  if (now.heard !== "fresh" || now.user === null) return;
  // A shell does not know who signed in since: what waited for that person goes only now.
  drainNow({ force: now.user !== before }).catch(() => undefined);
  keepPack("field").catch(() => undefined);
  keepPictures(now.user, inSections(now.cases).flatMap(([, members]) => members));
}

/** What was sent changes the list at the centre; one that was asked for before does not tell of it. */
function renewAfterSending() {
  if (now.cases.some((one) => one.arrived)) showFrom(renewAfresh);
}

function listen() {
  addEventListener("hashchange", () => { redraw(); });
  onChange(() => { redraw().then(renewAfterSending); });
  onPlace(() => { draw().catch(() => undefined); });
  for (const name of ["online", "offline"]) addEventListener(name, renewAll);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) renewAll(); });
  setInterval(() => { if (!document.hidden) renewAll(); }, RENEW_MS);
  startCountdowns(centreNow);
  byId("find-me").addEventListener("click", () => follow());
  byId("sections").addEventListener("click", () => {
    listTop = scrollY;
    cameFromList = true;
  });
  byId("back").addEventListener("click", (event) => {
    if (!cameFromList) return; // the address was opened as it is: its link leads to the list
    event.preventDefault();
    cameFromList = false;
    history.back();
  });
}

startForm({ rows: table.steps, words: table.words }, redraw);
listen();
followIfAllowed();
await redraw();
document.documentElement.dataset.ready = "true";
renewAll();
