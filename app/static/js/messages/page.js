// @ts-check
/** The page of messages: what it shows is kept on the phone, and what comes meanwhile is announced. */
import { startPanel } from "../push/panel.js";
import { byId } from "../ui/dom.js";
import { onMessages } from "./count.js";
import { keepMessages, keepRead } from "./keep.js";
import { tellWhatWasRead } from "./reading.js";

const user = Number(document.body.dataset.user);

async function keep() {
  const shown = JSON.parse(byId("shown").textContent || "[]");
  await keepMessages(user, shown, { allRead: document.body.dataset.unread === "0" });
  await tellWhatWasRead();
}

/** The centre hears of it by the form itself. */
function noteWhatIsOpened() {
  document.addEventListener("submit", (event) => {
    const id = Number(/** @type {HTMLElement} */ (event.target).dataset.message);
    if (id) keepRead(user, id, true).catch(() => undefined);
  });
}

startPanel().catch(() => undefined);
noteWhatIsOpened();
onMessages(() => { byId("newer").hidden = false; });
keep().catch(() => undefined);
