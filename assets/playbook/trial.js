// The test box: what would the bot say, now and with the changes?

import { byId, make } from "../ui/dom.js";
import { sendOnEnter } from "../ui/composing.js";
import { gapped } from "../ui/spans.js";
import { failed, onLanguage, say } from "../ui/words.js";
import { act, reason, understood } from "./understood.js";

export class Trial {
  /** `context()` answers {api, changes}. */
  constructor(context) {
    Object.assign(this, { context, answer: null, failure: null, busy: false, stale: false, asked: 0 });
    const form = byId("trial");
    sendOnEnter(byId("trial-words"), form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    onLanguage(() => this.render());
  }

  /** Another shop. */
  reset() {
    Object.assign(this, { answer: null, failure: null, asked: this.asked + 1, busy: false });
    this.render();
  }

  /** The files have changed since. */
  age() {
    if (!this.answer || this.stale) return;
    this.stale = true;
    this.render();
  }

  /** Asks these words, one message a line. */
  tryOut(text) {
    byId("trial-words").value = text;
    return this.ask();
  }

  async ask() {
    const messages = byId("trial-words").value.split("\n").map((line) => line.trim()).filter(Boolean);
    const { api, changes } = this.context();
    if (!messages.length || !api || this.busy) return;
    const asked = ++this.asked;
    const customer = byId("trial-customer").value.trim();
    this.busy = true;
    this.render();
    try {
      const changed = Object.keys(changes).length > 0;
      const [after, now] = await Promise.all([api.ask(changes, messages, customer), changed ? api.ask({}, messages, customer) : null]);
      if (asked !== this.asked) return;
      Object.assign(this, { answer: { messages, after, now }, failure: null, stale: false });
    } catch (failure) {
      if (asked !== this.asked) return;
      this.failure = failure;
    }
    this.busy = false;
    this.render();
  }

  render() {
    const { answer, failure, busy, stale } = this;
    const button = byId("trial-go");
    button.disabled = busy;
    button.textContent = say(busy ? "try.going" : "try.go");
    const host = byId("trial-result");
    host.setAttribute("aria-busy", String(busy));
    const words = failure ? [make("p", { class: "notice wrong", role: "alert" }, brokenOr(failure))] : [];
    host.replaceChildren(...words, ...(answer ? this.result(answer, stale) : []));
  }

  result({ messages, after, now }, stale) {
    const same = now && now.decision === after.decision && now.held_back === after.held_back && now.rung === after.rung && now.reply === after.reply;
    return [
      stale ? make("p", { class: "hint due" }, say("try.again")) : null,
      now && !same ? outcome(now, "try.now", "old") : null,
      outcome(after, now && !same ? "try.after" : null, "new"),
      same ? make("p", { class: "hint" }, say("try.same")) : null,
      make("h3", {}, say("why.understood")),
      ...understood(after, messages),
      suggested(after.suggestions ?? []),
    ].filter(Boolean);
  }
}

/** A draft with mistakes can't be tried. */
export const brokenOr = (failure) => (failure.status === 422 ? say("try.broken") : failed(failure));

/** What the bot does, why, and what it says. */
function outcome(turn, label, kind) {
  const silent = turn.decision === "hand_off" ? say("try.person") : say("try.silent");
  return make(
    "section",
    { class: "outcome", "data-kind": kind, "data-decision": turn.decision, "data-rung": turn.rung },
    make("p", {}, label ? make("small", {}, say(label), " ") : null, act(turn), " ", turn.held_back ? null : reason(turn)),
    turn.reply ? make("p", { class: "bubble" }, turn.reply) : make("p", { class: "empty" }, silent),
  );
}

function suggested(suggestions) {
  if (!suggestions.length) return null;
  const rows = suggestions.map((one) => make("li", {}, make("b", {}, one.title ?? one.intent), make("span", {}, gapped(one.text))));
  return make("details", { class: "suggested" }, make("summary", {}, `${say("try.suggestions")} (${rows.length})`), make("ul", {}, rows));
}
