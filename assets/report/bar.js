// The bar below the tabs: the period, and the filters that are in force or could be.

import { make } from "../ui/dom.js";
import { openDialog } from "../ui/dialog.js";
import { say } from "../ui/words.js";
import { countOf } from "./figures.js";
import { nameOf } from "./names.js";
import { count } from "./numbers.js";
import { PERIODS, later } from "./period.js";
import { FILTERS, HOURS, filter, go, place } from "./place.js";
import { state, wanted } from "./state.js";

/** Those that are chosen from a list; the weekday and the hour are chosen on the heat map. */
const CHOSEN = FILTERS.filter((kind) => !["weekday", "hour"].includes(kind));

/** `whole`: the report's own bar; the other tabs keep the filters that are set. */
export function drawBar(host, { whole }) {
  const focused = host.contains(document.activeElement) ? document.activeElement.id : null;
  host.replaceChildren(periods(whole), chips(whole));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function periods(whole) {
  const choose = (period) => go({ period, from: null, to: null, list: null });
  const button = (period) => make("button", { type: "button", id: `period-${period}`, "aria-pressed": String(place.period === period), onclick: () => choose(period) }, say(`period.${period}`));
  const { from, to } = wanted();
  const day = (id, value) => make("input", { type: "date", id, class: "input", value, "aria-label": say(id), required: true });
  const [first, last] = [day("period-from", from), day("period-to", to)];
  const form = make("form", { class: "free", "data-on": String(place.period === "free") }, first, make("span", { "aria-hidden": "true" }, "–"), last);
  const free = () => {
    if (!first.value || !last.value) return;
    const [a, b] = [first.value, last.value].sort();
    // A year at most: nobody waits for more.
    go({ period: "free", from: a < later(b, -366) ? later(b, -366) : a, to: b, list: null });
  };
  for (const field of [first, last]) field.addEventListener("change", free);
  form.addEventListener("submit", (event) => (event.preventDefault(), free()));
  return make("div", { class: "periods" }, make("div", { class: "switch", role: "group", "aria-label": say("period.label") }, PERIODS.map(button)), form, whole ? lasting() : null);
}

/** How long an answer has to last. */
function lasting() {
  const options = HOURS.map((hours) => make("option", { value: hours, selected: hours === place.hours }, say("hours.of", { n: hours })));
  const select = make("select", { id: "hours", class: "input", "aria-label": say("hours.label") }, options);
  select.addEventListener("change", () => go({ hours: Number(select.value), list: null }));
  return make("label", { class: "lasting" }, make("span", {}, say("hours.label")), select);
}

function chips(whole) {
  const on = FILTERS.filter((kind) => place.filters[kind]);
  const chip = (kind) => {
    const name = nameOf(kind, place.filters[kind]);
    return make(
      "span",
      { class: "chip", "data-filter": kind },
      make("i", {}, say(`filter.${kind}`)),
      make("b", {}, name),
      make("button", { type: "button", "aria-label": say("filter.remove", { kind: say(`filter.${kind}`), name }), onclick: () => filter(kind, null) }, "×"),
    );
  };
  const add = (kind) => make("button", { type: "button", class: "button small add", id: `add-${kind}`, "data-add": kind, onclick: () => choose(kind) }, `＋ ${say(`filter.${kind}`)}`);
  return make(
    "div",
    { class: "chips", role: "group", "aria-label": say("filter.label") },
    on.map(chip),
    whole ? CHOSEN.filter((kind) => !place.filters[kind]).map(add) : null,
    on.length > 1 ? make("button", { type: "button", class: "link", id: "clear", onclick: () => go({ filters: {}, list: null }) }, say("filter.clear")) : null,
  );
}

async function choose(kind) {
  const groups = [...(state.report?.cuts?.[kind] ?? [])].sort((a, b) => countOf(b.figures, "episodes") - countOf(a.figures, "episodes"));
  const chosen = await openDialog({ title: say("filter.by", { kind: say(`filter.${kind}`) }), id: "filter-dialog", build: (close) => choices(kind, groups, close) });
  if (chosen !== null) filter(kind, chosen);
}

function choices(kind, groups, close) {
  const find = make("input", { type: "search", class: "input", id: "filter-find", autofocus: true, placeholder: say("filter.find"), "aria-label": say("filter.find") });
  const list = make("ul", { class: "choices", id: "filter-list" });
  const draw = () => {
    const words = find.value.trim().toLowerCase();
    const found = groups.filter(({ name, title }) => `${name} ${nameOf(kind, name, title)}`.toLowerCase().includes(words));
    const item = ({ name, title, figures }) =>
      make("li", {}, make("button", { type: "button", class: "choice", "data-value": name, onclick: () => close(name) }, make("span", {}, nameOf(kind, name, title)), make("small", {}, count(countOf(figures, "episodes")))));
    list.replaceChildren(...(found.length ? found.map(item) : [make("li", { class: "empty" }, say("filter.none"))]));
  };
  find.addEventListener("input", draw);
  draw();
  return [groups.length > 7 ? find : "", list];
}
