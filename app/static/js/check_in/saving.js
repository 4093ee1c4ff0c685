// @ts-check
/** A check-in becomes an item of the outbox. */
import { uuid7 } from "../outbox/ids.js";
import { enqueue } from "../outbox/items.js";
import { askForBackgroundSync, drainNow } from "../outbox/triggers.js";
import { words } from "../ui/words.js";

/**
 * @typedef {object} Saved
 * @property {number} user
 * @property {import("./judging.js").Poster | import("./judging.js").Counter} found
 * @property {string} purpose
 * @property {import("../badge/places.js").Fix | null} fix
 * @property {number} at ms, by the centre's clock: as of when it counts
 * @property {number} now likewise
 * @property {string} name of the station
 */

/** Keep it, and send it where there is network. @param {Saved} saved @returns {Promise<string>} its key */
export async function save({ user, found, purpose, fix, at, now, name }) {
  const key = uuid7();
  const nowhere = { latitude: null, longitude: null, accuracy_m: null };
  const fields = { way: found.kind, code: found.text, purpose, ...(fix ?? nowhere) };
  const captured_at = Date.now() - (now - at);
  await enqueue({ key, owner: user, kind: "check_in", fields, label: words("label", { station: name }), captured_at }, []);
  askForBackgroundSync().catch(() => undefined);
  drainNow({ force: true }).catch(() => undefined);
  return key;
}
