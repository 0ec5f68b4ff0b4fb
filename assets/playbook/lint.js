// Mistakes, found while one types: all changed files go to the service together, and only the last answer counts.

import { make } from "../ui/dom.js";
import { failed, inWords, say } from "../ui/words.js";

const TYPING_MS = 400;
const SHOWN_AT_MOST = 60;

export class Lint {
  /** `found(news)` runs when a check begins (news is false) and when there is an answer. */
  constructor(found) {
    Object.assign(this, { found, mistakes: [], state: "idle", why: "" });
  }

  /** Checks the draft of a shop, `wait` ms from now. */
  check(api, draft, wait = TYPING_MS) {
    clearTimeout(this.timer);
    this.under?.abort();
    this.state = "checking";
    this.found(false);
    this.timer = setTimeout(() => this.run(api, draft), wait);
  }

  async run(api, draft) {
    const under = (this.under = new AbortController());
    try {
      this.mistakes = await api.lint(draft.changes, under.signal);
      this.state = "done";
    } catch (failure) {
      if (failure.kind === "aborted") return;
      this.state = "failed";
      this.why = failed(failure);
    }
    if (under === this.under) this.found(true);
  }

  /** What the service said at publishing stands until something is changed: it runs the cases too. */
  take(mistakes) {
    this.reset();
    Object.assign(this, { mistakes, state: "done" });
    this.found(true);
  }

  /** Another shop: nothing is known of it. */
  reset() {
    clearTimeout(this.timer);
    this.under?.abort();
    Object.assign(this, { mistakes: [], state: "idle" });
  }

  of(path) {
    return this.mistakes.filter((one) => one.path === path);
  }

  get errors() {
    return this.mistakes.filter((one) => one.severity === "error").length;
  }

  get warnings() {
    return this.mistakes.length - this.errors;
  }

  /** By path, the worst there is. */
  get worst() {
    const worst = new Map();
    for (const { path, severity } of this.mistakes) if (worst.get(path) !== "error") worst.set(path, severity);
    return worst;
  }

  /** One line for the head of the list. */
  get summary() {
    if (this.state === "checking" && !this.mistakes.length) return say("lint.checking");
    if (this.state === "failed") return say("lint.failed", { why: this.why });
    return this.mistakes.length ? say("lint.count", { errors: this.errors, warnings: this.warnings }) : say("lint.fine");
  }
}

/** The list of mistakes, errors first; `shownLine` is where a line stands in the editor, if not where it does in the file; `titleOf(path)` names other files; `go(mistake)` leads there. */
export function mistakeList(mistakes, { here = null, titleOf, go }) {
  const rank = (one) => (one.path === here ? 0 : 2) + (one.severity === "error" ? 0 : 1);
  const sorted = [...mistakes].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path) || a.line - b.line);
  const items = sorted.slice(0, SHOWN_AT_MOST).map((one) => make("li", {}, mistakeItem(one, one.path === here ? null : titleOf(one.path), go)));
  const left = sorted.length - items.length;
  return [...items, ...(left > 0 ? [make("li", { class: "hint" }, say("lint.more", { n: left }))] : [])];
}

function mistakeItem(one, title, go) {
  return make(
    "button",
    { type: "button", class: "mistake", "data-severity": one.severity, "data-code": one.code, onclick: () => go(one) },
    make(
      "span",
      { class: "mistake-head" },
      make("span", { class: "pill", "data-kind": one.severity === "error" ? "bad" : "due" }, say(`lint.${one.severity}`)),
      make("b", {}, inWords(one.message) ?? one.code),
      make("small", {}, [title, one.line > 0 ? say("lint.place", { line: one.shownLine ?? one.line }) : null].filter(Boolean).join(" · ")),
    ),
    one.source && one.line > 0 ? make("code", { class: "mistake-source" }, pointed(one)) : null,
    one.help ? make("span", { class: "mistake-help" }, inWords(one.help)) : null,
  );
}

/** The line with the place marked that is meant. */
function pointed({ source, column, length }) {
  const letters = [...source];
  if (column < 1) return source;
  const from = Math.min(column - 1, letters.length);
  const to = Math.min(from + Math.max(length, 1), letters.length);
  const meant = letters.slice(from, to).join("");
  return [letters.slice(0, from).join(""), make("mark", { class: "slip" }, meant.trim() ? meant : "␣"), letters.slice(to).join("")];
}
