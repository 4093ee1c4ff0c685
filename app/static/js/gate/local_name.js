// @ts-check
/** A thing's name in the page's language. @param {{zh: string, en: string}} name */
export const localName = (name) => (document.documentElement.dataset.locale === "en" ? name.en : name.zh);
