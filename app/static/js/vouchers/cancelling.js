// @ts-check
/** Giving a voucher back, with network: the points come back at once. */
import { call, QUICK_MS } from "../outbox/calls.js";
import { byId } from "../ui/dom.js";
import { words } from "../ui/words.js";
import { named } from "./words.js";

/** @typedef {import("./kept.js").Voucher} Voucher */

/** @param {Voucher} voucher */
function ask({ reward, cost }) {
  const dialog = byId("cancel", HTMLDialogElement);
  byId("cancel-text").textContent = words("cancel_text", { name: named(reward), points: cost });
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "cancel"), { once: true });
  });
}

/** @param {Voucher} voucher @returns {Promise<string>} what came of it, in words; "" when it was not asked for */
async function cancel(voucher) {
  if (!(await ask(voucher))) return "";
  const { status, json } = await call(`/vouchers/${voucher.id}/cancel`, { method: "POST", timeoutMs: QUICK_MS });
  if (status === 200) return words("cancelled", { points: voucher.cost });
  if (status === 0) return words("cancel_offline");
  return json?.error?.message ?? words("cancel_busy");
}

/** @param {() => Voucher | undefined} shown @param {() => Promise<void>} renew */
export function startCancelling(shown, renew) {
  const button = byId("cancel-open", HTMLButtonElement);
  button.addEventListener("click", async () => {
    const voucher = shown();
    if (!voucher) return;
    button.disabled = true;
    byId("one-said").textContent = await cancel(voucher);
    await renew();
    button.disabled = false;
  });
}
