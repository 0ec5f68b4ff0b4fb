// What all parts of the page see: who is here, of which shop, and what the service said last.

import { dayOf, daysOf } from "./period.js";
import { place } from "./place.js";

export const state = { me: null, shop: null, api: null, report: null };

const zones = new Map();

/** The shop's zone, once the service has named it; the browser's until then. */
export const zone = () => zones.get(state.shop?.id) ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Answers whether it is another than was thought. */
export function learnZone(shop, named) {
  const was = zone();
  if (named) zones.set(shop, named);
  return zone() !== was;
}

/** What the calls are asked for: {from, to, hours, filters}. */
export function wanted() {
  const { period, from, to, hours, filters } = place;
  return { ...(period === "free" ? { from, to } : daysOf(period, dayOf(Date.now(), zone()))), hours, filters };
}
