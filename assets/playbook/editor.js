// A text box with line numbers and marked mistakes. Behind it lies a copy of the text, line by line, that the browser
// breaks at the same places: it carries the numbers and the marks, and gives the box its height. The text of the copy
// stands in generated content, so that searching in the page finds every word once.

import { make } from "../ui/dom.js";
import { isComposing } from "../ui/composing.js";
import { grouped } from "./grouped.js";

const STEP = "  ";

export class Editor {
  /** `input(text)` runs at every change that a person makes. */
  constructor(host, { input }) {
    this.area = make("textarea", { id: "text", class: "editor-text", spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "soft" });
    this.rows = make("div", { class: "editor-rows", "aria-hidden": "true" });
    this.paper = make("div", { class: "editor-paper" }, this.rows, this.area);
    this.host = host;
    this.shapes = [];
    this.slips = [];
    host.append(this.paper);
    this.area.addEventListener("input", (event) => {
      this.draw();
      // Half a composition is nobody's text yet.
      if (!event.isComposing) input(this.area.value);
    });
    this.area.addEventListener("compositionend", () => input(this.area.value));
    this.area.addEventListener("keydown", (event) => this.key(event));
  }

  get text() {
    return this.area.value;
  }

  /** Another text. What was typed can be undone only within one text. */
  show(text, { label, readOnly }) {
    this.area.setAttribute("aria-label", label);
    this.area.readOnly = readOnly;
    if (this.area.value !== text) this.area.value = text;
    this.slips = [];
    this.draw();
    this.host.scrollTop = 0;
    this.area.setSelectionRange(0, 0);
  }

  /** Puts another text in place of this one as if it had been typed, so that it can be undone; selects lines from 0. */
  replace(text, start = null, end = start) {
    const before = this.area.value;
    let head = 0;
    while (head < before.length && head < text.length && before[head] === text[head]) head += 1;
    let tail = 0;
    while (tail < before.length - head && tail < text.length - head && before.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(head, before.length - tail);
    this.insert(text.slice(head, text.length - tail));
    if (start !== null) this.select(start, end);
  }

  insert(text) {
    const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (done) return;
    this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
    this.area.dispatchEvent(new InputEvent("input"));
  }

  /** Enter keeps the indentation, and goes one step in behind a bar or a colon. */
  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || isComposing(event) || this.area.readOnly) return;
    event.preventDefault();
    const line = this.area.value.slice(0, this.area.selectionStart).split("\n").at(-1);
    const deeper = /[|:]\s*$/.test(line) && !/^\s*#/.test(line) ? STEP : "";
    this.insert(`\n${/^ */.exec(line)[0]}${deeper}`);
    this.reveal(this.area.value.slice(0, this.area.selectionStart).split("\n").length - 1);
  }

  /** Lines from 0, the end exclusive; without an end the caret goes to the end of the line. */
  select(start, end) {
    const lines = this.area.value.split("\n");
    const offset = (line) => lines.slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
    const last = Math.min(Math.max(end, start + 1), lines.length) - 1;
    const stop = offset(last) + lines[last].length;
    this.area.setSelectionRange(end > start ? offset(start) : stop, stop);
    this.area.focus({ preventScroll: true });
    this.reveal(start);
  }

  /** Goes to a mistake: line and column from 1, in characters. */
  goTo({ line, column, length }) {
    const lines = this.area.value.split("\n");
    const at = Math.min(Math.max(line, 1), lines.length) - 1;
    // Without a column the line is meant.
    if (column < 1) return this.select(at, at + 1);
    const start = lines.slice(0, at).join("\n").length + (at > 0 ? 1 : 0);
    const units = (count) => [...lines[at]].slice(0, Math.max(count, 0)).join("").length;
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(start + units(column - 1), start + units(column - 1 + Math.max(length, 0)));
    return this.reveal(at);
  }

  reveal(line) {
    const row = this.rows.children[line];
    if (!row) return;
    const top = row.offsetTop;
    const { scrollTop, clientHeight } = this.host;
    if (top < scrollTop + 30 || top + row.offsetHeight > scrollTop + clientHeight - 30) this.host.scrollTop = top - clientHeight / 3;
  }

  /** Marks mistakes: `[{severity, line, column, length}]`. */
  mark(slips) {
    this.slips = slips;
    this.draw();
  }

  /** Draws anew the lines that changed. */
  draw() {
    const lines = this.area.value.split("\n");
    const slips = grouped(this.slips, (slip) => slip.line);
    const shapes = lines.map((text, at) => JSON.stringify([text, slips.get(at + 1) ?? null]));
    let head = 0;
    while (head < shapes.length && head < this.shapes.length && shapes[head] === this.shapes[head]) head += 1;
    let tail = 0;
    while (tail < shapes.length - head && tail < this.shapes.length - head && shapes.at(-1 - tail) === this.shapes.at(-1 - tail)) tail += 1;
    for (let gone = this.shapes.length - tail; gone > head; gone -= 1) this.rows.children[head].remove();
    const before = this.rows.children[head] ?? null;
    for (let at = head; at < lines.length - tail; at += 1) this.rows.insertBefore(row(lines[at], slips.get(at + 1)), before);
    this.shapes = shapes;
  }
}

/** A line of the copy, in pieces. */
function row(text, slips = []) {
  const severity = slips.some((slip) => slip.severity === "error") ? "error" : slips.length ? "warning" : null;
  const letters = [...text];
  const piece = (from, to, kind) => make("i", { "data-text": letters.slice(from, to).join(""), "data-slip": kind });
  const [slip] = slips.filter((one) => one.column > 0).sort((a, b) => a.column - b.column);
  if (!slip) return make("div", { class: "editor-row", "data-severity": severity }, piece(0, letters.length, null));
  const from = Math.min(slip.column - 1, letters.length);
  const to = Math.min(from + Math.max(slip.length, 1), letters.length);
  return make("div", { class: "editor-row", "data-severity": severity }, piece(0, from, null), piece(from, to, slip.severity), piece(to, letters.length, null));
}
