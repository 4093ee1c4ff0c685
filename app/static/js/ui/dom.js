// @ts-check
/** Small helpers for building pages without inline script or style. */

const SPRITE = new URL("../../vendor/lucide-static@1.62.0/sprite.svg", import.meta.url).pathname;

/**
 * The element with this id; a page without it is broken, so it throws.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} [type]
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!found || (type && !(found instanceof type))) throw new Error(`no #${id} on this page`);
  return /** @type {T} */ (found);
}

/**
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {string} name an icon of the sprite */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * What is in a form is being saved: nothing is typed or tapped into it that would go lost with the
 * emptying after.
 * @template T
 * @param {HTMLElement} form
 * @param {() => Promise<T>} save
 */
export async function heldStill(form, save) {
  form.inert = true;
  try {
    return await save();
  } finally {
    form.inert = false;
  }
}

/** @param {number} ms since 1970 @returns {string} as read in Suzhou */
export function localTime(ms) {
  return new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false,
  }).format(ms);
}
