// The calls that suggestions need, for a page of ours (cookie) and for a frame in another desk (bearer token).

import { call, inShop } from "../ui/net.js";

const enc = encodeURIComponent;

/** `token` goes with every call and is kept nowhere else; null: the session's cookie. */
export function suggestionsOf(shop, token = null) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const below = (path, more = {}) => call(`${inShop(shop)}${path}`, { headers, quiet: token !== null, ...more });
  return {
    suggest: (body, signal) => below("/suggest", { method: "POST", body, signal }),
    shown: (id) => below(`/suggestions/${enc(id)}/shown`, { method: "POST" }),
    used: (id, text) => below(`/suggestions/${enc(id)}/used`, { method: "POST", body: { text } }),
    scripts: (q, language, signal) => below(`/scripts?${new URLSearchParams({ q, language })}`, { signal }),
  };
}
