// @ts-check
/** Claiming a task: only with network, since the places are few. */
import { isOurs } from "../outbox/answers.js";
import { call, QUICK_MS } from "../outbox/calls.js";
import { fix } from "../ui/here.js";
import { words } from "../ui/words.js";

/**
 * Claim it. Asked twice it is one claim.
 * @param {Record<string, any>} task
 * @returns {Promise<string>} why not, in words; "" when it is claimed
 */
export async function claim(task) {
  const here = task.distance_m === null ? null : await fix();
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(here ?? {})) said.set(name, String(value));
  const heard = await call(`/tasks/${task.id}/claim`, {
    method: "POST", body: said.toString(), type: "application/x-www-form-urlencoded", timeoutMs: QUICK_MS,
  });
  if (heard.status === 200 && heard.json?.claimed === task.id) return "";
  if (heard.status === 401 && isOurs(heard)) return words("claim_signed_out");
  if (isOurs(heard)) return [heard.json.error.message, ...Object.values(heard.json.error.errors ?? {}).flat()].join(" ");
  return words(heard.status === 0 || heard.redirected || heard.status < 400 ? "claim_offline" : "claim_trouble");
}
