// @ts-check
/**
 * What was worked out lately, kept up to a number of entries; the one used longest ago goes first.
 * @template Value
 */
export class Recent {
  /** @param {number} most */
  constructor(most) {
    this.most = most;
    /** @type {Map<string, Value>} in the order of use */
    this.kept = new Map();
  }

  /** @param {string} key @param {() => Value} make @returns {Value} */
  get(key, make) {
    const known = this.kept.get(key);
    const value = known === undefined ? make() : known;
    this.kept.delete(key);
    this.kept.set(key, value);
    if (this.kept.size > this.most) this.kept.delete(/** @type {string} */ (this.kept.keys().next().value));
    return value;
  }
}
