// @ts-check
/** The centre's time, by this phone's clock and what is known of the difference. */
import { fact } from "../outbox/database.js";

let offset_ms = 0;

/**
 * Read again what is known: whoever heard from the centre has written it down.
 * @returns {Promise<number | null>} who is signed in on this phone
 */
export async function readSession() {
  const session = await fact("session");
  offset_ms = session?.offset ?? 0;
  return session?.user ?? null;
}

/** Ms since 1970. */
export const nowMs = () => Date.now() + offset_ms;

/** Seconds since 1970, whole. */
export const nowS = () => Math.floor(nowMs() / 1000);

/** @type {Intl.DateTimeFormat | undefined} made when it is first needed: that takes some milliseconds */
let format;

/** Hours, minutes and seconds as they are read in Suzhou. */
export function clockText() {
  format ??= new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
  });
  return format.format(nowMs());
}
