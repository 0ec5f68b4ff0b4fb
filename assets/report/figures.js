// Figures: counts, rates and times as a person reads them. Every number is a button that opens what it counts.

import { make } from "../ui/dom.js";
import { say } from "../ui/words.js";
import { count, duration, interval, percent } from "./numbers.js";
import { openList } from "./episodes.js";
import { why } from "./why.js";

/** Each rate: what is over what. Groups leave out what is 0, so it is said here too. */
export const RATES = {
  durable: ["durable", "old"],
  durable_same: ["durable_same", "old"],
  involved: ["involved", "episodes"],
  contained: ["contained", "settled"],
  confirmed: ["confirmed", "settled"],
  reply: ["turns_answered", "turns_needing_answer"],
  hand_off: ["handed_off", "episodes"],
  left: ["left", "handed_off"],
  bad_hand_off: ["bad_hand_off", "handed_off"],
  repeated: ["repeated", "involved"],
  right: ["right", "judged"],
  acceptance: ["sets_used", "sets_shown"],
  unchanged: ["sets_unchanged", "sets_used"],
  human_20s: ["human_within_20s", "human_waits"],
  human_180s: ["human_within_180s", "human_waits"],
  bot_20s: ["bot_within_20s", "bot_waits"],
  bot_180s: ["bot_within_180s", "bot_waits"],
  faults: ["faults", "episodes"],
  promises_kept: ["promises_kept", "promises_made"],
  rated_low: ["rated_low", "rated"],
};

export const countOf = (figures, key) => figures?.counts?.[key] ?? 0;

/** A rate with its numerator and denominator, whether it was left out or not. */
export function rateOf(figures, key) {
  const [of, all] = RATES[key];
  const numerator = countOf(figures, of);
  const denominator = countOf(figures, all);
  const told = figures?.rates?.[key];
  return { share: denominator ? numerator / denominator : null, ...told, numerator, denominator, of, all };
}

/** A number that opens the episodes it counts. `within`: {filters, day}, of a row of a table. */
export function number(key, n, within = {}) {
  if (!n) return make("span", { class: "number none" }, count(n));
  const label = say("number.label", { n: count(n), what: say(`count.${key}`) });
  return make("button", { type: "button", class: "number", "aria-label": label, "data-count": key, title: label, onclick: () => openList(key, within) }, count(n));
}

/** `40 / 90`, both numbers open. */
export const fraction = ({ numerator, denominator, of, all }, within) =>
  make("span", { class: "fraction" }, number(of, numerator, within), make("span", { class: "over" }, "/"), number(all, denominator, within));

/** `44% 40 / 90`, as a cell of a table. */
export function rateCell(figures, key, within) {
  const rate = rateOf(figures, key);
  if (!rate.denominator) return make("span", { class: "rate" }, make("b", { class: "none" }, "–"));
  const range = interval(rate);
  return make(
    "span",
    { class: "rate" },
    make("b", {}, percent(rate.share, rate.denominator)),
    fraction(rate, within),
    range ? make("small", { class: "range" }, range) : null,
  );
}

/** A card's figure: name, explanation, value, numerator over denominator, interval. */
export function rateFigure(figures, key, { big = false } = {}) {
  const rate = rateOf(figures, key);
  const range = interval(rate);
  return make(
    "div",
    { class: big ? "figure big" : "figure", "data-rate": key },
    make("p", { class: "figure-name" }, say(`rate.${key}`), why(key)),
    make("p", { class: "figure-value" }, percent(rate.share, rate.denominator)),
    make("p", { class: "figure-of" }, fraction(rate), range ? make("small", { class: "range" }, say("range", { range })) : null),
  );
}

/** A card's count. */
export const countFigure = (figures, key) =>
  make("div", { class: "figure", "data-figure": key }, make("p", { class: "figure-name" }, say(`count.${key}`)), make("p", { class: "figure-value" }, number(key, countOf(figures, key))));

/** Mean, median and the slow tenth of a time. */
export function timeFigure(name, times) {
  const part = (key) => make("span", {}, make("i", {}, say(`time.${key}`)), make("b", {}, duration(times?.[key])));
  return make(
    "div",
    { class: "figure", "data-time": name },
    make("p", { class: "figure-name" }, say(`times.${name}`), why(`times.${name}`)),
    make("p", { class: "figure-value" }, duration(times?.p50)),
    make("p", { class: "figure-parts" }, part("mean"), part("p90"), part("p99")),
  );
}
