// @ts-check
/** The messages that this phone keeps, shown when the page of messages cannot be had. */
import { owner } from "../outbox/items.js";
import { keptWork } from "../outbox/work.js";
import { within } from "../push/within.js";
import { byId, element, icon, localTime } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { onMessages } from "./count.js";
import { keptMessages } from "./keep.js";
import { readHere, sayRead, tellWhatWasRead } from "./reading.js";

/** @typedef {import("../outbox/database.js").Message} Message */

const NOTING_MS = 500;

/** @param {Message} row */
function saying(row) {
  const when = element("span", { class: "muted small" });
  if (row.unread) when.append(element("strong", {}, words("new")), " · ");
  when.append(localTime(row.at));
  const text = element("span", {}, element("span", { class: "said" }, row.text || row.title), element("br"), when);
  if (row.headed && row.text) text.prepend(element("strong", { class: "headed" }, row.title), element("br"));
  return text;
}

/** @param {Message} row */
function entry(row) {
  const link = element("a", { class: row.unread ? "message unread" : "message", href: row.url },
    element("span", { class: `status ${row.tone}` }, icon(row.icon)), saying(row), icon("chevron-right"),
  );
  link.addEventListener("click", (event) => {
    event.preventDefault();
    follow(row);
  });
  return element("li", {}, link);
}

/** Noted before the page goes; the centre hears now or later. @param {Message} row */
async function follow(row) {
  await within(readHere(row.id), NOTING_MS, undefined);
  sayRead(row.id).catch(() => undefined);
  location.assign(row.url);
}

async function show() {
  const user = await owner();
  const rows = user === null ? [] : await keptMessages(user);
  document.body.classList.toggle("has-work", user !== null && Boolean(await keptWork(user)));
  byId("messages").replaceChildren(...rows.map(entry));
  byId("none").hidden = rows.length > 0;
  byId("since").hidden = rows.length === 0;
  const since = Math.max(...rows.map((row) => row.kept_at));
  if (rows.length) byId("since").textContent = words("since", { time: localTime(since) });
  document.documentElement.dataset.ready = "true";
}

/** Once the centre answers, its own page is better. */
async function goOn() {
  await tellWhatWasRead();
  location.replace("/messages");
}

addEventListener("online", () => { goOn().catch(() => undefined); });
onMessages(() => { show().catch(() => undefined); });
show().catch(() => { byId("none").hidden = false; });
