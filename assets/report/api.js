// The calls of the report.

import { call, inShop } from "../ui/net.js";

/** All cuts that the page shows. */
const CUTS = ["day", "week_hour", "channel", "intent", "product", "script", "agent", "version", "rung"];

/** `wanted`: {from, to, hours, filters}; as a query. */
export function query({ from, to, hours, filters }, more = {}) {
  const all = { from, to, ...(hours && hours !== 72 ? { hours } : {}), ...filters, ...more };
  return new URLSearchParams(Object.entries(all).filter(([, value]) => value !== null && value !== undefined && value !== ""));
}

export function reportOf(shop) {
  const root = `${inShop(shop)}/report`;
  const post = (path, body) => call(`${root}/${path}`, { method: "POST", body });
  return {
    report: (wanted, signal) => call(`${root}?${query(wanted, { by: CUTS.join() })}`, { signal }),
    episodes: (wanted, of, skip, signal) => call(`${root}/episodes?${query(wanted, { of, skip, limit: 50 })}`, { signal }),
    exclude: (id, why) => post(`episodes/${encodeURIComponent(id)}/exclude`, { why }),
    edits: (script, wanted) => call(`${root}/scripts/edits?${query({ ...wanted, filters: { ...wanted.filters, script } })}`),
    chart: (name, wanted, lang) => `${root}/charts/${name}.svg?${query(wanted, { lang })}`,
    sample: (week) => call(`${root}/sample${week ? `?${new URLSearchParams({ week })}` : ""}`),
    judge: (turn, verdict, should) => post("judge", { turn, verdict, should }),
    cases: (week) => call(`${root}/sample/cases?${new URLSearchParams({ week })}`),
    ledger: (wanted, signal, more = {}) => call(`${root}/ledger?${query(wanted, more)}`, { signal }),
    gaps: (wanted, signal) => call(`${root}/gaps?${query(wanted)}`, { signal }),
    /** The intents of the playbook: `[{id, title, means}]`. */
    intents: async () => ((await call(`${inShop(shop)}/playbook`)).files ?? []).filter((one) => one.path?.startsWith("intents/")),
  };
}
