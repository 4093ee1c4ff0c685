// @ts-check
/** Leaflet itself, loaded when the first map is opened. */

/** @returns {Promise<any>} */
export async function library() {
  // @ts-expect-error It is no module: it sets the global `L`.
  await import("../../vendor/leaflet@1.9.4/leaflet.js");
  return /** @type {any} */ (globalThis).L;
}
