// A fix that a page proposes goes to the playbook's page: there it is made in the draft, looked at, tried and published.

const KEPT = "xiaoer.amend";
const MARK = "#amend";

/**
 * Goes to the playbook of a shop with amendments, as `POST /playbook/amend` takes them. `text`: what a customer wrote, for
 * the test box, one message a line; `back`: where to go when it is published, null: nowhere. Answers false where the
 * browser keeps nothing.
 */
export function amend(shop, amendments, { text = null, back = location.pathname + location.search + location.hash } = {}) {
  return keep({ shop, amendments, text, back });
}

function keep(handed) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(handed));
  } catch {
    return false;
  }
  location.assign(`/playbook${MARK}`);
  return true;
}

/**
 * Goes to the playbook of a shop to look: at what a customer wrote in the test box (`text`), at a file (`path`, if it is
 * there). Answers false where the browser keeps nothing.
 */
export const lookAt = (shop, { text = null, path = null }) => keep({ shop, amendments: [], text, path, back: null });

/** What was handed over: `{shop, amendments, text, path, back}`, or null. It is handed over once. */
export function handedOver() {
  if (location.hash !== MARK) return null;
  history.replaceState(null, "", location.pathname + location.search);
  try {
    const handed = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
    return Array.isArray(handed?.amendments) && (handed.amendments.length || handed.text || handed.path) ? { ...handed, back: ours(handed.back) } : null;
  } catch {
    return null;
  }
}

/** An address of this service, or null. */
function ours(address) {
  const url = address ? new URL(address, location.origin) : null;
  return url?.origin === location.origin ? url.pathname + url.search + url.hash : null;
}
