// @ts-check
/** Choosing a category: what was used lately as chips, all of them by group, search. */
import { fact, setFact } from "../outbox/database.js";
import { byId, element } from "../ui/dom.js";

const CHIPS = 6;
/** The most frequent of the district's reports, for a person who has none yet. */
const LIKELY = ["0102", "0504", "1204", "1101", "0405", "0601"];

/** @param {number | null} owner */
const recentName = (owner) => `recent categories ${owner ?? 0}`;

/** @returns {HTMLInputElement[]} */
const radios = () => [...document.querySelectorAll("input[name=category]")].map((one) => /** @type {HTMLInputElement} */ (one));

/** @param {HTMLInputElement} radio */
const nameOf = (radio) => radio.parentElement?.textContent?.trim() ?? "";

/** @returns {{code: string, name: string} | undefined} */
export function chosen() {
  const radio = radios().find((one) => one.checked);
  return radio && { code: radio.value, name: nameOf(radio) };
}

/** @param {string | undefined} code */
export function choose(code) {
  for (const radio of radios()) radio.checked = radio.value === code;
  showChosen();
}

/** @param {number | null} owner @param {string} code */
export async function remember(owner, code) {
  const before = (await fact(recentName(owner))) ?? [];
  await setFact(recentName(owner), [code, ...before.filter((/** @type {string} */ one) => one !== code)].slice(0, CHIPS));
}

/** @param {number | null} owner @param {() => void} onChoice */
export async function startCategories(owner, onChoice) {
  const recent = (await fact(recentName(owner)).catch(() => undefined)) ?? [];
  const known = new Map(radios().map((radio) => [radio.value, radio]));
  const codes = [...new Set([...recent, ...LIKELY])].filter((code) => known.has(code)).slice(0, CHIPS);
  for (const code of codes) addChip(/** @type {HTMLInputElement} */ (known.get(code)));
  for (const radio of radios()) {
    radio.addEventListener("change", () => {
      byId("picker", HTMLDetailsElement).open = false;
      showChosen();
      onChoice();
    });
  }
  byId("category-search", HTMLInputElement).addEventListener("input", search);
  showChosen();
}

/** @param {HTMLInputElement} radio */
function addChip(radio) {
  const chip = element("button", { type: "button", class: "chip", "data-code": radio.value, "aria-pressed": "false" }, nameOf(radio));
  chip.addEventListener("click", () => {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  });
  byId("likely").append(chip);
}

function showChosen() {
  const radio = radios().find((one) => one.checked);
  const chips = byId("likely");
  if (radio && !chips.querySelector(`[data-code="${radio.value}"]`)) addChip(radio);
  for (const chip of chips.children) {
    chip.setAttribute("aria-pressed", String(chip.getAttribute("data-code") === radio?.value));
  }
  const condition = byId("condition");
  condition.hidden = !radio;
  condition.querySelector("span")?.replaceChildren(radio?.dataset.condition ?? "");
}

function search() {
  const wanted = byId("category-search", HTMLInputElement).value.trim().toLowerCase();
  let found = 0;
  for (const group of byId("picker").querySelectorAll(".group")) {
    const groupFits = group.querySelector("legend")?.textContent?.toLowerCase().includes(wanted);
    let shown = 0;
    for (const label of group.querySelectorAll("label")) {
      const fits = groupFits || label.textContent?.toLowerCase().includes(wanted)
        || label.querySelector("input")?.dataset.condition?.includes(wanted);
      label.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    /** @type {HTMLElement} */ (group).hidden = shown === 0;
    found += shown;
  }
  byId("none-found").hidden = found > 0;
}
