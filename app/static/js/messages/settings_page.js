// @ts-check
/** The page on how somebody hears of things: what concerns this phone; the rest is a plain form. */
import { startPanel } from "../push/panel.js";

startPanel().catch(() => undefined);
