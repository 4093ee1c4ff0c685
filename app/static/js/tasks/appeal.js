// @ts-check
/** Contradicting a refusal: words, kept while they are typed. */
import { database } from "../outbox/database.js";
import { uuid7 } from "../outbox/ids.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { saveStep, trouble } from "./saving.js";

/** @typedef {import("./shown.js").Shown} Shown */

const text = () => byId("appeal-words", HTMLTextAreaElement);
/** @type {Shown | null} */
let current = null;
let owner = 0;
let busy = false;

const idOf = () => `task:${owner}:${current?.claim.id}:appeal`;

/** @param {number} user @param {Shown | null} task null: there is nothing to contradict */
export async function showAppeal(user, task) {
  byId("appeal").hidden = !task;
  if (task && (current?.id !== task.id || owner !== user)) {
    [owner, current] = [user, task];
    mark("");
    const found = await (await database()).get("drafts", idOf());
    text().value = found?.fields.words ?? "";
  }
  current = task;
}

async function keep() {
  const [db, said] = [await database(), text().value];
  if (!current) return;
  if (!said.trim()) return db.delete("drafts", idOf());
  return db.put("drafts", { id: idOf(), owner, key: "", fields: { words: said }, photos: [], saved_at: Date.now() });
}

/** @param {string} problem */
function mark(problem) {
  byId("appeal-error").hidden = !problem;
  byId("appeal-error").querySelector("span")?.replaceChildren(problem);
  if (problem) text().setAttribute("aria-invalid", "true");
  else text().removeAttribute("aria-invalid");
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  const said = text().value.trim();
  if (!current || busy) return; // a double tap
  if (!said) return mark(words("need_words"));
  busy = true;
  try {
    await saveStep({ key: uuid7(), owner, task: current, step: "appeal", fields: { words: said }, replaced: { draft: idOf() } });
    current = null;
    dispatchEvent(new CustomEvent("step-saved"));
  } catch (error) {
    mark(trouble(error));
  } finally {
    busy = false;
  }
}

export function startAppeal() {
  text().addEventListener("input", () => { mark(""); keep().catch(() => undefined); });
  byId("appeal").addEventListener("submit", submit);
}
