// @ts-check
/** Everything of one person that waits, as a ZIP that a dispatcher can import with the same keys. */
import { downloadZip } from "../../vendor/client-zip@2.5.1/index.js";
import { itemsOf, photoOf } from "./items.js";

const ENDINGS = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic" };

/** @param {number} user @returns {Promise<Blob>} */
export async function exportZip(user) {
  const items = await itemsOf(user);
  const wire = items.map(({ key, kind, schema, fields, photos, captured_at, server_offset }) => (
    { key, kind, schema, fields, photos, captured_at, server_offset }
  ));
  const manifest = JSON.stringify({ format: "starknight-outbox", version: 1, owner: user, items: wire }, null, 1);
  /** @type {Map<string, {name: string, input: ArrayBuffer}>} */
  const photos = new Map();
  for (const item of items) {
    for (const sha256 of item.photos) {
      const photo = await photoOf(item, sha256);
      if (photo) photos.set(sha256, { name: `photos/${sha256}.${endingOf(photo.mime)}`, input: photo.bytes });
    }
  }
  return downloadZip([{ name: "manifest.json", input: manifest }, ...photos.values()]).blob();
}

/** @param {string} mime */
function endingOf(mime) {
  return /** @type {Record<string, string>} */ (ENDINGS)[mime] ?? "jpg";
}

/** Hand the export to the phone's downloads. @param {number} user */
export async function downloadExport(user) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await exportZip(user));
  link.download = `starknight-${new Date().toISOString().slice(0, 16).replace(/\D/g, "")}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
