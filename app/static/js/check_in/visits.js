// @ts-check
/** A rider's own visits: the recent ones ask how it was. */
import { startRatings } from "../voices/rating.js";

startRatings().catch(() => undefined);
