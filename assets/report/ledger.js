// The ledger of what went wrong: by kind and cause, down to the words, with a fix that is one click away.

import { make } from "../ui/dom.js";
import { known, say } from "../ui/words.js";
import { moment } from "../ui/times.js";
import { amend, tryOut } from "../ui/amend.js";
import { intentName } from "./names.js";
import { count } from "./numbers.js";
import { words } from "./sample.js";
import { state, zone } from "./state.js";

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

function group({ kind, cause, intent, count: n, entries }) {
  const body = make("ul", { class: "entries" });
  const node = make(
    "details",
    { class: "card group", id: `group-${kind}-${cause}-${intent ?? ""}`, "data-cause": cause },
    make("summary", {}, make("b", { class: "group-count" }, count(n)), make("span", { class: "group-cause" }, say(`cause.${cause}`), intent ? make("span", { class: "pill", "data-kind": "good" }, intentName(intent)) : null), make("small", { class: "group-words" }, entries[0]?.said?.[0] ?? "")),
    body,
  );
  // Hundreds of entries are made when somebody looks.
  node.addEventListener("toggle", () => node.open && !body.childElementCount && body.append(...entries.map(entry)));
  return node;
}

function entry(one) {
  const because = one.because.map(({ intent, line, kind }) => make("li", {}, make("span", { class: "pill", "data-kind": "good" }, intentName(intent)), " ", known(`kind.${kind}`) ? say(`kind.${kind}`) : kind, " ", make("q", {}, line)));
  return make(
    "li",
    { class: "entry", "data-turn": one.turn, "data-episode": one.episode },
    words("customer", one.said),
    one.answer ? words("bot", [one.answer]) : null,
    one.next?.length ? words("customer", one.next, "next") : null,
    make("dl", { class: "because" }, make("dt", {}, say("sample.took")), make("dd", {}, because.length ? make("ul", {}, because) : one.intents.length ? one.intents.map((id) => make("span", { class: "pill", "data-kind": "good" }, intentName(id))) : say("sample.nothing"))),
    make(
      "p",
      { class: "fixes" },
      one.fixes.filter(({ amendments }) => amendments.length).map((fix) => fixButton(fix, one)),
      make("button", { type: "button", class: "button small", "data-fix": "test", onclick: () => tryOut(state.shop.id, one.said.join("\n")) }, say("fix.test")),
      make("a", { class: "button small", href: `/desk#${encodeURIComponent(state.shop.id)}/${encodeURIComponent(one.conversation)}` }, say("open.chat")),
      make("small", { class: "hint" }, moment(one.at, Date.now(), zone())),
    ),
  );
}

/** The button says what it will do, in the words that will be changed. */
function fixButton({ label, amendments }, one) {
  const [{ intent, line, text }] = amendments;
  const short = (line ?? text ?? "").slice(0, 24);
  const told = short ? say("fix.words", { line: short, intent: intent ? intentName(intent) : "" }) : "";
  return make("button", { type: "button", class: "button small strong", "data-fix": label, title: told, onclick: () => amend(state.shop.id, amendments, { text: one.said.join("\n") }) }, say(`fix.${label}`), short ? make("small", {}, told) : null);
}
