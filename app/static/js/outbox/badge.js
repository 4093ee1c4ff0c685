// @ts-check
/** How much waits and how much is unread: on the tab, the bell, in the note on some pages, and on the app's icon. */
import { onMessages, unreadCount } from "../messages/count.js";
import { counts, onChange, owner } from "./items.js";
import { showAppBadge } from "../pwa/app_badge.js";
import { words } from "../ui/words.js";

async function show() {
  const { mine } = await counts(await owner());
  mark("#outbox-count, [data-outbox-count]", mine);
  const note = document.getElementById("waiting-note");
  if (note) {
    note.hidden = mine === 0;
    const text = document.getElementById("waiting-text");
    if (text) text.textContent = words("waiting", { count: mine });
  }
  mark("[data-unread-count]", await unreadCount());
  await showAppBadge();
}

/** @param {string} selector @param {number} count */
function mark(selector, count) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector))) {
    place.hidden = count === 0;
    (place.querySelector("[data-number]") ?? place).textContent = count > 99 ? "99+" : String(count);
  }
}

export function startBadge() {
  const quietly = () => { show().catch(() => undefined); };
  quietly();
  onChange(quietly);
  onMessages(quietly);
}
