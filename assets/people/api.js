// The calls about a shop's people.

import { call, inShop } from "../ui/net.js";

/** People of one shop. Links are relative and work once. */
export function peopleOf(shop) {
  const root = `${inShop(shop)}/people`;
  const of = (id) => `${root}/${encodeURIComponent(id)}`;
  return {
    all: async () => (await call(root)).people,
    add: async (person) => (await call(root, { method: "POST", body: person })).link,
    reset: async (id) => (await call(`${of(id)}/reset`, { method: "POST" })).link,
    change: (id, what) => call(of(id), { method: "POST", body: what }),
    remove: (id) => call(of(id), { method: "DELETE" }),
  };
}
