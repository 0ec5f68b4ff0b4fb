// Tables that are sorted by a click on a column's head, and saved as CSV.

import { make } from "../ui/dom.js";
import { language, say } from "../ui/words.js";
import { countOf, number, rateCell, rateOf } from "./figures.js";
import { save } from "./csv.js";
import { duration } from "./numbers.js";
import { place } from "./place.js";
import { why } from "./why.js";

const SHORT = 12;
/** What was chosen in each table: kept when the figures are drawn anew. */
const chosen = new Map();

/** Columns over rows of `{name, figures, within}`. `plain`: what a sort and a file take; a rate has three cells in a file. */
export const text = (key, of, cell = of) => ({ key, name: say(`col.${key}`), rank: of, cell, heads: [say(`col.${key}`)], plain: (row) => [of(row)], isText: true });

export const counted = (key) => ({
  key,
  name: say(`count.${key}`),
  how: key,
  rank: (row) => countOf(row.figures, key),
  cell: (row) => number(key, countOf(row.figures, key), row.within),
  heads: [say(`count.${key}`)],
  plain: (row) => [countOf(row.figures, key)],
});

export const rated = (key, name = say(`rate.${key}`)) => ({
  key,
  name,
  how: key,
  rank: (row) => rateOf(row.figures, key).share ?? -1,
  cell: (row) => rateCell(row.figures, key, row.within),
  heads: [name, say("csv.of", { name }), say("csv.all", { name })],
  plain: (row) => {
    const { share, numerator, denominator } = rateOf(row.figures, key);
    return [share === null ? "" : Math.round(share * 10_000) / 10_000, numerator, denominator];
  },
});

export const timed = (key, part) => ({
  key: `${key}.${part}`,
  name: say(`col.${key}.${part}`),
  how: `times.${key}`,
  rank: (row) => row.figures.times?.[key]?.[part] ?? -1,
  cell: (row) => duration(row.figures.times?.[key]?.[part]),
  heads: [say("csv.seconds", { name: say(`col.${key}.${part}`) })],
  plain: (row) => [row.figures.times?.[key] ? row.figures.times[key][part] / 1000 : ""],
});

/** `{id, title, columns, rows, by}`: sorted by the column `by`, downwards, at first. `keeps`: the order of the rows is theirs. */
export function table({ id, title, columns, rows, by = null, short = SHORT }) {
  const host = make("div", { class: "table", id: `table-${id}` });
  const choice = chosen.get(id) ?? { by, down: true, all: false };
  chosen.set(id, choice);
  const draw = () => {
    const sorted = choice.by ? order(rows, columns.find((one) => one.key === choice.by) ?? columns[0], choice.down) : rows;
    const shown = choice.all ? sorted : sorted.slice(0, short);
    host.replaceChildren(
      make(
        "div",
        { class: "table-scroll", tabindex: 0, role: "region", "aria-label": title },
        make(
          "table",
          {},
          make("caption", { class: "unseen" }, title),
          make("thead", {}, make("tr", {}, columns.map((column) => head(column, choice, draw)))),
          make("tbody", {}, shown.map((row) => make("tr", { "data-name": row.name }, columns.map((column, at) => make(at ? "td" : "th", { scope: at ? null : "row", class: column.isText ? "words" : "amount" }, column.cell(row)))))),
        ),
      ),
      make(
        "p",
        { class: "table-foot" },
        sorted.length > short ? make("button", { type: "button", class: "link", onclick: () => ((choice.all = !choice.all), draw()) }, say(choice.all ? "table.less" : "table.all", { n: sorted.length })) : null,
        make("button", { type: "button", class: "link csv", onclick: () => download(id, columns, sorted) }, say("table.csv"), make("span", { class: "unseen" }, ` ${title}`)),
      ),
    );
  };
  draw();
  return host;
}

function head(column, choice, draw) {
  const on = choice.by === column.key;
  const sort = () => {
    choice.down = on ? !choice.down : !column.isText;
    choice.by = column.key;
    draw();
    document.querySelector(`[data-sort="${CSS.escape(column.key)}"][aria-pressed="true"]`)?.focus({ preventScroll: true });
  };
  return make(
    "th",
    { scope: "col", class: column.isText ? "words" : "amount", "aria-sort": on ? (choice.down ? "descending" : "ascending") : null },
    make("button", { type: "button", class: "sort", "data-sort": column.key, "aria-pressed": String(on), onclick: sort }, column.name, make("span", { class: "arrow", "aria-hidden": "true" }, on ? (choice.down ? "▾" : "▴") : "")),
    column.how ? why(column.how) : null,
  );
}

function order(rows, column, down) {
  const compare = column.isText
    ? (a, b) => String(column.rank(a)).localeCompare(String(column.rank(b)), language() === "zh" ? "zh-CN" : "en")
    : (a, b) => column.rank(a) - column.rank(b);
  return [...rows].sort((a, b) => (down ? compare(b, a) : compare(a, b)));
}

function download(id, columns, rows) {
  const { shop, from, to } = { ...place, ...days };
  save(`${shop ?? "shop"}-${id}-${from}-${to}`, [columns.flatMap((column) => column.heads), ...rows.map((row) => columns.flatMap((column) => column.plain(row)))]);
}

let days = {};

/** The days that the figures are of, for the names of files. */
export const setDays = (from, to) => (days = { from, to });
