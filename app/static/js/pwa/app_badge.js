// @ts-check
/** The number on the app's icon: what is unread, and what waits to be sent. For pages and worker. */
import { unreadCount } from "../messages/count.js";
import { counts, owner } from "../outbox/items.js";

export async function showAppBadge() {
  const { mine } = await counts(await owner());
  const count = mine + (await unreadCount());
  const shown = count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  await shown?.catch(() => undefined);
}
