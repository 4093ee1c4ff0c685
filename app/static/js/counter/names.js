// @ts-check
/** Names in the page's language, and times as they are read in Suzhou. */

/** @param {{zh: string, en: string}} name */
export const localName = (name) => (document.documentElement.dataset.locale === "en" ? name.en : name.zh);

const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false });

/** Hours and minutes. @param {number} ms */
export const timeOf = (ms) => clock.format(ms);
