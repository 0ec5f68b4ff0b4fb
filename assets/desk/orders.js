// The order card: the state in one line, every value with where it comes from; several orders to choose from.

import { byId, fill, make, setAttribute, setText } from "/assets/ui/dom.js";
import { chats } from "/assets/ui/net.js";
import { language, onLanguage, say } from "/assets/ui/words.js";
import { on, state } from "./state.js";
import { put } from "./box.js";
import { viewOf } from "./views.js";

const FRESH_MS = 60_000;
/** Somebody who steps through the queue asks no shop for orders. */
const SETTLE_MS = 150;

/** id of the chat → {orders, down, at, chosen, busy}. */
const live = new Map();
let timer = null;

export function startOrders() {
  on("open", () => {
    render();
    clearTimeout(timer);
    const chat = state.open;
    if (chat && Date.now() - (live.get(chat.id)?.at ?? 0) > FRESH_MS) timer = setTimeout(look, SETTLE_MS, chat);
  });
  on("view", (id) => id === state.open?.id && render());
  byId("order-refresh").addEventListener("click", () => state.open && look(state.open));
  byId("order-line").addEventListener("click", () => byId("order").scrollIntoView({ block: "start" }));
  onLanguage(render);
}

async function look(chat) {
  const known = live.get(chat.id) ?? { orders: null, down: false, at: 0, chosen: null };
  live.set(chat.id, { ...known, busy: true });
  if (state.open?.id === chat.id) render();
  try {
    const { orders, source_down: down } = await chats.orders(chat.shop, chat.id);
    live.set(chat.id, { ...known, orders, down, at: Date.now(), busy: false });
  } catch {
    live.set(chat.id, { ...known, down: true, busy: false });
  }
  if (state.open?.id === chat.id) render();
}

/** The orders to show: what the shop says now, or what it said at the turn. */
function ordersOf(id) {
  const asked = viewOf(id)?.order ?? null;
  const { orders } = live.get(id) ?? {};
  if (!orders?.length) return asked ? [asked] : [];
  const there = asked && orders.some((one) => one.summary.number === asked.summary.number);
  return asked && !there ? [asked, ...orders] : orders;
}

function render() {
  const id = state.open?.id;
  const found = id ? ordersOf(id) : [];
  const { down, busy, chosen, orders } = live.get(id) ?? {};
  const asked = id && viewOf(id)?.order?.summary.number;
  const number = found.some((one) => one.summary.number === chosen)
    ? chosen
    : (found.find((one) => one.summary.number === asked) ?? found[0])?.summary.number;
  setAttribute(byId("order-refresh"), "data-busy", busy ? "" : null);
  byId("order-refresh").hidden = !id;
  renderLine(
    found.find((one) => one.summary.number === number),
    found.length,
  );
  fill(byId("order-body"), [found, number, down, Boolean(orders)], () => {
    const note = down ? make("p", { class: "notice" }, say(found.length ? "order.old" : "order.down")) : null;
    if (!found.length) return [note ?? make("p", { class: "empty" }, say(orders ? "order.none" : "loading"))];
    const one = found.find((order) => order.summary.number === number);
    return [found.length > 1 ? tabs(id, found, number) : null, note, card(one)];
  });
}

/** The state in one line stands above the suggestions too: the card may be further down. */
function renderLine(order, n) {
  const card = order && cardOf(order);
  const line = byId("order-line");
  line.hidden = !card;
  const words = card && (n > 1 ? say("order.line", { state: card.headline, n }) : card.headline);
  setText(line, words ?? "");
  setAttribute(line, "data-kind", card && isUnusual(order) ? "due" : null);
}

const cardOf = (order) => order.cards.find((one) => one.language === language()) ?? order.cards[0];
const isUnusual = ({ summary }) =>
  Array.isArray(summary.unusual) ? summary.unusual.length > 0 : Boolean(summary.unusual);

function tabs(id, found, number) {
  const pick = (order) => {
    live.set(id, { ...live.get(id), chosen: order.summary.number });
    render();
    byId("order").querySelector(".order-tabs [aria-selected=true]")?.focus();
  };
  const tab = (order) => {
    const on = order.summary.number === number;
    return make(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": String(on),
        title: order.summary.number,
        onclick: () => pick(order),
      },
      `…${String(order.summary.number).slice(-6)}`,
    );
  };
  return make(
    "div",
    { class: "order-tabs", role: "tablist", "aria-label": say("order.choose", { n: found.length }) },
    found.map(tab),
  );
}

function card(order) {
  const card = cardOf(order);
  if (!card) return null;
  // Where most values come from is said once; a value from elsewhere says so itself.
  const usual = card.lines[0]?.origin;
  return make(
    "div",
    { class: "order-card" },
    make("p", { class: "headline", "data-kind": isUnusual(order) ? "due" : null }, card.headline),
    // The card may have a line of its own for it.
    card.lines.some((line) => line.value === order.summary.number)
      ? null
      : make("p", { class: "number" }, value(order.summary.number)),
    make(
      "dl",
      {},
      card.lines.map((line) =>
        make(
          "div",
          {},
          make("dt", {}, line.label),
          make("dd", {}, value(line.value), line.origin === usual ? null : make("small", {}, line.origin)),
        ),
      ),
    ),
    usual ? make("p", { class: "source" }, usual) : null,
  );
}

/** A value, and a button that puts it in the box. */
const value = (text) => [
  make("span", { class: "value" }, text),
  make(
    "button",
    {
      type: "button",
      class: "insert",
      "aria-label": say("order.insert", { text }),
      title: say("order.insert.tip"),
      onclick: () => put(String(text)),
    },
    "↵",
  ),
];
