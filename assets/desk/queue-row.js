// One chat in the queue: made once, then only what changed is written.

import { make, setAttribute, setText } from "/assets/ui/dom.js";
import { inWords, language, say } from "/assets/ui/words.js";
import { moment, running } from "/assets/ui/times.js";
import { flagName, fullNameOf, heldByOther, isOpen, nameOf, now, severalShops, shopOf, zoneOf } from "./state.js";
import { hasDraft, draftOf } from "./drafts.js";
import { capped, heat } from "./sorting.js";

const parts = new WeakMap();

export function createRow(item) {
  const own = {
    name: make("b", { class: "item-name" }),
    unread: make("span", { class: "unread", hidden: true }),
    clock: make("span", { class: "clock" }),
    shop: make("span", { class: "item-shop" }),
    urgent: make("span", { class: "pill urgent", "data-kind": "bad", hidden: true }),
    flag: make("span", { class: "flag", hidden: true }),
    promise: make("span", { class: "pill", "data-kind": "due", hidden: true }),
    holder: make("span", { class: "pill", "data-kind": "person", hidden: true }),
    why: make("span", { class: "item-why", hidden: true }),
    last: make("span", { class: "item-last" }),
  };
  const row = make(
    "li",
    { class: "item", role: "option", "data-id": item.id, tabindex: "-1" },
    make("span", { class: "item-top" }, own.name, own.unread, own.clock),
    make("span", { class: "item-tags" }, own.shop, own.urgent, own.flag, own.promise, own.holder, own.why),
    own.last,
  );
  parts.set(row, { own, shown: "" });
  return row;
}

export function patchRow(row, item) {
  const kept = parts.get(row);
  const open = isOpen(item.id);
  const draft = hasDraft(item.id) && !open ? draftOf(item.id).text.trim() || "…" : null;
  const shown = JSON.stringify([language(), item, open, draft]);
  if (kept.shown === shown) return;
  kept.shown = shown;
  kept.item = item;
  const { own } = kept;
  setText(own.name, nameOf(item));
  setAttribute(row, "title", fullNameOf(item));
  setAttribute(row, "aria-selected", String(open));
  setAttribute(row, "data-flag", item.flag);
  own.shop.hidden = !severalShops();
  setText(own.shop, inWords(shopOf(item.shop)?.name) ?? item.shop);
  tag(own.urgent, item.urgency === "high" ? say("urgency.high.short") : null);
  for (const name of ["title", "aria-label"]) setAttribute(own.urgent, name, say("urgency.high"));
  tag(own.flag, flagName(item.shop, item.flag));
  setAttribute(own.flag, "data-flag", item.flag);
  tag(
    own.promise,
    item.promise_due ? say("row.promise", { at: moment(item.promise_due, now(), zoneOf(item.shop)) }) : null,
  );
  setAttribute(own.promise, "data-kind", item.promise_due < now() ? "bad" : "due");
  tag(own.holder, heldByOther(item) ? item.holder.name : null);
  tag(own.why, item.state === "waiting" && !item.promise_due ? inWords(item.why) : null);
  unread(own.unread, open && !document.hidden ? 0 : item.unread);
  last(own.last, item, draft);
  tickRow(row);
}

function tag(element, text) {
  element.hidden = !text;
  setText(element, text ?? "");
}

function unread(element, n) {
  element.hidden = !n;
  setText(element, capped(n ?? 0));
  setAttribute(element, "aria-label", say("row.unread", { n: capped(n ?? 0) }));
}

function last(element, item, draft) {
  element.classList.toggle("drafted", draft !== null);
  setText(element, draft === null ? preview(item) : `${say("row.draft")} ${draft}`);
}

/** A chat in one line: what was said last, and by whom. */
export function preview({ last, since, why }) {
  // What the bot says when it hands off is always the same; why it did so is not.
  if (!last?.text || (since && last.from === "bot")) return inWords(why) ?? last?.text ?? "";
  const who = { bot: say("from.bot.short"), agent: say("from.agent.short") }[last.from];
  return who ? `${who}: ${last.text}` : last.text;
}

/** The clock of a row, once a second. */
export function tickRow(row) {
  const { item, own } = parts.get(row);
  const since = item.since ?? item.waiting_since;
  const waited = since ? now() - since : null;
  setText(own.clock, waited === null ? "" : running(waited));
  setAttribute(own.clock, "data-heat", waited === null ? null : heat(waited));
}
