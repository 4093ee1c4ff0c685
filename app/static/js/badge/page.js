// @ts-check
/** The badge page: what is kept comes first, all else once that is on the screen. */
import { first, show } from "./showing.js";

const LONG_MS = 3_000;

show();
await Promise.race([first, new Promise((resolve) => setTimeout(resolve, LONG_MS))]);
const [{ startAll }] = await Promise.all([import("./later.js"), import("../app.js")]);
await startAll();
