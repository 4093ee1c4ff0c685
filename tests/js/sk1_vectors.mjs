// Holds the browser's verdict to a file of vectors: node tests/js/sk1_vectors.mjs FILE
// Prints a line for each vector whose verdict differs. Exits with 0 when none does, with 1 when one
// does, with 2 when the file is not of the form that docs/protocols/badge.md describes.
import { readFile, realpath } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { fromHex } from "../../app/static/js/sk1/bytes.js";
import { Replays } from "../../app/static/js/sk1/replays.js";
import { judge } from "../../app/static/js/sk1/verdict.js";

/** The file is not of the form; the text says where. */
class NotVectors extends Error {}

const is = {
  text: (value) => typeof value === "string",
  whole: (value) => Number.isSafeInteger(value),
  hex: (value) => typeof value === "string" && /^([0-9a-f]{2})*$/i.test(value),
  list: (value, each) => Array.isArray(value) && value.every(each),
  byNumber: (value, each) => typeof value === "object" && value !== null && !Array.isArray(value)
    && Object.entries(value).every(([key, one]) => /^[0-9]+$/.test(key) && each(one)),
};

/** @param {any} vector */
function isVector({ name, text, expect, reader }) {
  return is.text(name) && is.text(text) && is.text(expect.level) && is.text(expect.reason)
    && [reader.now, reader.list_iat, reader.list_exp].every(is.whole) && is.list(reader.scopes, is.whole)
    && is.byNumber(reader.keys, (held) => is.list(held, is.hex))
    && is.byNumber(reader.status, (status) => [0, 1, 2, 3].includes(status)) && is.hex(reader.challenge ?? "");
}

/** @param {string} path */
async function load(path) {
  let vectors;
  try {
    vectors = JSON.parse(await readFile(path, "utf-8")).vectors;
  } catch (error) {
    throw new NotVectors(error.message, { cause: error });
  }
  if (!Array.isArray(vectors) || !vectors.length) throw new NotVectors('it has no list "vectors" with something in it');
  for (const [index, vector] of vectors.entries()) {
    if (!formHolds(vector)) throw new NotVectors(`vector ${index + 1} is not of the form`);
  }
  return vectors;
}

/** @param {any} vector */
function formHolds(vector) {
  try {
    return isVector(vector);
  } catch {
    return false;
  }
}

/** @param {any} known a vector's "reader" @returns {import("../../app/static/js/sk1/verdict.js").Reader} */
export function readerOf({ now, keys, scopes, list_iat: iat, list_exp: exp, status, challenge }) {
  const byNumber = (values) => Object.fromEntries(Object.entries(values).map(([key, value]) => [Number(key), value]));
  const statuses = byNumber(status);
  return {
    now_s: now, keys: byNumber(keys), scopes, list: { iat, exp, statusAt: (index) => statuses[index] ?? 0 },
    challenge: fromHex(challenge ?? ""), replays: new Replays(),
  };
}

/** @param {any} vector @returns {Promise<string | null>} what came instead of what was expected */
export async function difference({ name, text, expect, reader }) {
  const { level, reason } = await judge(text, readerOf(reader));
  if (level === expect.level && reason === expect.reason) return null;
  return `${name}: expected ${expect.level} ${expect.reason}, got ${level} ${reason}`;
}

/** @param {string} path @returns {Promise<number>} the exit status */
async function main(path) {
  const vectors = await load(path);
  const differences = (await Promise.all(vectors.map(difference))).filter((one) => one !== null);
  for (const line of differences) console.log(line.replace(/\p{C}/gu, (one) => JSON.stringify(one).slice(1, -1)));
  console.error(`${vectors.length} vectors, ${differences.length} failed`);
  return differences.length ? 1 : 0;
}

if (process.argv[1] && (await realpath(process.argv[1])) === fileURLToPath(import.meta.url)) {
  const [path, ...more] = process.argv.slice(2);
  const complain = (text) => {
    console.error(text);
    return 2;
  };
  process.exitCode = !path || more.length
    ? complain("usage: node tests/js/sk1_vectors.mjs FILE")
    : await main(path).catch((error) => {
      if (error instanceof NotVectors) return complain(`${path} is no file of vectors: ${error.message}`);
      throw error;
    });
}
