// @ts-check
/** The browser's own offer to install, kept until the person asks for it. */

/** @type {any} */
let offered;

/** Whether the app runs from the home screen. */
export function isInstalled() {
  return matchMedia("(display-mode: standalone)").matches || /** @type {any} */ (navigator).standalone === true;
}

/** @param {() => void} listener called when the browser allows to install */
export function onOffer(listener) {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offered = event;
    listener();
  });
}

/** Ask the person. @returns {Promise<boolean>} whether they agreed */
export async function install() {
  if (!offered) return false;
  offered.prompt();
  const { outcome } = await offered.userChoice;
  offered = undefined;
  return outcome === "accepted";
}
