// @ts-check
/** How much waits: on the tab, in the note on some pages, and on the app's icon. */
import { counts, onChange, owner } from "./items.js";
import { words } from "../ui/words.js";

async function show() {
  const user = await owner();
  const { mine } = await counts(user);
  const tabs = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#outbox-count, [data-outbox-count]"));
  for (const tab of tabs) {
    tab.hidden = mine === 0;
    tab.textContent = mine > 99 ? "99+" : String(mine);
  }
  const note = document.getElementById("waiting-note");
  if (note) {
    note.hidden = mine === 0;
    const text = document.getElementById("waiting-text");
    if (text) text.textContent = words("waiting", { count: mine });
  }
  const shown = mine ? navigator.setAppBadge?.(mine) : navigator.clearAppBadge?.();
  shown?.catch(() => undefined);
}

export function startBadge() {
  const quietly = () => { show().catch(() => undefined); };
  quietly();
  onChange(quietly);
}
