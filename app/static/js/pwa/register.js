// @ts-check
/** Registers the service worker, and offers a new version when one waits. */
import { words } from "../ui/words.js";

export async function startWorker() {
  if (!navigator.serviceWorker) return;
  const controlled = Boolean(navigator.serviceWorker.controller);
  // After the person said "update" the new worker takes over and every tab starts anew.
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (controlled) location.reload(); });
  try {
    const registration = await navigator.serviceWorker.register("/sw.js", { type: "module", updateViaCache: "none" });
    if (registration.waiting) offer(registration.waiting);
    watch(registration.installing); // found while this page was still loading
    registration.addEventListener("updatefound", () => watch(registration.installing));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) registration.update().catch(() => undefined);
    });
  } catch {
    // Without a worker the site still works with network.
  }
}

/** @param {ServiceWorker | null} worker */
function watch(worker) {
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) offer(worker);
  });
}

/** @param {ServiceWorker} worker */
function offer(worker) {
  document.getElementById("update-toast")?.remove();
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.id = "update-toast";
  const text = document.createElement("span");
  text.textContent = words("update");
  const button = document.createElement("button");
  button.textContent = words("update_now");
  button.addEventListener("click", () => {
    button.disabled = true;
    worker.postMessage("take over");
  });
  toast.append(text, button);
  document.getElementById("toasts")?.append(toast);
}
