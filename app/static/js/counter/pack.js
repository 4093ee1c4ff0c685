// @ts-check
/** This device keeps the counter and the decoder for offline use. */
import { keepPack } from "../pwa/packs.js";

export async function keepCounterPacks() {
  for (const name of ["decoder", "counter"]) await keepPack(name);
}
