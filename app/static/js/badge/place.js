// @ts-check
/** The rider stands at a gate without a guard, and its printed code has opened the page. */
import { uuid7 } from "../outbox/ids.js";
import { enqueue, owner } from "../outbox/items.js";
import { askForBackgroundSync, drainNow } from "../outbox/triggers.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { codeInAddress } from "./address.js";
import { named } from "./card_view.js";
import { openMap } from "./map_view.js";
import { fetchMap } from "./maps.js";
import { newestPass } from "./news.js";
import { gateOf, rememberedGate, tooFarBy, whereAmI } from "./places.js";

/**
 * @typedef {import("./places.js").GatePlace} GatePlace
 * @typedef {import("./places.js").Fix} Fix
 * @typedef {"entry" | "exit"} Direction
 */

const BUTTONS = { entry: "go-in", exit: "go-out" };
const DIRECTIONS = /** @type {Direction[]} */ (["entry", "exit"]);

/** @type {GatePlace | "unknown" | null | undefined} undefined until it was asked; null: nobody can say now */
let place;
/** @type {Fix | null} */
let fix = null;
let saved = false;

/** Show the gate, find out where the phone is, and offer to write the pass down. */
export async function startPlace() {
  const code = codeInAddress();
  if (!code) return;
  byId("gate-name").textContent = words("gate_code", { code });
  for (const direction of DIRECTIONS) byId(BUTTONS[direction]).addEventListener("click", () => save(code, direction));
  byId("look-again").addEventListener("click", look);
  const looking = look();
  const remembered = await rememberedGate(code);
  if (remembered) know(remembered);
  know(await gateOf(code));
  await looking;
}

/** @param {GatePlace | "unknown" | null} found */
function know(found) {
  place = found;
  if (found && found !== "unknown") byId("gate-name").textContent = nameOf(found);
  judge();
}

/** Many gates carry their compound's name. @param {GatePlace} found */
function nameOf({ gate, compound }) {
  return named(gate).startsWith(named(compound)) ? named(gate) : `${named(compound)} · ${named(gate)}`;
}

async function look() {
  byId("look-again", HTMLButtonElement).disabled = true;
  byId("gate-says").textContent = words("locating");
  const found = await whereAmI();
  byId("look-again", HTMLButtonElement).disabled = false;
  fix = typeof found === "string" ? null : found;
  if (fix || place === "unknown") judge();
  else offer(["look-again"], found === "denied" ? "place_denied" : "no_place");
}

/**
 * Near enough, too far, or for the centre to decide. Said once both are known, the gate and where
 * the phone is: a button that is shown too early moves when the gate turns out to have two.
 */
function judge() {
  if (saved) return undefined;
  if (place === "unknown") return offer([], "gate_unknown");
  if (place === undefined || !fix) return undefined;
  const metres = place ? tooFarBy(place, fix) : 0;
  if (metres > 0) return offer(["look-again"], "far", { metres: rounded(metres) });
  const way = place?.direction ?? "entry";
  const ways = DIRECTIONS.filter((direction) => [direction, "both"].includes(way));
  return offer(ways.map((direction) => BUTTONS[direction]), place ? "near" : "centre_decides");
}

/** A phone knows tens of metres, no less. @param {number} metres */
const rounded = (metres) => (metres < 1000 ? Math.ceil(metres / 10) * 10 : Math.round(metres / 100) * 100);

/** Show these buttons, and say why. @param {string[]} buttons @param {string} word @param {Record<string, string | number>} [values] */
function offer(buttons, word, values) {
  byId("gate-says").textContent = words(word, values);
  for (const id of ["look-again", ...Object.values(BUTTONS)]) {
    byId(id).hidden = !buttons.includes(id);
    byId(id, HTMLButtonElement).disabled = false;
  }
}

/** @param {string} code @param {Direction} direction */
async function save(code, direction) {
  for (const id of Object.values(BUTTONS)) byId(id, HTMLButtonElement).disabled = true; // a double tap
  const user = await owner();
  if (user === null || !fix) return;
  saved = true;
  const key = uuid7();
  const label = words("self_label", { gate: byId("gate-name").textContent ?? code });
  try {
    await enqueue({ key, owner: user, kind: "self_pass", fields: { gate: code, ...fix, direction }, label }, []);
  } catch {
    saved = false;
    offer([BUTTONS[direction]], "not_saved");
    return;
  }
  offer([], "self_saved");
  askForBackgroundSync().catch(() => undefined);
  await afterSaving(key, direction);
}

/** Send it, say whether it counts, and show the way inside. @param {string} key @param {Direction} direction */
async function afterSaving(key, direction) {
  const sent = await drainNow({ force: true }).catch(() => undefined);
  if (sent?.sent) offer([], (await newestPass())?.key === key ? "self_received" : "self_refused");
  if (direction === "exit" || !place || place === "unknown") return;
  if (await fetchMap(place.compound.id).catch(() => undefined)) await openMap(place.compound.id);
}
