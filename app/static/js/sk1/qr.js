// @ts-check
/** Drawing a code as QR: the prefix alphanumeric, the number numeric, so that it stays small; an address as it is. */
import { qrcode } from "../../vendor/qrcode-generator@2.0.4/qrcode.mjs";

const LONG = 200; // digits: a printed badge has 265, a live one more
const QUIET = 4; // modules of white around it. ISO/IEC 18004, 6.3.8

/**
 * The modules of a code, dark or light.
 * @param {string} text digits after a prefix ("SK1:...", "SK1C:..."), or anything else in ASCII
 * @param {"L" | "M" | "Q"} [level] of error correction
 * @returns {{size: number, isDark: (row: number, column: number) => boolean}}
 */
export function modules(text, level = "L") {
  const [, head, digits = ""] = /^(\D[^:]*:)?(\d+)$/.exec(text) ?? [];
  const qr = qrcode(0, level);
  if (!digits) qr.addData(text, "Byte");
  if (head) qr.addData(head, "Alphanumeric");
  if (digits) qr.addData(digits, "Numeric");
  if (digits.length < LONG) qr.make();
  else makeWithAnyMask(qr);
  return { size: qr.getModuleCount(), isDark: (row, column) => qr.isDark(row, column) };
}

/**
 * The digits of a badge's code are mostly keys and signatures, as good as random: no mask of the
 * eight (ISO/IEC 18004, 7.8) is better than another, and judging them takes longer than all else.
 * The library judges by `getModuleCount`; a code of no modules is judged at once, and the first
 * mask is taken.
 * @param {any} qr
 */
function makeWithAnyMask(qr) {
  const { getModuleCount } = qr;
  qr.getModuleCount = () => 0;
  qr.make();
  qr.getModuleCount = getModuleCount;
}

/**
 * Draw a code into an SVG as one path, with white around it: as sharp as the screen is.
 * @param {SVGSVGElement} svg
 * @param {string} text
 * @param {"L" | "M" | "Q"} [level]
 */
export function drawQr(svg, text, level) {
  const { size, isDark } = modules(text, level);
  const path = svg.querySelector("path") ?? svg.appendChild(document.createElementNS(svg.namespaceURI ?? "", "path"));
  const whole = size + 2 * QUIET;
  svg.setAttribute("viewBox", `0 0 ${whole} ${whole}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  path.setAttribute("d", outline(size, isDark));
}

/** Each run of dark modules in a row is one rectangle. @param {number} size @param {(row: number, column: number) => boolean} isDark */
function outline(size, isDark) {
  let path = "";
  for (let row = 0; row < size; row++) {
    for (let column = 0, start = 0; column < size; column++) {
      if (!isDark(row, column)) continue;
      for (start = column; column < size && isDark(row, column); column++);
      path += `M${start + QUIET} ${row + QUIET}h${column - start}v1H${start + QUIET}z`;
    }
  }
  return path;
}
