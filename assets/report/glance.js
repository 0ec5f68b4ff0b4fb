// The period at a glance. What is pending stands beside what lasted and never looks like it.

import { make } from "../ui/dom.js";
import { say } from "../ui/words.js";
import { running } from "../ui/times.js";
import { countFigure, countOf, number, rateFigure, rateOf, timeFigure } from "./figures.js";
import { nameOf } from "./names.js";
import { count, percent } from "./numbers.js";
import { why } from "./why.js";

const card = (id, ...children) => make("section", { class: "card glance-card", id: `card-${id}`, "aria-label": say(`card.${id}`) }, make("h3", {}, say(`card.${id}`)), children);

export function glance({ figures, at_the_desk: desk, cuts, now }) {
  return make(
    "div",
    { class: "glance" },
    resolution(figures),
    atTheDesk(desk, figures, now),
    handOffs(figures, cuts),
    suggestions(figures),
    card("bot", row(timeFigure("bot_first", figures.times?.bot_first), timeFigure("bot", figures.times?.bot), rateFigure(figures, "bot_20s"), rateFigure(figures, "bot_180s"))),
    card("human", row(timeFigure("human_first", figures.times?.human_first), timeFigure("human", figures.times?.human), rateFigure(figures, "human_20s"), rateFigure(figures, "human_180s")), note("human_off_hours", figures)),
    card("answers", row(rateFigure(figures, "reply"), rateFigure(figures, "repeated"), rateFigure(figures, "right"))),
    card("end", row(rateFigure(figures, "rated_low"), rateFigure(figures, "promises_kept"), countFigure(figures, "promises_overdue")), closed(figures), leftOut(figures)),
  );
}

const row = (...figures) => make("div", { class: "figures" }, figures);
const note = (key, figures) => (countOf(figures, key) ? make("p", { class: "hint" }, say(`note.${key}`), " ", number(key, countOf(figures, key))) : null);

function resolution(figures) {
  const { numerator, denominator } = rateOf(figures, "durable");
  const pending = countOf(figures, "pending");
  const rest = Math.max(0, countOf(figures, "episodes") - denominator - pending);
  const parts = [
    ["durable", numerator],
    ["lost", denominator - numerator],
    ["pending", pending],
    ["rest", rest],
  ];
  const all = parts.reduce((sum, [, n]) => sum + n, 0);
  const part = ([key, n]) => make("span", { class: "part", "data-part": key, share: all ? n / all : 0, hidden: n === 0 });
  const told = ([key, n]) => make("li", { "data-part": key }, make("i", { class: "key", "data-part": key, "aria-hidden": "true" }), make("span", {}, say(`part.${key}`)), key === "durable" || key === "pending" ? make("b", {}, number(key, n)) : null);
  return card(
    "resolution",
    make("div", { class: "beside" }, rateFigure(figures, "durable", { big: true }), pendingFigure(figures, pending)),
    make("div", { class: "parts", "aria-hidden": "true" }, parts.map(part)),
    make("ul", { class: "legend" }, parts.map(told)),
    row(rateFigure(figures, "contained"), rateFigure(figures, "confirmed"), rateFigure(figures, "involved"), rateFigure(figures, "durable_same")),
  );
}

const pendingFigure = (figures, pending) =>
  make(
    "div",
    { class: "figure big pending", "data-figure": "pending" },
    make("p", { class: "figure-name" }, say("count.pending"), why("pending")),
    make("p", { class: "figure-value" }, number("pending", pending)),
    make("p", { class: "figure-of" }, make("span", { class: "fraction" }, say("of.episodes"), " ", number("episodes", countOf(figures, "episodes")))),
  );

function atTheDesk(desk, figures, now) {
  const fact = (key, value, kind = null) => make("div", { class: "now", "data-now": key, "data-kind": kind }, make("dt", {}, say(`now.${key}`)), make("dd", {}, value));
  if (!desk) return null;
  const oldest = desk.oldest_waiting_since ? running(now - desk.oldest_waiting_since) : "–";
  return card(
    "now",
    make(
      "dl",
      { class: "nows" },
      fact("waiting", count(desk.waiting), desk.waiting ? "due" : null),
      fact("oldest", oldest, desk.oldest_waiting_since && now - desk.oldest_waiting_since > 180_000 ? "bad" : null),
      fact("held", count(desk.held)),
      fact("due", count(desk.promises_due_today)),
      fact("overdue", count(desk.promises_overdue), desk.promises_overdue ? "bad" : null),
    ),
    make("p", {}, make("a", { href: "/desk" }, say("now.desk"))),
  );
}

function handOffs(figures, cuts) {
  const rungs = [...(cuts?.rung ?? [])].sort((a, b) => countOf(b.figures, "handed_off") - countOf(a.figures, "handed_off"));
  const most = Math.max(1, ...rungs.map((rung) => countOf(rung.figures, "handed_off")));
  const bar = ({ name, title, figures: own }) =>
    make(
      "li",
      { "data-rung": name },
      make("span", { class: "rung-name" }, nameOf("rung", name, title)),
      make("span", { class: "rung-bar", "aria-hidden": "true" }, make("i", { share: countOf(own, "handed_off") / most })),
      number("handed_off", countOf(own, "handed_off"), { filters: { rung: name } }),
    );
  return card("handoff", row(rateFigure(figures, "hand_off"), rateFigure(figures, "left"), rateFigure(figures, "bad_hand_off")), rungs.length ? [make("h4", {}, say("rungs")), make("ul", { class: "rungs" }, rungs.slice(0, 8).map(bar))] : null);
}

function suggestions(figures) {
  const steps = ["sets_eligible", "sets_offered", "sets_shown", "sets_used", "sets_sent"];
  const most = Math.max(1, countOf(figures, steps[0]));
  const step = (key) =>
    make("li", {}, make("span", { class: "rung-name" }, say(`count.${key}`)), make("span", { class: "rung-bar", "aria-hidden": "true" }, make("i", { share: Math.min(1, countOf(figures, key) / most) })), number(key, countOf(figures, key)));
  const edits = make("div", { class: "figure" }, make("p", { class: "figure-name" }, say("edit_share"), why("edit_share")), make("p", { class: "figure-value" }, percent(figures.edit_share ?? null)));
  return card("suggestions", row(rateFigure(figures, "acceptance"), rateFigure(figures, "unchanged"), edits), make("ul", { class: "rungs" }, steps.map(step)));
}

const pairs = (title, keys, figures) => make("p", { class: "pairs" }, make("i", {}, title), keys.map((key) => make("span", {}, say(`count.${key}`), " ", number(key, countOf(figures, key)))));
const closed = (figures) => pairs(say("closed"), ["closed_by_customer", "closed_by_agent", "closed_by_bot", "closed_by_idle"], figures);
const leftOut = (figures) => pairs(say("left_out"), ["excluded_spam", "excluded_test", "excluded_agent_began"], figures);
