// Where one is: the shop, the tab, the period and the filters. The address holds all of it, so that a link can be sent on
// and "back" goes back.

import { isPeriod } from "./period.js";

/** The filters, in the order in which they are shown. */
export const FILTERS = ["channel", "intent", "product", "script", "agent", "version", "rung", "weekday", "hour"];
export const TABS = ["report", "sample", "ledger", "gaps"];
export const HOURS = [24, 48, 72, 168];

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const listeners = new Set();

/** `f(place, before)` runs whenever the place has changed. */
export const onPlace = (f) => listeners.add(f);

export let place = read();

/** What the address says; nonsense in it counts for nothing. */
function read() {
  const query = new URLSearchParams(location.search);
  const from = query.get("from");
  const to = query.get("to");
  const free = DATE.test(from ?? "") && DATE.test(to ?? "") && from <= to;
  const named = query.get("period");
  const hours = Number(query.get("hours"));
  return {
    shop: query.get("shop"),
    tab: TABS.includes(location.hash.slice(1)) ? location.hash.slice(1) : "report",
    period: free ? "free" : isPeriod(named) ? named : "7days",
    from: free ? from : null,
    to: free ? to : null,
    hours: HOURS.includes(hours) ? hours : 72,
    filters: filtersIn(query, ""),
    list: query.get("list") ? { of: query.get("list"), day: query.get("list.day"), filters: filtersIn(query, "list.") } : null,
    week: query.get("week"),
  };
}

function filtersIn(query, before) {
  return Object.fromEntries(FILTERS.map((kind) => [kind, query.get(before + kind)]).filter(([, value]) => value));
}

/** The address of a place. */
export function addressOf({ shop, tab, period, from, to, hours, filters, list, week }) {
  const query = new URLSearchParams();
  if (shop) query.set("shop", shop);
  if (period === "free") {
    query.set("from", from);
    query.set("to", to);
  } else if (period !== "7days") query.set("period", period);
  if (hours !== 72) query.set("hours", hours);
  for (const kind of FILTERS) if (filters[kind]) query.set(kind, filters[kind]);
  if (week) query.set("week", week);
  if (list) {
    query.set("list", list.of);
    if (list.day) query.set("list.day", list.day);
    for (const kind of FILTERS) if (list.filters[kind]) query.set(`list.${kind}`, list.filters[kind]);
  }
  const text = query.toString();
  return `/desk/report${text ? `?${text}` : ""}${tab === "report" ? "" : `#${tab}`}`;
}

/** Goes elsewhere. `replaces`: the place before isn't one to come back to. */
export function go(change, { replaces = false } = {}) {
  const next = { ...place, ...change };
  const address = addressOf(next);
  if (address === addressOf(place)) return;
  history[replaces ? "replaceState" : "pushState"]({ list: next.list !== null && !replaces }, "", address);
  moved(next);
}

/** One filter more, another, or (null) one less. */
export const filter = (kind, value) => {
  const filters = { ...place.filters };
  if (value === null) delete filters[kind];
  else filters[kind] = value;
  go({ filters, list: null });
};

function moved(next) {
  const before = place;
  place = next;
  for (const f of listeners) f(place, before);
}

addEventListener("popstate", () => moved(read()));
