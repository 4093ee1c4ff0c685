// @ts-check
/** What the first bytes of a picture say, before anything is decoded. */

/**
 * @param {Uint8Array} bytes the first 64 KB suffice
 * @returns {{kind: "jpeg" | "png" | "webp" | "heic" | "other", width: number, height: number}} 0 when unknown
 */
export function readHeader(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (/** @type {number} */ from, /** @type {number} */ to) => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes.length > 24 && text(1, 4) === "PNG") {
    return { kind: "png", width: view.getUint32(16), height: view.getUint32(20) };
  }
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return { kind: "jpeg", ...jpegSize(view) };
  if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") return { kind: "webp", width: 0, height: 0 };
  if (text(4, 8) === "ftyp" && /^(hei[cfsmx]|mif1|msf1)/.test(text(8, 12))) return { kind: "heic", width: 0, height: 0 };
  return { kind: "other", width: 0, height: 0 };
}

/** The size in a start-of-frame segment. ITU T.81, B.2.2. @param {DataView} view */
function jpegSize(view) {
  let at = 2;
  while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return { width: 0, height: 0 };
}
