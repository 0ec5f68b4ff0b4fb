// The opened file: its head, the two tabs of a question, the editor or what stands in its place.

import { byId, make } from "../ui/dom.js";
import { openDialog, sure } from "../ui/dialog.js";
import { dropsMenu, menuItem } from "../ui/menu.js";
import { failed, say } from "../ui/words.js";
import { Editor } from "./editor.js";
import { change } from "./changes.js";
import { fold, foldedLine, unfold } from "./fold.js";
import { titleOf } from "./library.js";
import { blank } from "./templates.js";

const TABS = ["intent", "reply"];
const FOLDER = { intent: "intents", reply: "replies" };

export class FileView {
  /** `edited()` runs after every change of the text, `shown()` after another file is. */
  constructor({ edited, shown }) {
    Object.assign(this, { edited, shown, book: null, thing: null, kind: null, failure: null, hidden: new Map(), asked: 0, ready: false });
    this.editor = new Editor(byId("editor"), { input: (text) => this.typed(text) });
    dropsMenu(byId("file-more"), () => this.menu());
  }

  /** Another shop: nothing is open. */
  reset(book) {
    Object.assign(this, { book, thing: null, kind: null, ready: false });
    this.render();
  }

  get path() {
    if (!this.thing) return null;
    const name = this.thing.key.replace(/^questions\//, "");
    return this.thing.paths[this.kind] ?? `${FOLDER[this.kind]}/${name}.yaml`;
  }

  /** Of a question the reply comes first: it is what managers change most. */
  async open(thing, kind = null) {
    const same = thing.paths[this.kind] ? this.kind : null;
    this.thing = thing;
    this.kind = kind ?? same ?? (thing.paths.reply ? "reply" : Object.keys(thing.paths)[0]);
    await this.load();
  }

  /** The contents were listed anew: the same thing among them. */
  follow() {
    this.thing = (this.thing && this.book.list.find((thing) => thing.key === this.thing.key)) ?? this.thing;
  }

  async load() {
    const asked = ++this.asked;
    this.ready = false;
    this.failure = null;
    this.render();
    try {
      await this.book.read(this.path);
    } catch (failure) {
      if (asked === this.asked) this.failure = failure;
    }
    if (asked !== this.asked) return;
    this.ready = !this.failure;
    this.put();
    this.shown();
  }

  /** The file's text into the editor. */
  put() {
    const text = this.ready ? this.book.textOf(this.path) : null;
    if (text !== null) {
      const folded = this.kind === "shop" ? fold(text, say("fold.remark")) : { text, hidden: new Map() };
      this.hidden = folded.hidden;
      this.editor.show(folded.text, { label: say("file.label", { path: this.path }), readOnly: !this.book.writable });
    }
    this.render();
  }

  typed(text) {
    this.book.set(this.path, this.hidden.size ? unfold(text, this.hidden) : text);
    this.edited();
  }

  /** The text as it stands in the editor; null: the shop has none. */
  get text() {
    return this.ready ? this.book.textOf(this.path) : null;
  }

  /** A change from the general text: `{text, start, end}`. A file that wasn't there begins with it. */
  edit({ text, start, end }) {
    if (this.text === null) this.begin(text);
    if (this.editor.text !== text) this.editor.replace(text, start, end);
    else this.editor.select(start, end);
  }

  begin(text) {
    this.book.set(this.path, text);
    this.book.relist();
    this.thing = this.book.thingOf(this.path) ?? this.thing;
    this.put();
    this.edited();
    this.editor.area.focus();
  }

  /** Where a line of the whole file stands in the editor. */
  shownLine(line) {
    return this.hidden.size ? foldedLine(this.editor.text, this.hidden, line) : line;
  }

  mark(mistakes) {
    this.editor.mark(mistakes.filter((one) => one.line > 0).map((one) => ({ ...one, line: this.shownLine(one.line) })));
  }

  goTo(mistake) {
    if (mistake.line > 0 && this.text !== null) this.editor.goTo({ ...mistake, line: this.shownLine(mistake.line) });
  }

  menu() {
    const { path, book } = this;
    const { own, base } = book.texts.get(path) ?? {};
    return [
      book.draft.has(path) && menuItem(say("file.revert"), () => this.revert(), { id: "file-revert" }),
      own !== null && this.text !== null && this.kind !== "shop" && menuItem(say(base === null ? "file.remove.own" : "file.remove"), () => this.remove(base), { id: "file-remove", kind: "danger" }),
    ].filter(Boolean);
  }

  async revert() {
    const { path } = this;
    if (!(await sure({ title: say("file.revert.title", { path }), text: say("file.revert.text"), yes: say("file.revert.yes") }))) return;
    this.book.draft.forget(path);
    this.book.relist();
    this.put();
    this.edited();
  }

  async remove(base) {
    const { path } = this;
    const text = say(base === null ? "file.remove.text" : "file.remove.text.base");
    if (!(await sure({ title: say("file.remove.title", { path }), text, yes: say("file.remove.yes") }))) return;
    this.book.set(path, null);
    this.put();
    this.edited();
  }

  render() {
    const { thing, book } = this;
    byId("file-head").hidden = !thing;
    byId("editor").hidden = !thing || this.text === null;
    byId("vacant").hidden = Boolean(thing) && this.text !== null;
    byId("vacant").replaceChildren(...this.vacancy());
    if (!thing) return;
    byId("file-title").textContent = titleOf(thing, book.draft);
    byId("file-path").textContent = this.path;
    byId("file-more").hidden = !book.writable || !this.ready || this.menu().length === 0;
    this.renderTabs();
    this.renderMoved();
  }

  renderTabs() {
    const { thing, kind } = this;
    const host = byId("file-tabs");
    // The system's own words have no intent.
    host.hidden = thing.area !== "questions" || (thing.folder === "system" && !thing.paths.intent);
    if (host.hidden) return;
    const focused = host.contains(document.activeElement);
    const tab = (one) =>
      make(
        "button",
        { type: "button", role: "tab", id: `tab-${one}`, "aria-selected": String(one === kind), "aria-controls": "editor", tabindex: one === kind ? 0 : -1, onclick: () => this.turn(one), onkeydown: (event) => this.step(event) },
        say(`tab.${one}`),
        thing.paths[one] ? null : make("small", {}, ` ${say("file.missing")}`),
      );
    host.replaceChildren(...TABS.map(tab));
    if (focused) byId(`tab-${kind}`).focus({ preventScroll: true });
  }

  turn(kind) {
    if (kind === this.kind) return;
    this.kind = kind;
    this.load();
  }

  step(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    this.turn(TABS.find((one) => one !== this.kind));
    byId(`tab-${this.kind}`).focus();
  }

  renderMoved() {
    const host = byId("moved");
    host.hidden = !this.ready || !this.book.moved.has(this.path);
    if (host.hidden) return;
    const { path, book } = this;
    const settle = (mine) => {
      book.settle(path, mine);
      this.put();
      this.edited();
    };
    const theirs = { path, was: book.draft.files.get(path)?.was ?? null, text: book.texts.get(path)?.own ?? null };
    const shown = () => [change(theirs, () => titleOf(this.thing, book.draft), true)];
    const look = () => openDialog({ title: say("moved.look"), id: "theirs", wide: true, build: shown });
    const button = (which, run) => make("button", { type: "button", class: "button small", id: `moved-${which}`, onclick: run }, say(`moved.${which}`));
    host.replaceChildren(make("span", {}, say("moved.file")), button("look", look), button("mine", () => settle(true)), button("theirs", () => settle(false)));
  }

  /** What stands where no text is. */
  vacancy() {
    const { thing, book, kind } = this;
    const heading = (key, values) => [make("h2", {}, say(`${key}.title`, values)), make("p", {}, say(`${key}.text`))];
    const button = (key, id, run, strong = false) => make("button", { type: "button", id, class: strong ? "button strong" : "button", onclick: run }, say(key));
    if (!thing) return heading("welcome");
    if (this.failure) return [make("p", { class: "notice wrong" }, failed(this.failure)), button("again", "file-again", () => this.load())];
    if (!this.ready) return [make("p", { class: "empty busy" }, say("file.loading"))];
    if (this.text !== null) return [];
    const { own, base } = book.texts.get(this.path);
    if (own !== null) return [make("p", {}, say("file.gone")), book.writable && button("file.gone.undo", "file-keep", () => this.keep())].filter(Boolean);
    const languages = book.shop.languages ?? ["zh"];
    const start = (key, id) => button(key, id, () => this.begin(blank(kind, languages)));
    if (base === null) {
      const title = make("h2", {}, say("file.none.title", { what: say(`kind.${kind}`) }));
      const text = make("p", {}, say(kind === "intent" ? "file.none.text.intent" : "file.none.text"));
      return [title, text, book.writable && start("file.none.start", "file-start")].filter(Boolean);
    }
    if (!book.writable) return heading("file.base").slice(0, 1);
    return [...heading("file.base"), make("div", { class: "vacant-buttons" }, start("file.base.start", "file-start"), button("file.base.whole", "file-copy", () => this.begin(base)))];
  }

  keep() {
    this.book.draft.forget(this.path);
    this.put();
    this.edited();
  }
}
