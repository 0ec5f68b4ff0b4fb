// The ledger of what went wrong: by kind and cause, down to the words, with a fix that is one click away.

import { make } from "../ui/dom.js";
import { toast } from "../ui/dialog.js";
import { failed, say } from "../ui/words.js";
import { moment } from "../ui/times.js";
import { amend, lookAt } from "../ui/amend.js";
import { intentName } from "./names.js";
import { count } from "./numbers.js";
import { because, words } from "./said.js";
import { state, wanted, zone } from "./state.js";

const KINDS = ["beside", "order", "hand_off"];
let chosen = null;

export function ledgerTab({ kinds, groups }) {
  const list = make("div", { class: "groups", id: "ledger" });
  const tabs = make("div", { class: "kinds", role: "group", "aria-label": say("ledger.kinds") });
  const draw = () => {
    const shown = groups.filter(({ kind }) => !chosen || kind === chosen);
    tabs.replaceChildren(...KINDS.map((kind) => make("button", { type: "button", class: "card kind", "data-kind": kind, "aria-pressed": String(chosen === kind), onclick: () => ((chosen = chosen === kind ? null : kind), draw()) }, make("b", {}, count(kinds[kind] ?? 0)), make("span", {}, say(`kind.${kind}`)), make("small", {}, say(`kind.${kind}.text`)))));
    list.replaceChildren(...(shown.length ? shown.map(group) : [make("div", { class: "nothing" }, make("h2", {}, say("ledger.none")), make("p", {}, say("ledger.none.text")))]));
  };
  draw();
  return [make("header", { class: "tab-head" }, make("h2", {}, say("ledger.title")), make("p", { class: "hint" }, say("ledger.lead"))), tabs, list];
}

function group(one) {
  const { kind, cause, intent, count: n, entries } = one;
  const body = make("ul", { class: "entries" });
  const more = make("p", { class: "entries-more" });
  const node = make(
    "details",
    { class: "card group", id: `group-${kind}-${cause}-${intent ?? ""}`, "data-cause": cause },
    make("summary", {}, make("b", { class: "group-count" }, count(n)), make("span", { class: "group-cause" }, say(`cause.${cause}`), intent ? make("span", { class: "pill", "data-kind": "good" }, intentName(intent)) : null), make("small", { class: "group-words" }, entries[0]?.said?.[0] ?? "")),
    body,
    more,
  );
  // Entries are made when somebody looks.
  node.addEventListener("toggle", () => {
    if (!node.open || body.childElementCount) return;
    body.append(...entries.map(entry));
    if (n > entries.length) more.append(make("button", { type: "button", class: "link", onclick: () => showAll(one, body, more) }, say("ledger.more", { n: count(n - entries.length) })));
  });
  return node;
}

async function showAll({ kind, cause, intent }, body, more) {
  try {
    const { groups } = await state.api.ledger(wanted(), null, { kind, cause, entries: 100 });
    const found = groups.find((one) => one.cause === cause && one.intent === intent);
    if (found) body.replaceChildren(...found.entries.map(entry));
    more.replaceChildren();
  } catch (failure) {
    toast(failed(failure), { kind: "bad" });
  }
}

function entry(one) {
  return make(
    "li",
    { class: "entry", "data-turn": one.turn, "data-episode": one.episode },
    words("customer", one.said),
    one.answer ? words("bot", [one.answer]) : null,
    one.next?.length ? words("customer", one.next, "next") : null,
    because(one),
    make(
      "p",
      { class: "fixes" },
      one.fixes.map((fix) => fixButton(fix, one)),
      make("a", { class: "button small", href: `/desk#${encodeURIComponent(state.shop.id)}/${encodeURIComponent(one.conversation)}` }, say("open.chat")),
      make("small", { class: "hint" }, moment(one.at, Date.now(), zone())),
    ),
  );
}

/** The button says what it will do, in the words that will be changed. */
function fixButton({ label, intent = null, amendments }, one) {
  const text = one.said.join("\n");
  if (!amendments.length) {
    const path = label === "reply" && intent ? `replies/${intent}.yaml` : null;
    return make("button", { type: "button", class: "button small", "data-fix": label, onclick: () => lookAt(state.shop.id, { text, path }) }, say(`fix.${label}`));
  }
  const [first] = amendments;
  const short = (first.line ?? first.text ?? "").slice(0, 24);
  const told = say("fix.words", { line: short, intent: intentName(intent ?? first.intent ?? "") });
  return make("button", { type: "button", class: "button small strong", "data-fix": label, title: told, onclick: () => amend(state.shop.id, amendments, { text }) }, say(`fix.${label}`), short ? make("small", {}, told) : null);
}
