// A fix that another page proposes: made in the draft, shown line by line beside what can't be done of it, and after its
// publication back to where it came from.

import { handedOver } from "../ui/amend.js";
import { byId, make } from "../ui/dom.js";
import { toast } from "../ui/dialog.js";
import { failed, inWords, onLanguage, say } from "../ui/words.js";
import { change } from "./changes.js";

/** So long the news of the publication is seen. */
const SEEN_MS = 1200;

export class Fix {
  /** `titleOf(path)` names a file. `made(path, text)` runs when it stands in the draft: the first file, what to try. */
  constructor({ titleOf, made }) {
    Object.assign(this, { titleOf, made, handed: handedOver() });
    this.forget();
    onLanguage(() => this.render());
  }

  /** Whose playbook it is for, or null. */
  get shop() {
    return this.handed?.shop ?? null;
  }

  /** Nothing is shown any more. */
  forget() {
    Object.assign(this, { book: null, paths: [], refused: [], back: null });
    this.render();
  }

  /** Makes it in the draft of the book that it is for; what is only to be looked at is opened. */
  async take(book) {
    const { handed } = this;
    if (handed?.shop !== book.shop.id) return;
    this.handed = null;
    if (!handed.amendments.length) return this.made(handed.path ?? null, handed.text);
    if (!book.writable) return void toast(say("fix.manager"), { kind: "bad", ms: 0 });
    try {
      await this.make(handed, book);
    } catch (failure) {
      const again = () => ((this.handed = handed), this.take(book));
      return void toast(say("fix.failed", { why: failed(failure) }), { kind: "bad", action: { text: say("again"), run: again }, ms: 0 });
    }
    await this.made(this.paths[0] ?? null, handed.text);
  }

  async make({ amendments, back }, book) {
    const { files, changed, refused } = await book.api.amend(amendments, book.draft.changes);
    await Promise.all(changed.map(({ path }) => book.read(path)));
    for (const { path } of changed) {
      if (path in files) book.set(path, files[path]);
      else book.draft.forget(path);
    }
    const left = refused.map(({ index, why }) => ({ words: wordsOf(amendments[index]), why }));
    Object.assign(this, { book, paths: changed.map(({ path }) => path), refused: left, back });
    book.relist();
    this.render();
  }

  render() {
    const host = byId("fix");
    const { book, paths, refused, titleOf } = this;
    host.hidden = !book;
    if (!book) return host.replaceChildren();
    const changes = book.draft.list.filter(({ path }) => paths.includes(path));
    const close = make("button", { type: "button", class: "icon-button", id: "fix-close", "aria-label": say("dismiss"), onclick: () => this.forget() }, "×");
    return host.replaceChildren(
      make("header", { class: "fix-head" }, make("h2", {}, say("fix.title")), close),
      make("p", { class: "hint" }, say(changes.length ? "fix.text" : "fix.none")),
      ...refused.map(({ words, why }) => make("p", { class: "notice fix-refused" }, say("fix.refused", { words, why: inWords(why) }))),
      ...changes.map((one) => change(one, titleOf, true)),
    );
  }

  /** It is in force. Answers whether the page is left. */
  published() {
    const { back } = this;
    this.forget();
    if (back) setTimeout(() => location.assign(back), SEEN_MS);
    return back !== null;
  }
}

/** By what a person knows an amendment again. */
function wordsOf({ line, title, text, files }) {
  const words = line ?? title ?? text ?? Object.keys(files ?? {}).join(", ");
  return words.length > 60 ? `${words.slice(0, 60)}…` : words;
}
