// @ts-check
/**
 * Where a photo says it was taken: the GPS part of a JPEG's Exif (JEITA CP-3451, 4.5 and 4.6.6).
 * Making it smaller drops that, so it is read before. Bytes may be anything: what does not fit is
 * no place.
 */

/** @typedef {{latitude: number, longitude: number}} Place in WGS-84 degrees */

const APP1 = 0xe1, START_OF_SCAN = 0xda;
const GPS_POINTER = 0x8825;
const LATITUDE_REF = 1, LATITUDE = 2, LONGITUDE_REF = 3, LONGITUDE = 4;
const ASCII = 2, LONG = 4, RATIONAL = 5;
const MOST_SEGMENTS = 64, MOST_ENTRIES = 256;

/** @param {Blob} file @returns {Promise<Place | null>} */
export async function placeOfFile(file) {
  return placeOf(new Uint8Array(await file.slice(0, 262_144).arrayBuffer()));
}

/** @param {Uint8Array} bytes the beginning of a file @returns {Place | null} */
export function placeOf(bytes) {
  try {
    const tiff = findTiff(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return tiff && placeIn(tiff);
  } catch (error) {
    if (error instanceof RangeError) return null; // it points past its end
    throw error;
  }
}

/** The Exif segment past its name. ITU T.81, B.1.1.4. @param {DataView} view @returns {DataView | null} */
function findTiff(view) {
  if (view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  for (let segment = 0; segment < MOST_SEGMENTS && view.getUint8(at) === 0xff; segment++) {
    const marker = view.getUint8(at + 1), length = view.getUint16(at + 2);
    if (marker === START_OF_SCAN || length < 2) return null;
    const isExif = marker === APP1 && length >= 16 && view.getUint32(at + 4) === 0x45786966 && view.getUint16(at + 8) === 0;
    if (isExif) return new DataView(view.buffer, view.byteOffset + at + 10, length - 8);
    at += 2 + length;
  }
  return null;
}

/** @param {DataView} tiff @returns {Place | null} */
function placeIn(tiff) {
  const order = tiff.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return null;
  const little = order === 0x4949;
  if (tiff.getUint16(2, little) !== 42) return null;
  const pointer = entries(tiff, tiff.getUint32(4, little), little).get(GPS_POINTER);
  if (!pointer || pointer.type !== LONG) return null;
  const gps = entries(tiff, tiff.getUint32(pointer.at, little), little);
  const latitude = degrees(tiff, gps.get(LATITUDE), gps.get(LATITUDE_REF), "NS", little);
  const longitude = degrees(tiff, gps.get(LONGITUDE), gps.get(LONGITUDE_REF), "EW", little);
  const fits = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180; // false for NaN
  // Cameras without a fix write zeros.
  return fits && (latitude !== 0 || longitude !== 0) ? { latitude, longitude } : null;
}

/** @typedef {{type: number, count: number, at: number}} Entry `at` is where its value field begins */

/** The entries of a directory by tag. @param {DataView} tiff @param {number} start @param {boolean} little @returns {Map<number, Entry>} */
function entries(tiff, start, little) {
  const count = Math.min(tiff.getUint16(start, little), MOST_ENTRIES);
  /** @type {Map<number, Entry>} */
  const found = new Map();
  for (let index = 0; index < count; index++) {
    const at = start + 2 + index * 12;
    found.set(tiff.getUint16(at, little), {
      type: tiff.getUint16(at + 2, little), count: tiff.getUint32(at + 4, little), at: at + 8,
    });
  }
  return found;
}

/**
 * Degrees, minutes and seconds as one number; NaN when they are not told.
 * @param {DataView} tiff @param {Entry | undefined} value @param {Entry | undefined} side
 * @param {string} sides that of plus, then that of minus @param {boolean} little
 */
function degrees(tiff, value, side, sides, little) {
  if (value?.type !== RATIONAL || value.count !== 3 || side?.type !== ASCII) return NaN;
  const sign = [1, -1][sides.indexOf(String.fromCharCode(tiff.getUint8(side.at)))];
  const start = tiff.getUint32(value.at, little);
  const [whole, minutes, seconds] = [0, 8, 16].map((step) => tiff.getUint32(start + step, little) / tiff.getUint32(start + step + 4, little));
  return sign * (whole + minutes / 60 + seconds / 3600);
}
