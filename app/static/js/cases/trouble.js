// @ts-check
/** A request that failed is said; what was typed still stands in its form. */
import { element } from "../ui/dom.js";
import { words } from "../ui/words.js";

function say() {
  document.getElementById("toasts")?.append(element("p", { class: "toast" }, words("not_sent")));
}

export function startTrouble() {
  document.addEventListener("htmx:sendError", say);
  document.addEventListener("htmx:timeout", say);
  document.addEventListener("htmx:responseError", say);
}
