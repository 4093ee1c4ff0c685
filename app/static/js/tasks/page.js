// @ts-check
/** The tasks page: lists, map and one task, from what this phone keeps; renewed when there is network. */
import { nowMs, readSession } from "../badge/clock.js";
import { itemsOf, onChange, owner, receiptsOf } from "../outbox/items.js";
import { drainNow } from "../outbox/triggers.js";
import { uuid7 } from "../outbox/ids.js";
import { startCountdowns } from "../ui/countdown.js";
import { byId, localTime } from "../ui/dom.js";
import { follow, followIfAllowed, onPlace, place } from "../ui/here.js";
import { words } from "../ui/words.js";
import { claim } from "./actions.js";
import { showAppeal, startAppeal } from "./appeal.js";
import { hasCheckedIn, receivedSince } from "./check_in.js";
import { drawTask } from "./detail_view.js";
import { fits, startFilter } from "./filter.js";
import { showForm, startForm, useAgain } from "./form.js";
import { drawMine, drawOffered, membersOf, PAGE } from "./list_view.js";
import { taskCard } from "./parts.js";
import { renew, renewAfresh } from "./renew.js";
import { saveStep, trouble } from "./saving.js";
import { readTasks } from "./read.js";
import { canDo, isMine, mayAppeal, mayClaim, sectionOf, shownTasks } from "./shown.js";
import { keptTasks } from "./store.js";

/**
 * @typedef {import("./shown.js").Shown} Shown
 * @typedef {"list" | "map" | "mine" | "task"} View
 */

const RENEW_MS = 60_000;
const MOST_TOLD = 300; // as app/blueprints/tasks/wire.py has it
const locale = document.documentElement.dataset.locale ?? "";
/** @type {{user: number | null, tasks: Shown[], heard: import("./renew.js").Heard | null, fetched_at: number, paused_until: number, more: boolean, untold: boolean}} */
const now = { user: null, tasks: [], heard: null, fetched_at: 0, paused_until: 0, more: false, untold: false };
let drawing = Promise.resolve();
let most = PAGE;
let listTop = 0;
let cameFromHere = false;
let claiming = false;
/** @type {View | null} */
let shown = null;
/** @type {Promise<import("./map_view.js").TaskMap> | undefined} */
let map;
const drawn = { list: "", task: "" };

/** What the address names. @returns {{view: View, id: number}} */
function wanted() {
  const id = Number(/^#t=(\d{1,15})$/.exec(location.hash)?.[1] ?? 0);
  if (id) return { view: "task", id };
  if (location.hash === "#map") return { view: "map", id };
  return { view: location.hash === "#mine" ? "mine" : "list", id };
}

async function read() {
  const user = await readSession();
  const kept = user === null ? undefined : await keptTasks(user);
  const [items, receipts] = user === null ? [[], []] : await Promise.all([itemsOf(user), receiptsOf(user)]);
  const since = receivedSince(receipts, kept?.asked_at ?? kept?.fetched_at ?? 0);
  const tasks = kept ? shownTasks(readTasks(kept.data, locale), kept.taken, items, new Set(receipts.map((one) => one.key))) : [];
  Object.assign(now, {
    user, fetched_at: kept?.fetched_at ?? 0, paused_until: kept?.data.paused_until ?? 0, more: (kept?.data.tasks.length ?? 0) >= MOST_TOLD,
    tasks: tasks.map((one) => ({ ...one, checkedIn: hasCheckedIn(one, items, since) })),
    untold: since.length > 0 || tasks.some((one) => one.arrived),
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
  const { view, id } = wanted();
  const task = view === "task" ? now.tasks.find((one) => one.id === id) ?? null : null;
  drawNotes(view, task);
  byId("find").hidden = view === "task";
  byId("task").hidden = !task;
  if (task) await drawOne(task);
  else await Promise.all([showForm(0, null), showAppeal(0, null)]);
  byId("save-bar").hidden = !task || (byId("claim").hidden && byId("save").hidden);
  if (view !== "task") drawAll(view);
}

/** @param {Shown} task */
async function drawOne(task) {
  const time = Math.floor(nowMs() / RENEW_MS);
  if (isNew("task", [task, place(), time])) drawTask(task, (item) => { useAgain(item, task); });
  const may = mayClaim(task) && task.ends_at > nowMs();
  const claimButton = byId("claim", HTMLButtonElement);
  claimButton.hidden = !may;
  claimButton.disabled = claiming || task.left < 1 || Boolean(task.why) || now.paused_until > nowMs();
  await showForm(now.user ?? 0, canDo(task, nowMs()) ? task : null);
  await showAppeal(now.user ?? 0, mayAppeal(task) ? task : null);
  byId("release").hidden = !isMine(task); // last: what stands above it no longer moves it
}

/** @param {View} view */
function drawAll(view) {
  const offered = membersOf(now.tasks, "open").filter(fits);
  const mine = now.tasks.filter((one) => sectionOf(one) !== "open");
  const known = now.fetched_at > 0;
  for (const name of ["list", "map", "mine"]) byId(`${name}-view`).hidden = view !== name || !known;
  byId("filters").hidden = view === "mine";
  markView(view);
  byId("find-me").setAttribute("aria-pressed", String(place() !== null));
  byId("none-fits").hidden = !known || view === "mine" || offered.length > 0 || !now.tasks.some((one) => sectionOf(one) === "open");
  byId("none").hidden = !known || view === "mine" || now.tasks.some((one) => sectionOf(one) === "open");
  byId("none-mine").hidden = !known || view !== "mine" || mine.length > 0;
  if (view === "map") showMap([...mine.filter(isMine), ...offered]);
  else if (isNew("list", [view, now.tasks, place(), most, offered.map((one) => one.id), Math.floor(nowMs() / RENEW_MS)])) {
    if (view === "list") drawOffered(now.tasks, offered, most);
    else drawMine(now.tasks);
  }
}

/** Whether something is to be drawn otherwise than it stands. @param {"list" | "task"} part @param {unknown} content */
function isNew(part, content) {
  const text = JSON.stringify(content);
  const before = drawn[part];
  drawn[part] = text;
  return before !== text;
}

/** @param {View} view */
function markView(view) {
  for (const link of byId("views").querySelectorAll("a")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** @param {Shown[]} tasks */
async function showMap(tasks) {
  map ??= import("./map_view.js").then(({ openMap }) => openMap((task) => byId("picked").replaceChildren(taskCard(task))));
  try {
    (await map).show({ tasks, here: place() });
  } catch {
    map = undefined; // tried again the next time
    byId("map-trouble").hidden = false;
  }
}

/** @param {View} view @param {Shown | null} task */
function drawNotes(view, task) {
  const { user, heard, fetched_at } = now;
  const known = fetched_at > 0;
  byId("signed-out-note").hidden = !(heard === "signed_out" || (user === null && heard !== null && heard !== "no_role"));
  byId("no-role-note").hidden = heard !== "no_role";
  byId("never").hidden = known || user === null || heard === null || heard === "no_role" || heard === "signed_out";
  byId("gone").hidden = view !== "task" || Boolean(task) || !known;
  byId("more-note").hidden = !now.more || view !== "list";
  const paused = now.paused_until > nowMs();
  byId("paused-note").hidden = !paused;
  if (paused) byId("paused-note").querySelector("span")?.replaceChildren(words("paused", { time: localTime(now.paused_until) }));
  byId("as-of").textContent = !known ? "" : words(heard === "offline" || heard === "busy" ? "as_of_offline" : "as_of", { time: localTime(fetched_at) });
}

/** The address has changed: what is shown begins at its top, and the list where it was left. */
async function go() {
  const before = shown;
  shown = wanted().view;
  if (before === "list") listTop = scrollY;
  cameFromHere = before !== null && before !== "task";
  complain("");
  await redraw();
  scrollTo(0, shown === "list" ? listTop : 0);
  if (shown === "task" && before !== null) byId("task-title").focus({ preventScroll: true });
}

/** @param {Event} event */
function goBack(event) {
  if (!cameFromHere) return; // opened by a link: the button's own way leads to the list
  event.preventDefault();
  history.back();
}

/** Ask the centre, then show what it said. */
async function renewAll() {
  const before = await owner().catch(() => null);
  now.heard = await renew(before).catch(() => /** @type {const} */ ("busy"));
  await redraw();
  // A shell does not know who signed in since: what waited for that person goes only now.
  if (now.heard === "fresh" && now.user !== before) drainNow({ force: true }).catch(() => undefined);
}

/** What was sent changes the list at the centre; one that was asked for before does not tell of it. */
async function followSending() {
  await redraw();
  if (!now.untold) return;
  now.heard = await renewAfresh(now.user).catch(() => /** @type {const} */ ("busy"));
  await redraw();
}

/** @param {string} text none takes it away */
function complain(text) {
  byId("claim-error").hidden = !text;
  byId("claim-error").querySelector("span")?.replaceChildren(text);
}

async function claimIt() {
  const task = now.tasks.find((one) => one.id === wanted().id);
  if (!task || claiming) return; // a double tap
  const button = byId("claim", HTMLButtonElement);
  claiming = button.disabled = true;
  button.setAttribute("aria-busy", "true");
  complain("");
  try {
    const why = await claim(task);
    now.heard = await renewAfresh(now.user).catch(() => /** @type {const} */ ("busy"));
    complain(why);
    if (!why) byId("task-title").focus({ preventScroll: true });
  } finally {
    claiming = false;
    button.removeAttribute("aria-busy");
    await redraw();
  }
}

function askToRelease() {
  const dialog = byId("let-go", HTMLDialogElement);
  dialog.returnValue = "keep";
  dialog.showModal();
  dialog.addEventListener("close", () => { if (dialog.returnValue === "release") release(); }, { once: true });
}

async function release() {
  const task = now.tasks.find((one) => one.id === wanted().id);
  if (!task || now.user === null || !isMine(task)) return;
  try {
    await saveStep({ key: uuid7(), owner: now.user, task, step: "release" });
  } catch (error) {
    complain(trouble(error));
  }
  await redraw();
}

/** The person asks to be found; the browser asks for leave. */
function findMe() {
  byId("place-trouble").hidden = true;
  const lost = () => { byId("place-trouble").hidden = place() !== null; };
  if (navigator.geolocation) follow(lost);
  else lost();
}

function listen() {
  startFilter(() => { most = PAGE; redraw(); });
  byId("more-tasks").addEventListener("click", () => { most += PAGE; redraw(); });
  byId("claim").addEventListener("click", claimIt);
  byId("release").addEventListener("click", askToRelease);
  byId("find-me").addEventListener("click", findMe);
  byId("task-way").addEventListener("click", () => byId("ways", HTMLDialogElement).showModal());
  byId("back").addEventListener("click", goBack);
  addEventListener("hashchange", () => { go(); });
  addEventListener("step-saved", () => { redraw().then(() => scrollTo(0, 0)); });
  onChange(() => { followSending().catch(() => undefined); });
  onPlace(() => { redraw(); });
  for (const name of ["online", "offline"]) addEventListener(name, renewAll);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) renewAll(); });
  setInterval(() => { if (!document.hidden) renewAll(); }, RENEW_MS);
  startCountdowns(nowMs);
}

history.scrollRestoration = "manual";
startForm();
startAppeal();
listen();
followIfAllowed();
await go();
await renewAll();
document.documentElement.dataset.ready = "";
