// The episodes behind a number: a drawer beside the report. It is a place of its own, so that "back" closes it and a link
// opens it.

import { make } from "../ui/dom.js";
import { toast } from "../ui/dialog.js";
import { dropsMenu, menuItem } from "../ui/menu.js";
import { failed, known, say } from "../ui/words.js";
import { moment } from "../ui/times.js";
import { intentName, nameOf } from "./names.js";
import { count, duration } from "./numbers.js";
import { sayDay } from "./period.js";
import { go, place } from "./place.js";
import { state, wanted, zone } from "./state.js";

let shown = null;
/** Runs when an episode was left out or put back: the figures are others then. */
let onChange = () => {};
export const onExcluded = (f) => (onChange = f);

/** Opens the list of a count. `within`: {filters, day} of the row that the number stands in. */
export const openList = (of, { filters = {}, day = null } = {}) => go({ list: { of, day, filters } });

/** Shows the drawer that the place asks for, or none. */
export function showList() {
  const { list, hours } = place;
  const key = list && JSON.stringify([place.shop, list, hours, place.filters, place.period, place.from, place.to]);
  if (shown?.key === key) return;
  const old = shown;
  shown = null;
  old?.dialog.close();
  if (list && known(`count.${list.of}`) && state.api) shown = open(key, list);
}

function open(key, list) {
  const before = document.activeElement;
  const heading = make("h2", { id: "list-title" }, title(list));
  const total = make("p", { class: "hint", id: "list-total", role: "status" });
  const body = make("ul", { class: "episodes", id: "episodes" });
  const more = make("p", { class: "episodes-more" });
  const close = () => (history.state?.list ? history.back() : go({ list: null }, { replaces: true }));
  const dialog = make(
    "dialog",
    { class: "drawer", id: "list", "aria-labelledby": "list-title" },
    make("header", { class: "drawer-head" }, make("div", {}, heading, total), make("button", { type: "button", class: "icon-button", autofocus: true, "aria-label": say("dismiss"), onclick: close }, "×")),
    make("div", { class: "drawer-body" }, body, more),
  );
  const self = { key, dialog };
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    const back = before?.isConnected ? before : document.querySelector(`.number[data-count="${CSS.escape(list.of)}"]`);
    back?.focus({ preventScroll: true });
    if (self.changed) onChange();
  });
  document.body.append(dialog);
  dialog.showModal();
  fetchMore(self, list, { body, more, total }, 0);
  return self;
}

function title({ of, day, filters }) {
  const names = Object.entries(filters).map(([kind, name]) => nameOf(kind, name));
  if (day) names.unshift(sayDay(day, { weekday: true }));
  return [say(`count.${of}`), ...names].join(" · ");
}

async function fetchMore(self, list, { body, more, total }, skip) {
  const whole = wanted();
  const days = list.day ? { from: list.day, to: list.day } : {};
  more.replaceChildren(make("span", { class: "busy" }, say("loading")));
  try {
    const answer = await state.api.episodes({ ...whole, ...days, filters: { ...whole.filters, ...list.filters } }, list.of, skip);
    if (shown !== self) return;
    total.textContent = say("list.total", { n: count(answer.total) });
    body.append(...answer.episodes.map((one) => episode(one, self)));
    const next = skip + answer.episodes.length;
    more.replaceChildren(
      answer.total === 0
        ? make("span", { class: "empty" }, say("list.none"))
        : next < answer.total && answer.episodes.length
          ? make("button", { type: "button", class: "button", onclick: () => fetchMore(self, list, { body, more, total }, next) }, say("list.more", { n: count(answer.total - next) }))
          : "",
    );
  } catch (failure) {
    if (shown !== self) return;
    more.replaceChildren(make("span", { class: "notice wrong" }, failed(failure), " ", make("button", { type: "button", class: "link", onclick: () => fetchMore(self, list, { body, more, total }, skip) }, say("again"))));
  }
}

function episode(one, self) {
  const node = make("li", { class: "episode", "data-id": one.id });
  const draw = () => {
    const now = state.report?.now ?? Date.now();
    const lasted = one.ended_at ? duration(one.ended_at - one.started_at) : null;
    const facts = [moment(one.started_at, now, zone()), one.channel, say("list.turns", { n: one.turns }), lasted ? say("list.lasted", { time: lasted }) : say("list.open"), one.closed_by ? say(`closed.${one.closed_by}`) : null];
    const pills = [
      ...(one.excluded ? [make("span", { class: "pill" }, say("list.excluded", { why: say(`excluded.${one.excluded}`) }))] : []),
      ...one.hand_offs.map((rung) => make("span", { class: "pill", "data-kind": "due" }, nameOf("rung", rung))),
      ...one.agents.map((name) => make("span", { class: "pill", "data-kind": "person" }, name)),
      ...one.intents.map((id) => make("span", { class: "pill", "data-kind": "good" }, intentName(id))),
    ];
    node.dataset.excluded = one.excluded ?? "";
    node.replaceChildren(
      make(
        "div",
        { class: "episode-main" },
        make("a", { class: "episode-words", href: `/desk#${encodeURIComponent(state.shop.id)}/${encodeURIComponent(one.conversation)}` }, one.first_words || say("list.no_words")),
        make("p", { class: "hint" }, make("b", {}, one.customer ?? say("list.nobody")), " · ", facts.filter(Boolean).join(" · ")),
        pills.length ? make("p", { class: "pills" }, pills) : null,
      ),
      sorting(one, self, draw),
    );
  };
  draw();
  return node;
}

function sorting(one, self, draw) {
  const exclude = async (why) => {
    const was = one.excluded;
    try {
      await state.api.exclude(one.id, why);
    } catch (failure) {
      return toast(failed(failure), { kind: "bad" });
    }
    one.excluded = why;
    self.changed = true;
    draw();
    self.dialog.querySelector(`[data-id="${CSS.escape(one.id)}"] button`)?.focus({ preventScroll: true });
    if (why && !was) toast(say("list.left_out"), { kind: "good" });
    if (!why) toast(say("list.put_back"), { kind: "good" });
  };
  if (one.excluded) return make("button", { type: "button", class: "button small", "data-do": "count", onclick: () => exclude(null) }, say("list.count"));
  const button = make("button", { type: "button", class: "button small", "data-do": "exclude" }, say("list.exclude"));
  dropsMenu(button, () => [make("p", { class: "menu-title" }, say("list.exclude.because")), ...["spam", "test", "agent_began"].map((why) => menuItem(say(`excluded.${why}`), () => exclude(why), { id: `exclude-${why}` }))]);
  return make("span", { class: "drops" }, button);
}
