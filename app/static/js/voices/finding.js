// @ts-check
/** Which station somebody means. */

/** @param {string} hash of the address, "#s=12" @returns {number | null} */
export function stationInAddress(hash) {
  const found = /^#s=(\d{1,10})$/.exec(hash);
  return found ? Number(found[1]) : null;
}

/**
 * Stations whose number begins with what was typed, then those whose name has it in any language.
 * @template {{number: string, zh: string, en: string}} T
 * @param {T[]} stations
 * @param {string} typed
 * @returns {T[]}
 */
export function matching(stations, typed) {
  const wanted = typed.trim().toLowerCase();
  const numbered = stations.filter(({ number }) => number.toLowerCase().startsWith(wanted));
  const named = stations.filter((one) => !numbered.includes(one) && `${one.zh}\n${one.en}`.toLowerCase().includes(wanted));
  return [...numbered, ...named];
}
