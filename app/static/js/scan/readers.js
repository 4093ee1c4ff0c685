// @ts-check
/** Reads the text of a QR code out of a canvas: by the browser where it can, else by zxing-wasm. */

/**
 * @typedef {object} Reader
 * @property {"native" | "wasm"} kind
 * @property {(canvas: HTMLCanvasElement) => Promise<string | null>} read null: no code there
 * @property {() => void} close
 */

/** A reader cannot be had: neither the browser's nor the kept one. */
export class NoReader extends Error {}

/** @returns {Promise<Reader>} @throws {NoReader} */
export async function openReader() {
  return (await native()) ?? wasm();
}

/** Whether this browser needs no reader of ours. */
export const readsByItself = async () => Boolean(await native());

/** Some browsers have the class and no format, so it is asked. @returns {Promise<Reader | undefined>} */
async function native() {
  const { BarcodeDetector } = /** @type {any} */ (globalThis);
  try {
    const formats = (await BarcodeDetector?.getSupportedFormats()) ?? [];
    if (!formats.includes("qr_code")) return undefined;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    await detector.detect(blank()); // a phone may name the format and lack the service behind it
    const read = async (/** @type {HTMLCanvasElement} */ canvas) => (await detector.detect(canvas))[0]?.rawValue || null;
    return { kind: "native", read, close: () => undefined };
  } catch {
    return undefined; // the system's part is not there
  }
}

function blank() {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 16, height: 16 }).getContext("2d")?.fillRect(0, 0, 16, 16);
  return canvas;
}

/** @returns {Promise<Reader>} @throws {NoReader} */
async function wasm() {
  const worker = new Worker(new URL("decoder_worker.js", import.meta.url));
  /** @type {Map<number, (text: string | null) => void>} */
  const waiting = new Map();
  let last = 0;
  await new Promise((resolve, reject) => {
    worker.onerror = () => reject(new NoReader());
    worker.onmessage = ({ data }) => (data.failed ? reject(new NoReader(data.failed)) : resolve(undefined));
  });
  worker.onmessage = ({ data }) => {
    waiting.get(data.id)?.(data.text);
    waiting.delete(data.id);
  };
  return {
    kind: "wasm",
    close: () => worker.terminate(),
    read: (canvas) => new Promise((resolve) => {
      const { width, height } = canvas;
      const pixels = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(0, 0, width, height).data.buffer;
      last += 1;
      waiting.set(last, resolve);
      worker.postMessage({ id: last, width, height, pixels }, [pixels]);
    }),
  };
}
