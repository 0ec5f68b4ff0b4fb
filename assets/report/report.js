// The report's tab: the sections, in the order in which a manager asks.

import { make } from "../ui/dom.js";
import { language, say } from "../ui/words.js";
import { chart, charted } from "./chart.js";
import { countOf, number } from "./figures.js";
import { glance } from "./glance.js";
import { nameOf } from "./names.js";
import { percent } from "./numbers.js";
import { sayDay, sayWeekday, saySpan } from "./period.js";
import { filter, go, place } from "./place.js";
import { showEdits } from "./edits.js";
import { counted, rated, table, text, timed } from "./table.js";
import { definitions } from "./paper.js";

/** `report`: what the service said; `api`, `wanted`: for the charts. */
export function reportTab({ report, api, wanted }) {
  const { figures } = report;
  const excluded = ["spam", "test", "agent_began"].reduce((sum, why) => sum + countOf(figures, `excluded_${why}`), 0);
  if (!countOf(figures, "episodes") && !excluded) return empty(report);
  const address = charted(api, wanted);
  const span = saySpan(report.from, report.to);
  const picture = (name, more) => chart({ name, address, span, ...more });
  const rows = (kind) => (report.cuts[kind] ?? []).map(({ name, title, figures: own }) => ({ name, title: nameOf(kind, name, title), figures: own, within: within(kind, name) }));
  const bars = (kind, key) => rows(kind).filter((row) => countOf(row.figures, key) > 0).length;
  return [
    countOf(figures, "episodes") ? null : make("p", { class: "hint lead" }, say("all.excluded", { n: number(excluded) })),
    section("glance", glance(report)),
    section("trends", picture("trend", { behind: days(rows("day")) }), make("div", { class: "pair" }, picture("volume", { half: true }), picture("response", { half: true }))),
    section("heat", picture("heat", { behind: hours(rows("week_hour")) }), picture("heat_waits")),
    section("intents", picture("intents", { bars: bars("intent", "turns_needing_answer") }), intents(rows("intent"))),
    section("products", products(rows("product"))),
    section("scripts", scripts(rows("script"), wanted)),
    section("agents", picture("agents", { bars: bars("agent", "replies") }), agents(rows("agent"))),
    section("versions", make("div", { class: "pair" }, versions(rows("version")), channels(rows("channel")))),
    definitions(),
  ];
}

const section = (id, ...children) => make("section", { class: "section", id: `section-${id}`, "aria-labelledby": `title-${id}` }, make("h2", { id: `title-${id}` }, say(`section.${id}`)), known(id), children);
const known = (id) => (say(`lead.${id}`) === `lead.${id}` ? null : make("p", { class: "hint lead" }, say(`lead.${id}`)));

function within(kind, name) {
  if (kind === "day") return { day: name };
  if (kind !== "week_hour") return { filters: { [kind]: name } };
  const [weekday, hour] = name.split("-");
  return { filters: { weekday, hour: String(Number(hour)) } };
}

/** A row's name; a press narrows the whole page to it. */
const named = (kind) =>
  text(kind, (row) => row.title, (row) =>
    place.filters[kind] === row.name
      ? make("span", {}, row.title)
      : make("button", { type: "button", class: "narrow", "data-narrow": kind, title: say("filter.only", { name: row.title }), onclick: () => filter(kind, row.name) }, row.title),
  );

const days = (rows) =>
  table({
    id: "days",
    title: say("section.trends"),
    rows,
    by: null,
    short: 100,
    columns: [{ ...text("day", (row) => row.name, (row) => sayDay(row.name, { weekday: true })) }, counted("episodes"), rated("durable"), counted("pending"), rated("contained"), rated("reply"), rated("hand_off"), timed("bot", "p50"), timed("human", "p50")],
  });

const hours = (rows) =>
  table({
    id: "hours",
    title: say("section.heat"),
    rows,
    by: null,
    short: 24,
    columns: [
      text("hour", (row) => row.name, (row) => make("button", { type: "button", class: "narrow", onclick: () => go({ filters: { ...place.filters, ...row.within.filters }, list: null }) }, `${sayWeekday(row.name[0])} ${row.name.slice(2)}:00`)),
      counted("episodes"),
      rated("human_20s"),
      rated("bot_20s"),
      rated("hand_off"),
    ],
  });

const intents = (rows) => or(rows, () => table({ id: "intents", title: say("section.intents"), rows, by: "episodes", columns: [named("intent"), counted("episodes"), rated("reply", say("col.answered")), rated("repeated"), rated("durable"), rated("hand_off")] }));

const products = (rows) => or(rows, () => table({ id: "products", title: say("section.products"), rows, by: "faults", columns: [named("product"), counted("episodes"), rated("faults"), rated("hand_off"), rated("rated_low")] }));

function scripts(rows, wanted) {
  const used = (row) => countOf(row.figures, "sets_used");
  const edits = (row) => (used(row) > countOf(row.figures, "sets_unchanged") ? make("button", { type: "button", class: "button small", "data-edits": row.name, onclick: () => showEdits(row, wanted) }, say("edits.open")) : "–");
  const share = { key: "edit_share", name: say("edit_share"), how: "edit_share", rank: (row) => row.figures.edit_share ?? -1, cell: (row) => percent(row.figures.edit_share ?? null), heads: [say("edit_share")], plain: (row) => [row.figures.edit_share ?? ""] };
  const by = { key: "turns_answered", name: say("col.by_bot"), how: "turns_answered", rank: (row) => countOf(row.figures, "turns_answered"), cell: (row) => number("turns_answered", countOf(row.figures, "turns_answered"), row.within), heads: [say("col.by_bot")], plain: (row) => [countOf(row.figures, "turns_answered")] };
  const open = { key: "edits", name: say("col.edits"), rank: (row) => used(row) - countOf(row.figures, "sets_unchanged"), cell: edits, heads: [say("col.edits.n")], plain: (row) => [used(row) - countOf(row.figures, "sets_unchanged")] };
  return or(rows, () => table({ id: "scripts", title: say("section.scripts"), rows, by: "sets_used", columns: [named("script"), by, { ...counted("sets_used"), name: say("col.by_people") }, rated("unchanged"), share, open, rated("durable")] }));
}

const agents = (rows) =>
  or(rows, () =>
    table({
      id: "agents",
      title: say("section.agents"),
      rows,
      by: "replies",
      columns: [named("agent"), counted("episodes"), counted("replies"), timed("human_first", "p50"), timed("human", "mean"), rated("human_20s"), rated("human_180s"), rated("acceptance"), rated("unchanged"), counted("replies_passive"), rated("rated_low")],
    }),
  );

const versions = (rows) => table({ id: "versions", title: say("filter.version"), rows, by: "episodes", columns: [named("version"), counted("episodes"), rated("durable"), rated("reply")] });
const channels = (rows) => table({ id: "channels", title: say("filter.channel"), rows, by: "episodes", columns: [named("channel"), counted("episodes"), rated("durable"), rated("hand_off")] });

const or = (rows, made) => (rows.length ? made() : make("p", { class: "empty" }, say("section.none")));

function empty(report) {
  const narrowed = Object.keys(place.filters).length > 0;
  return make(
    "div",
    { class: "nothing", id: "nothing" },
    make("h2", {}, say(narrowed ? "empty.narrowed" : "empty.title", { span: saySpan(report.from, report.to) })),
    make("p", {}, say(narrowed ? "empty.narrowed.text" : "empty.text")),
    make("ul", {}, ["empty.1", "empty.2", "empty.3"].map((key) => make("li", {}, say(key)))),
    make("p", {}, make("a", { class: "button", href: `/try/${encodeURIComponent(report.shop)}`, lang: language() === "zh" ? "zh-CN" : "en" }, say("empty.try"))),
  );
}
