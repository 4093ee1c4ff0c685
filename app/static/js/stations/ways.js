// @ts-check
/**
 * Links that open a map app at a place. What Chinese map apps are told is not WGS-84: AMap,
 * Tencent and Apple's maps in China go by GCJ-02, Baidu by a system of its own on top of it.
 */
import gcoord from "../../vendor/gcoord@1.0.7/gcoord.esm-browser.prod.js";

/**
 * @typedef {{latitude: number, longitude: number}} Place WGS-84
 * @typedef {{app: "phone" | "apple" | "amap" | "baidu" | "tencent", href: string}} Way
 */

const { BD09, GCJ02, WGS84 } = /** @type {any} */ (gcoord);
const OURS = "star-knight";

/**
 * The map apps of a phone, its own first.
 * @param {Place} place
 * @param {string} name
 * @param {string} [agent]
 * @returns {Way[]}
 */
export function waysTo(place, name, agent = navigator.userAgent) {
  const said = encodeURIComponent(name.replaceAll(/[,，|]/g, " "));
  const own = /iPhone|iPad|Macintosh/.test(agent) ? appleWay(place, said) : geoWay(place, said);
  return [own, amapWay(place, said), baiduWay(place, said), tencentWay(place, said)];
}

/** @param {Place} place @param {string} name @returns {Way} */
function geoWay({ latitude, longitude }, name) {
  const there = `${latitude.toFixed(6)},${longitude.toFixed(6)}`; // RFC 5870: WGS-84
  return { app: "phone", href: `geo:${there}?q=${there}(${name})` };
}

/** @param {Place} place @param {string} name @returns {Way} */
function appleWay(place, name) {
  const [longitude, latitude] = inSystem(place, GCJ02);
  return { app: "apple", href: `https://maps.apple.com/?daddr=${latitude},${longitude}&q=${name}` };
}

/** @param {Place} place @param {string} name @returns {Way} */
function amapWay(place, name) {
  const [longitude, latitude] = inSystem(place, GCJ02);
  return { app: "amap", href: `https://uri.amap.com/navigation?to=${longitude},${latitude},${name}&mode=ride&coordinate=gaode&callnative=1&src=${OURS}` };
}

/** @param {Place} place @param {string} name @returns {Way} */
function baiduWay(place, name) {
  const [longitude, latitude] = inSystem(place, BD09);
  return { app: "baidu", href: `https://api.map.baidu.com/marker?location=${latitude},${longitude}&title=${name}&content=${name}&output=html&coord_type=bd09ll&src=webapp.${OURS}` };
}

/** @param {Place} place @param {string} name @returns {Way} */
function tencentWay(place, name) {
  const [longitude, latitude] = inSystem(place, GCJ02);
  return { app: "tencent", href: `https://apis.map.qq.com/uri/v1/routeplan?type=bike&to=${name}&tocoord=${latitude},${longitude}&referer=${OURS}` };
}

/** @param {Place} place @param {any} system @returns {string[]} longitude, latitude */
function inSystem({ latitude, longitude }, system) {
  const moved = gcoord.transform([longitude, latitude], WGS84, system);
  return moved.map((/** @type {number} */ degrees) => degrees.toFixed(6));
}
