// @ts-check
/** The intake desk by keyboard (j, k, a, r), and the map of the report that is shown. */
import { showMap } from "../report/map.js";
import { splitDesk } from "../ui/split_desk.js";

splitDesk(() => {
  const map = /** @type {HTMLElement | null} */ (document.querySelector("[data-map]"));
  if (map) showMap(map, Number(map.dataset.latitude), Number(map.dataset.longitude));
});
