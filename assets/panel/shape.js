// The board's elements, empty.

import { make } from "../ui/dom.js";
import { sayAll } from "../ui/words.js";

/** Puts the board into `host`; answers its parts. */
export function layOut(host, verb) {
  const box = make("textarea", { id: "words", class: "input", rows: 2, maxlength: 20000, spellcheck: "false", "data-label": "box.label", "data-hint": verb === "copy" ? "box.hint" : "box.hint.embed" });
  const clear = make("button", { type: "button", id: "clear", class: "icon-button", "data-label": "box.clear", "data-tip": "box.clear", hidden: true }, "×");
  const number = make("input", { id: "order-number", class: "input", autocomplete: "off", spellcheck: "false", maxlength: 64, "data-label": "order.label", "data-hint": "order.hint" });
  const heard = make("div", { id: "heard", class: "heard", role: "group", "data-label": "heard.label", hidden: true });
  const said = make("blockquote", { id: "said", class: "said", hidden: true });
  const notice = make("p", { id: "notice", role: "status", hidden: true });
  const order = make("details", { id: "order", class: "order", hidden: true });
  const understood = make("p", { id: "understood", class: "understood", hidden: true });
  const list = make("ol", { id: "cards", class: "scripts", "data-label": "cards.label" });
  const spoken = make("p", { class: "unseen", role: "status", "aria-live": "polite" });
  const hello = make(
    "div",
    { id: "hello", class: "hello" },
    make("p", { class: "hello-title", "data-say": "hello.title" }),
    make("ul", {}, make("li", { "data-say": "hello.copy" }), make("li", { "data-say": "hello.chat" }), make("li", { "data-say": "hello.search" })),
    make("p", { class: "hint keys" }, make("kbd", {}, "1"), "–", make("kbd", {}, "5"), " ", make("kbd", {}, "Esc"), " ", make("span", { "data-say": "hello.keys" })),
  );
  const asking = make("div", { class: "asking" }, make("div", { class: "box" }, box, clear), number, heard);
  const results = make("div", { class: "results" }, said, order, understood, notice, list, hello);
  const main = make("main", { class: "board", id: "board" }, asking, results, spoken);
  host.append(main);
  sayAll(main);
  return { main, box, clear, number, heard, said, notice, order, understood, list, spoken, hello };
}
