// @ts-check
/** This phone keeps the scanner for offline use: the service worker is told, and told again. */
import { keepPack } from "../pwa/packs.js";

const WASM = new URL("../../vendor/zxing-wasm@3.1.4/zxing_reader.wasm", import.meta.url).href;
const LOOK_AGAIN_MS = 200;
const PATIENCE_MS = 60_000;

export const keepGatePack = () => keepPack("gate");

/** Wait until all of it is kept. @returns {Promise<boolean>} false when that takes too long */
export async function gatePackIsKept() {
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_AGAIN_MS) {
    const found = await Promise.all([caches.match(WASM), caches.match("/gate", { ignoreSearch: true })]);
    if (found.every(Boolean)) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return false;
}
