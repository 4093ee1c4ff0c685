// @ts-check
/**
 * Compressed points of P-256, and back to the form that WebCrypto takes. SEC 1, 2.3.3 and 2.3.4;
 * the curve's numbers are those of SEC 2, 2.4.2.
 */
import { fromHex, toHex } from "./bytes.js";
import { Recent } from "./recent.js";

export const POINT_BYTES = 33;
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** @type {Recent<Uint8Array | null>} */
const known = new Recent(512);

/**
 * @param {Uint8Array} point
 * @returns {Uint8Array | null} 65 bytes: 4, x, y; null when it is no point of the curve
 */
export function decompress(point) {
  if (point.length !== POINT_BYTES) return null;
  return known.get(toHex(point), () => solve(point));
}

/** @param {Uint8Array} point @returns {Uint8Array | null} */
function solve(point) {
  const isOdd = point[0] === 3;
  if (!isOdd && point[0] !== 2) return null;
  const x = BigInt(`0x${toHex(point.subarray(1))}`);
  if (x >= P) return null;
  const square = (x * x * x - 3n * x + B) % P;
  const root = squareRoot(square < 0n ? square + P : square);
  if (root === null) return null;
  if (root === 0n && isOdd) return null;
  const y = Boolean(root & 1n) === isOdd ? root : P - root;
  return fromHex(`04${hex32(x)}${hex32(y)}`);
}

/** p mod 4 is 3, so a root, if there is one, is square^((p + 1) / 4). @param {bigint} square @returns {bigint | null} */
function squareRoot(square) {
  let root = 1n;
  for (const bit of ROOT_EXPONENT) {
    root = (root * root) % P;
    if (bit === "1") root = (root * square) % P;
  }
  return (root * root) % P === square ? root : null;
}

const ROOT_EXPONENT = ((P + 1n) / 4n).toString(2);

/** @param {bigint} number */
const hex32 = (number) => number.toString(16).padStart(64, "0");

/**
 * @param {Uint8Array} uncompressed 65 bytes, as WebCrypto exports a public key
 * @returns {Uint8Array} 33 bytes
 */
export function compress(uncompressed) {
  const point = uncompressed.slice(0, POINT_BYTES);
  point[0] = uncompressed[64] & 1 ? 3 : 2;
  return point;
}
