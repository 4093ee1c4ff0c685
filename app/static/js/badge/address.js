// @ts-check
/** The badge page's address: a gate's printed code leads to /badge?gate=CODE. */

const CODE = /^[\w-]{1,40}$/;

/** The gate's code in this page's address, if one brought us here. @returns {string | null} */
export function codeInAddress() {
  const code = new URLSearchParams(location.search).get("gate");
  return code && CODE.test(code) ? code : null;
}

/** Whether a gate's code has opened the page. */
export const isAtGate = () => codeInAddress() !== null;
