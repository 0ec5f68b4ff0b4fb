// What to add next: what customers asked and nobody had words for, with a draft made of what people replied.

import { make } from "../ui/dom.js";
import { toast } from "../ui/dialog.js";
import { say } from "../ui/words.js";
import { amend, lookAt } from "../ui/amend.js";
import { count, percent } from "./numbers.js";
import { state } from "./state.js";

const NAME = /^[a-z0-9_]+(\/[a-z0-9_]+)*$/;
/** What somebody has edited, by group: kept while the page is drawn anew. */
const edited = new Map();

export function gapsTab({ unanswered, grouped, groups }) {
  const head = make("header", { class: "tab-head" }, make("h2", {}, say("gaps.title")), make("p", { class: "hint" }, say("gaps.lead")), make("p", {}, say("gaps.total", { all: count(unanswered), grouped: count(grouped), n: count(groups.length) })));
  if (!groups.length) return [head, make("div", { class: "nothing" }, make("h2", {}, say("gaps.none")), make("p", {}, say("gaps.none.text")))];
  return [head, make("div", { class: "groups", id: "gaps" }, groups.map(group))];
}

function group(one) {
  return make(
    "article",
    { class: "card gap-group", "data-group": one.id },
    make("header", {}, make("b", { class: "group-count" }, count(one.count)), make("h3", {}, one.words.join(" · ")), make("small", { class: "hint" }, say("gaps.share", { share: percent(one.share, 1000) }))),
    make(
      "div",
      { class: "gap-sides" },
      make("section", {}, make("h4", {}, say("gaps.examples")), make("ul", { class: "quotes" }, one.examples.map((line) => make("li", {}, line))), chats(one.conversations ?? [])),
      make("section", {}, make("h4", {}, say("gaps.replies")), one.replies.length ? make("ul", { class: "quotes" }, one.replies.map(({ text, count: n }) => make("li", {}, make("b", {}, say("gaps.times", { n: count(n) })), " ", text))) : make("p", { class: "empty" }, say("gaps.replies.none"))),
    ),
    draft(one),
  );
}

const chats = (ids) => ids.length ? make("p", { class: "hint" }, say("gaps.chats"), ids.slice(0, 5).map((id, at) => [" ", make("a", { href: `/desk#${encodeURIComponent(state.shop.id)}/${encodeURIComponent(id)}` }, String(at + 1))])) : null;

function draft({ id, draft: { intent, files }, examples }) {
  const kept = edited.get(id) ?? { intent, files: { ...files } };
  const name = make("input", { class: "input", value: kept.intent, spellcheck: "false", autocapitalize: "none", "aria-describedby": `name-${id}` });
  name.addEventListener("input", () => keep(() => (kept.intent = name.value.trim())));
  const keep = (change) => {
    change();
    edited.set(id, kept);
  };
  const area = ([path, text]) => {
    const box = make("textarea", { class: "input code", rows: Math.min(18, text.split("\n").length + 1), spellcheck: "false", "data-path": path });
    box.value = text;
    box.addEventListener("input", () => keep(() => (kept.files[path] = box.value)));
    return make("label", { class: "field" }, make("span", {}, say(path.startsWith("intents/") ? "gaps.file.intent" : "gaps.file.reply"), " ", make("code", {}, path)), box);
  };
  const hand = () => {
    if (!NAME.test(kept.intent)) {
      name.focus();
      return void toast(say("gaps.name.wrong"), { kind: "bad" });
    }
    const moved = Object.fromEntries(Object.entries(kept.files).map(([path, text]) => [path.replace(intent, kept.intent), text]));
    amend(state.shop.id, [{ do: "files", files: moved }], { text: examples.join("\n") });
  };
  return make(
    "details",
    { class: "gap-draft", id: `draft-${id}` },
    make("summary", {}, say("gaps.draft")),
    make("label", { class: "field" }, make("span", {}, say("gaps.name")), name, make("small", { class: "hint", id: `name-${id}` }, say("gaps.name.hint"))),
    Object.entries(kept.files).map(area),
    make("p", { class: "fixes" }, make("button", { type: "button", class: "button strong", "data-hand": id, onclick: hand }, say("gaps.hand")), make("button", { type: "button", class: "button", onclick: () => lookAt(state.shop.id, { text: examples.slice(0, 5).join("\n") }) }, say("fix.test"))),
  );
}
