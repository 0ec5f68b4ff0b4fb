// The customer's side. What is typed stays until it has arrived: a message that failed keeps its bubble and a retry.

import { sendOnEnter } from "../ui/composing.js";
import { byId, fill, make } from "../ui/dom.js";
import { clock } from "../ui/times.js";
import { language, say } from "../ui/words.js";
import { Failure, page } from "./net.js";
import { span } from "./times.js";
import { chips } from "./words.js";

const KEPT = `xiaoer.try.${page.shop}`;
const LOOK_MS = 500;
const QUIET_MS = 2000;
const HIDDEN_MS = 5000;
/** After this long without news the page looks less often. */
const QUIET_AFTER_MS = 60_000;
const TRIES_WHEN_BUSY = 5;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** crypto.randomUUID is there on secure origins alone. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Chat {
  visitor = null;
  person = null;
  view = { state: "bot", thinking: false, lines: [] };
  pending = [];
  nodes = new Map();
  lastNews = Date.now();
  failure = null;
  sending = Promise.resolve();
  wake = () => {};
  onVisitor = () => {};

  constructor({ onState }) {
    this.onState = onState;
    const form = byId("composer");
    const area = byId("words");
    sendOnEnter(area, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = area.value.trim();
      if (!text) return;
      area.value = "";
      this.send(text);
    });
    document.addEventListener("visibilitychange", () => this.wake());
    addEventListener("online", () => this.wake());
  }

  /** Goes on where this tab was, or begins. */
  async start(people) {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
      // Somebody may have been chosen who can't be chosen here any more.
      if (kept?.visitor && (!kept.person || people.includes(kept.person))) ({ visitor: this.visitor, person: this.person } = kept);
    } catch {
      // Storage is shut off: every visit begins anew.
    }
    while (!this.visitor && !(await this.begin(null))) await pause(QUIET_MS);
    this.poll();
  }

  /** A new conversation, as one of the demo's customers or as somebody new. */
  async begin(person) {
    try {
      this.visitor = await page.ticket(person);
    } catch (failure) {
      this.tell(failure);
      return false;
    }
    this.person = person;
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ visitor: this.visitor, person }));
    } catch {
      // As above.
    }
    this.view = { state: "bot", thinking: false, lines: [] };
    this.pending = this.pending.filter((message) => message.state !== "arrived");
    this.clear();
    this.tell(null);
    this.onVisitor(this.visitor);
    this.render();
    this.wake();
    return true;
  }

  clear() {
    byId("lines").replaceChildren();
    this.nodes.clear();
  }

  send(text) {
    const message = { id: newId(), text, at: Date.now(), state: "sending" };
    this.pending.push(message);
    this.render();
    this.deliver(message);
  }

  retry(message) {
    message.state = "sending";
    this.render();
    this.deliver(message);
  }

  /** One after the other, so that they arrive in the order of writing. */
  deliver(message) {
    this.sending = this.sending.then(() => this.attempt(message));
  }

  async attempt(message) {
    for (let tries = 0; message.state === "sending"; tries += 1) {
      try {
        await page.say(this.visitor.ticket, message.id, message.text);
        message.state = "arrived";
        this.tell(null);
      } catch (failure) {
        await this.mend(failure, message, tries);
      }
    }
    this.lastNews = Date.now();
    this.render();
    this.wake();
  }

  async mend(failure, message, tries) {
    if (failure.kind === "busy" && tries < TRIES_WHEN_BUSY) {
      await pause(Math.max(failure.wait, 1) * 1000);
    } else if (failure.kind === "expired" && tries === 0 && (await this.begin(this.person))) {
      // A day has gone by: the same words under a new ticket.
    } else {
      message.state = "failed";
      this.tell(failure);
    }
  }

  async poll() {
    for (let failed = 0; ; ) {
      const visitor = this.visitor;
      try {
        const view = await page.read(visitor.ticket);
        failed = 0;
        if (visitor === this.visitor) this.take(view);
      } catch (failure) {
        failed += 1;
        if (failure instanceof Failure && failure.kind === "expired") await this.begin(this.person);
        else if (failed > 1) this.tell(failure);
      }
      await this.rest(failed);
    }
  }

  rest(failed) {
    const quiet = Date.now() - this.lastNews > QUIET_AFTER_MS;
    const ms = document.hidden ? HIDDEN_MS : quiet ? QUIET_MS : LOOK_MS;
    return new Promise((done) => {
      const timer = setTimeout(done, Math.min(ms * 2 ** Math.min(failed, 4), 8000));
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  take(view) {
    const arrived = new Set(view.lines.map((line) => line.id).filter(Boolean));
    this.pending = this.pending.filter((message) => !arrived.has(message.id));
    if (JSON.stringify(view) !== JSON.stringify(this.view)) this.lastNews = Date.now();
    this.view = view;
    if (this.failure && !this.pending.some((message) => message.state === "failed")) this.tell(null);
    this.render();
  }

  /** Says kindly what went wrong; null: all is well again. */
  tell(failure) {
    this.failure = failure;
    const notice = byId("chat-notice");
    notice.hidden = !failure;
    notice.textContent = failure ? say(`failure.${failure.kind ?? "server"}`) : "";
  }

  render() {
    const log = byId("log");
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    const lines = [...this.view.lines, ...this.pending.map((message) => ({ from: "customer", ...message }))];
    byId("hello").hidden = lines.length > 0;
    const list = byId("lines");
    const wanted = lines.map((line, place) => this.bubble(line, place, lines[place - 1]));
    wanted.forEach((node, place) => {
      if (list.children[place] !== node) list.insertBefore(node, list.children[place] ?? null);
    });
    while (list.children.length > wanted.length) list.lastChild.remove();
    const waits = this.pending.some((message) => message.state === "arrived");
    byId("typing").hidden = !(this.view.thinking || (waits && this.view.state !== "agent"));
    const presence = byId("presence");
    presence.textContent = say(`presence.${this.view.state}`);
    presence.dataset.state = this.view.state;
    this.tell(this.failure);
    this.onState(this.view.state);
    fill(byId("chips"), language(), () => chips(language()).map((text) => this.chip(text)));
    if (atEnd || lines.at(-1)?.state) log.scrollTop = log.scrollHeight;
  }

  chip({ text, lang }) {
    return make("button", { type: "button", class: "chip", lang, onclick: () => this.send(text) }, text);
  }

  /** Nodes are kept, so that a screen reader is told only what is new. */
  bubble(line, place, before) {
    const key = line.id ?? `${line.from} ${line.at} ${place}`;
    const shape = JSON.stringify([line.text, line.state, line.took, line.from === before?.from, language()]);
    const kept = this.nodes.get(key);
    if (kept?.shape === shape) return kept.node;
    const node = make(
      "li",
      { class: `line ${line.from}${line.from === before?.from ? " same" : ""}${line.state === "failed" ? " failed" : ""}` },
      make("span", { class: "unseen" }, `${say(`from.${line.from}`)}: `),
      make("p", { class: "bubble" }, line.text),
      this.meta(line),
    );
    if (kept) kept.node.replaceWith(node);
    this.nodes.set(key, { shape, node });
    return node;
  }

  meta(line) {
    if (line.state === "failed") {
      const retry = make("button", { type: "button", class: "link", onclick: () => this.retry(this.pending.find((m) => m.id === line.id)) }, say("retry"));
      return make("p", { class: "meta" }, `${say("not.sent")} · `, retry);
    }
    if (line.state === "sending") return make("p", { class: "meta" }, say("sending"));
    const parts = [clock(line.at)];
    if (line.from !== "customer") parts.unshift(say(`from.${line.from}`));
    if (line.took !== undefined) parts.push(say("took", { window: span(line.window), took: span(line.took) }));
    const title = line.took === undefined ? null : say("took.title");
    return make("p", { class: "meta", title }, parts.join(" · "));
  }
}
