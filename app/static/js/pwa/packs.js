// @ts-check
/** What only some phones keep for offline use: the service worker is told, and told again. */
import { fact, setFact } from "../outbox/database.js";

/** A fact remembers it, so that a newer version of the app brings it along. @param {string} name */
export async function keepPack(name) {
  const packs = (await fact("packs")) ?? [];
  if (!packs.includes(name)) await setFact("packs", [...packs, name]);
  const { active, waiting, installing } = (await navigator.serviceWorker?.ready) ?? {};
  for (const worker of [active, waiting, installing]) worker?.postMessage("keep packs");
}
