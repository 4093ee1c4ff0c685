// @ts-check
/** Asks every few seconds what moved. Counts and states change in place; nothing else moves. */
import { element } from "../ui/dom.js";
import { words } from "../ui/words.js";

/** @typedef {{counts: Record<string, number>, new: number, case: string, rows: Record<string, {version: number, cell: string}>}} News */
const EVERY_MS = 15_000;
let tag = "";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let asking = false;
/** Asked for once more while an answer was awaited. */
let again = false;
/** Counts up with what is shown: an answer says nothing of what was shown after its question. */
let turn = 0;

/** @param {string} selector @returns {HTMLElement | null} */
const one = (selector) => document.querySelector(selector);

/** @returns {HTMLElement[]} */
const rows = () => [...document.querySelectorAll("#queue [data-case]")].map((row) => /** @type {HTMLElement} */ (row));

function address() {
  const list = one("#queue");
  const url = new URL(list?.dataset.news ?? "/cases/news.json", location.href);
  url.searchParams.set("since", list?.dataset.since ?? "");
  url.searchParams.set("rows", rows().map((row) => `${row.dataset.case}.${row.dataset.version}`).join("-"));
  url.searchParams.set("case", one("#case")?.dataset.open ?? "");
  return url;
}

async function ask() {
  if (document.hidden) return;
  again = asking;
  if (asking) return;
  asking = true;
  const mine = turn;
  try {
    const answer = await fetch(address(), { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    const news = answer.status === 200 ? await answer.json() : null;
    if (news && mine === turn) {
      show(news);
      tag = answer.headers.get("ETag") ?? "";
    }
  } catch {
    // No network: the next time will do.
  } finally {
    asking = false;
    later();
    if (again) ask();
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(ask, EVERY_MS);
}

/** @param {News} news */
function show(news) {
  for (const [queue, count] of Object.entries(news.counts)) {
    const place = one(`[data-queue="${queue}"] [data-count]`);
    if (place) place.textContent = String(count);
    place?.closest(".lane")?.classList.toggle("still", count === 0);
  }
  for (const row of rows()) {
    const now = news.rows[row.dataset.case ?? ""];
    if (now) renew(row, now);
  }
  sayNew(news.new);
  sayMoved(news.case);
}

/** A box that was set stands for the case as it was seen then.
 * @param {HTMLElement} row @param {{version: number, cell: string}} now */
function renew(row, now) {
  row.dataset.version = String(now.version);
  const cell = row.querySelector("[data-cell]");
  if (cell) cell.innerHTML = now.cell; // made by our own template
  const box = /** @type {HTMLInputElement | null} */ (row.querySelector("input[name=case]"));
  if (box && !box.checked) box.value = `${row.dataset.case}:${now.version}`;
}

/** @param {number} count */
function sayNew(count) {
  const list = one("#queue");
  const button = one("#new-cases");
  if (!button || list?.dataset.deep !== undefined || list?.dataset.text !== undefined) return;
  button.hidden = count === 0;
  button.textContent = words("new_cases", { count });
}

/** @param {string} text what happened to the case that is open */
function sayMoved(text) {
  const bar = one("#moved-bar");
  if (!bar || !text) return;
  bar.replaceChildren(element("div", {}, element("span", {}, text), element("button", { type: "button", "data-renew": "" }, words("renew"))));
}

/** @param {string} target @param {string} url */
function bring(target, url) {
  const htmx = /** @type {any} */ (globalThis).htmx;
  htmx.ajax("GET", url, { target, select: target === "#case" ? undefined : target, swap: "outerHTML" });
}

/** @param {MouseEvent} event */
function onClick(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest("[data-renew]")) bring("#case", one("#case")?.dataset.here ?? location.href);
  if (target.closest("#new-cases")) bring("#queue", one("#queue")?.dataset.list ?? location.href);
}

export function startNews() {
  document.addEventListener("click", onClick);
  document.addEventListener("visibilitychange", ask);
  document.addEventListener("htmx:afterSettle", () => {
    tag = ""; // other rows, another case: what was asked before says nothing of them
    turn += 1;
    const mine = turn;
    queueMicrotask(() => { if (mine === turn) ask(); }); // once for all parts that came together
  });
  later();
}
