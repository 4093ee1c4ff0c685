// @ts-check
/** Any page that has the network renews the badge, so that it is fresh when a gate needs it. */
import { owner } from "../outbox/items.js";
import { loadBadge } from "./store.js";

const OLD_MS = 10 * 60_000;

/** Quietly, and only where a badge is kept. */
export async function renewIfOld() {
  const user = await owner();
  const row = user === null ? undefined : await loadBadge(user);
  if (!row?.card || Date.now() - row.renewed_at < OLD_MS) return;
  const { renew } = await import("./card.js");
  await renew();
}
