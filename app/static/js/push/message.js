// @ts-check
/** What a push says, read so that something can be shown whatever arrives. */

/**
 * @typedef {object} Pushed
 * @property {string} title
 * @property {string} body
 * @property {string} tag
 * @property {string} lang
 * @property {{action: string, title: string}[]} actions
 * @property {number | null} id of the message; a digest has none
 * @property {string} url a path of the site
 * @property {string | null} topic what the button for silence silences
 * @property {number | null} unread how many of the person's are
 */

export const CENTRE = "/messages";
/** For a push that cannot be read, in the phone's language: there is no page to take words from. */
const WORDS = {
  zh_Hans: { title: "星骑士", body: "你有新消息，点开看看。", lang: "zh-Hans" },
  en: { title: "Star Knight", body: "You have a new message. Tap to read it.", lang: "en" },
};

/** @param {unknown} locale as the phone remembers it @returns {Pushed} */
export function unreadable(locale) {
  const words = locale === "en" ? WORDS.en : WORDS.zh_Hans;
  return { ...words, tag: "news", actions: [], id: null, url: CENTRE, topic: null, unread: null };
}

/**
 * A declarative message, whether the browser has read it for us (then the event has a
 * `notification`, and no data) or hands over its bytes.
 * @param {{data?: {json(): any} | null, notification?: any, appBadge?: number | null}} event
 * @returns {Pushed | null} null when there is nothing to show of it
 */
export function readPush(event) {
  if (event.notification) return pushed(event.notification, event.appBadge);
  try {
    const said = event.data?.json();
    return pushed(said?.notification, said?.app_badge);
  } catch {
    return null;
  }
}

/** @param {any} said @param {unknown} unread @returns {Pushed | null} */
function pushed(said, unread) {
  if (typeof said?.title !== "string" || !said.title) return null;
  return {
    title: said.title, body: text(said.body), tag: text(said.tag), lang: text(said.lang),
    actions: actions(said.actions), ...detailsOf(said.data),
    unread: typeof unread === "number" ? unread : null,
  };
}

/** What a notification carries for the tap on it. @param {any} data */
export function detailsOf(data) {
  return {
    id: Number.isSafeInteger(data?.id) ? data.id : null,
    url: pathOf(data?.url),
    topic: text(data?.topic) || null,
  };
}

/** Only within the site. @param {unknown} url */
function pathOf(url) {
  return typeof url === "string" && /^\/(?![/\\])/.test(url) ? url : CENTRE;
}

/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value : "");

/** @param {unknown} list */
function actions(list) {
  const found = Array.isArray(list) ? list.filter((one) => text(one?.action) && text(one?.title)) : [];
  return found.map(({ action, title }) => ({ action, title }));
}
