// What stands on paper and nowhere else: of which shop and days the report is, and how its rates are counted.

import { make } from "../ui/dom.js";
import { say } from "../ui/words.js";
import { RATES } from "./figures.js";
import { nameOf, shopName } from "./names.js";
import { dayOf, sayDate, saySpan } from "./period.js";
import { FILTERS, place } from "./place.js";
import { zone } from "./state.js";
import { clock } from "../ui/times.js";

export function paperHead(report) {
  const filters = FILTERS.filter((kind) => place.filters[kind]).map((kind) => say("paper.filter", { kind: say(`filter.${kind}`), name: nameOf(kind, place.filters[kind]) }));
  return [
    make("h1", {}, say("paper.title", { shop: shopName() })),
    make("p", {}, saySpan(report.from, report.to), " · ", report.zone),
    filters.length ? make("p", {}, filters.join(say("paper.and"))) : null,
    make("p", {}, say("paper.made", { at: `${sayDate(dayOf(report.now, zone()))} ${clock(report.now, zone())}` })),
  ].filter(Boolean);
}

export const definitions = () =>
  make(
    "section",
    { class: "section on-paper", id: "definitions" },
    make("h2", {}, say("paper.how")),
    make("dl", {}, Object.keys(RATES).flatMap((key) => [make("dt", {}, say(`rate.${key}`)), make("dd", {}, say(`how.${key}`, { hours: place.hours }))])),
  );
