// The general text beside a shop's own: to read, and to take over what is to differ.

import { byId, make } from "../ui/dom.js";
import { language, say } from "../ui/words.js";
import { blocks, entries, lineOf, takeOver, withEntry } from "./blocks.js";
import { keyName } from "./library.js";

/** What an intent's file gathers: a shop's lines are added to these, so they aren't taken over whole. */
const LISTS = new Set(["phrases", "together", "whole", "unless", "examples", "should_match", "should_not_match"]);
const UNFOLDED = 6;

/** Of the languages the reader's own comes first; what has none stays before them. */
const LANGUAGES = ["zh", "en"];
const rank = ({ key }) => (LANGUAGES.includes(key) ? (key === language() ? 1 : 2) : 0);
const readersFirst = (found) => [...found].sort((a, b) => rank(a) - rank(b));

export class Base {
  /** `edit(change)` puts `{text, start, end}` into the editor; `writable()` says whether one may. */
  constructor({ edit, writable }) {
    Object.assign(this, { edit, writable, opened: new Set() });
  }

  /** `kind` of file; `base`: its text or null; `own()`: the shop's text as it stands now. */
  show({ kind, base, own, path }) {
    if (this.path !== path) this.opened.clear();
    Object.assign(this, { kind, base, own, path });
    this.render();
  }

  render() {
    const host = byId("base");
    if (!this.kind) return host.replaceChildren();
    const text = this.own() ?? "";
    const parts = this.base === null ? [make("p", { class: "empty" }, say("base.none"))] : readersFirst(blocks(this.base)).map((block) => this.block(block, text));
    const how = make("details", { class: "how" }, make("summary", {}, say("base.how")), make("p", {}, say(`how.${this.kind}`)));
    if (this.base === null) how.open = true;
    return host.replaceChildren(how, ...parts);
  }

  block(block, own) {
    const lines = this.base.split("\n");
    const list = LISTS.has(block.inner);
    const there = lineOf(own, block);
    const head = block.inner === null ? [make("b", {}, keyName(block.key))] : [make("b", {}, keyName(block.inner)), make("small", {}, keyName(block.key))];
    const some = list ? entries(this.base, block) : [];
    const body = list ? this.lines(block, some, own) : make("pre", {}, bodyOf(lines, block));
    const count = list ? make("small", {}, say("base.lines", { n: some.length })) : null;
    const name = `${block.key}.${block.inner ?? ""}`;
    return make("section", { class: "block", "data-block": name }, make("header", {}, head, count, this.action(block, list, there)), body);
  }

  action(block, list, there) {
    if (!this.writable()) return null;
    const button = (key, run, kind = "") => make("button", { type: "button", class: `button small ${kind}`, "data-do": key, onclick: run }, say(`base.block.${key}`));
    if (list) return button("add", () => this.add(block));
    if (there >= 0) return button("there", () => this.edit({ text: this.own(), start: there, end: there }), "quiet");
    return button("copy", () => this.copy(block));
  }

  /** The caret goes behind the words: a block that was selected would be gone with the next letter. */
  copy(block) {
    const { text, end } = takeOver(this.own() ?? "", this.base, block);
    this.edit({ text, start: end - 1, end: end - 1 });
  }

  add(block) {
    const { text, line } = withEntry(this.own() ?? "", block, "");
    this.edit({ text, start: line, end: line });
  }

  lines(block, some, own) {
    const removal = { key: block.key, inner: "remove" };
    const gone = new Set(removed(own, block.key));
    const item = ({ text }) =>
      make("li", { "data-gone": String(gone.has(text)) }, make("span", {}, text), this.writable() ? this.remover(removal, text, gone) : null);
    const key = `${block.key}.${block.inner}`;
    if (some.length <= UNFOLDED) return make("ul", { class: "entries" }, some.map(item));
    // Long lists are made when they are opened.
    const list = make("ul", { class: "entries" });
    const details = make("details", { open: this.opened.has(key) }, make("summary", {}, some.slice(0, 3).map(({ text }) => text).join("、"), " …"), list);
    const fill = () => list.childElementCount || list.append(...some.map(item));
    details.addEventListener("toggle", () => {
      this.opened[details.open ? "add" : "delete"](key);
      if (details.open) fill();
    });
    if (details.open) fill();
    return details;
  }

  remover(removal, line, gone) {
    if (gone.has(line)) return make("small", {}, say("base.line.removed"));
    const run = () => {
      const change = withEntry(this.own() ?? "", removal, line);
      this.edit({ text: change.text, start: change.line, end: change.line });
    };
    return make("button", { type: "button", class: "link", "aria-label": say("base.line.remove.label", { line }), onclick: run }, say("base.line.remove"));
  }
}

/** The lines that a shop took out of the general text, in a language. */
function removed(own, key) {
  const block = blocks(own).find((one) => one.key === key && one.inner === "remove");
  return block ? entries(own, block).map(({ text }) => text) : [];
}

/** A block's text without its key, moved to the left; a key with its value on one line stays whole. */
function bodyOf(lines, { start, end }) {
  const body = lines.slice(start + 1, end);
  if (!body.length) return lines[start].replace(/^\s*[^:]+:\s*/u, "");
  const deep = Math.min(...body.filter((line) => line.trim()).map((line) => /^ */.exec(line)[0].length));
  return body.map((line) => line.slice(deep)).join("\n");
}
