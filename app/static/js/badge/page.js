// @ts-check
/** The badge page: what is kept comes first, all else once that is on the screen. */
import { first, show } from "./showing.js";

show();
await first;
const { startAll } = await import("./later.js");
await startAll();
