// @ts-check
/**
 * Reads QR codes with zxing-wasm, off the page's thread. A classic worker: the library comes by
 * importScripts. Its own answer's policy is the one that allows WebAssembly (app/security.py).
 *
 * In: {id, width, height, pixels: ArrayBuffer of RGBA}. Out: {ready: true} once, then
 * {id, text: string | null} for each; {failed: message} when the library cannot be had.
 */
const scope = /** @type {any} */ (globalThis);
const FOLDER = "../../vendor/zxing-wasm@3.1.4/";
const OPTIONS = { formats: ["QRCode"], tryHarder: true, tryInvert: true, maxNumberOfSymbols: 1, textMode: "Plain" };

scope.importScripts(`${FOLDER}index.js`);
const library = scope.ZXingWASM;

library.prepareZXingModule({
  overrides: { locateFile: (/** @type {string} */ name) => new URL(FOLDER + name, scope.location.href).href },
  fireImmediately: true,
}).then(
  () => scope.postMessage({ ready: true }),
  (/** @type {unknown} */ error) => scope.postMessage({ failed: String(error) }),
);

scope.addEventListener("message", async (/** @type {MessageEvent} */ { data }) => {
  const image = new ImageData(new Uint8ClampedArray(data.pixels), data.width, data.height);
  let text = null;
  try {
    const [found] = await library.readBarcodes(image, OPTIONS);
    text = found?.text || null;
  } catch {
    // A picture that the library chokes on holds no code.
  }
  scope.postMessage({ id: data.id, text });
});
