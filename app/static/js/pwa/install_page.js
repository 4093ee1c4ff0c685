// @ts-check
/** The page on installing: one tap on Android, pictures on iPhone. */
import { byId } from "../ui/dom.js";
import { install, isInstalled, onOffer } from "./install.js";

const button = byId("install-now", HTMLButtonElement);
const isApple = /iPhone|iPad/.test(navigator.userAgent);
const isAndroid = /Android/.test(navigator.userAgent);

byId("installed").hidden = !isInstalled();
byId("android").hidden = isApple;
byId("iphone").hidden = isAndroid;

onOffer(() => {
  button.hidden = false;
  byId("android-how").hidden = true;
});
button.addEventListener("click", async () => {
  const agreed = await install();
  button.hidden = agreed;
  byId("installed").hidden = !agreed;
});
