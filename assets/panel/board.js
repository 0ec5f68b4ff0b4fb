// The body of the panel and of the embedded frame: a box for the customer's words, the order, the replies.

import "./words.js";
import { fill, make } from "../ui/dom.js";
import { isComposing, isTyping } from "../ui/composing.js";
import { dialogIsOpen } from "../ui/dialog.js";
import { failed, language, onLanguage, say } from "../ui/words.js";
import { Card } from "./card.js";
import { houseNames, asMessages, readChat } from "./paste.js";
import { orderCard } from "./order.js";
import { readings } from "./readings.js";
import { layOut } from "./shape.js";

const TYPING_MS = 350;
/** A set counts as shown once it has stood there for so long: not at every letter. */
const SEEN_MS = 1200;
const KEPT = "xiaoer.panel.house";
const SEARCH = /^[/、]/u;
const SEARCH_AT_MOST = 60;
/** What platforms number orders with: longer than phones and tracking numbers. */
const ORDER = /(?<!\d)\d{16,24}(?!\d)/g;

export class Board {
  /** `use(text)` answers whether it worked; `verb`: copy or put. */
  constructor(host, { verb, use }) {
    this.parts = layOut(host, verb);
    Object.assign(this, { verb, use, api: null, context: null, answer: null, found: null, failure: null, cards: [], busy: false });
    this.house = new Set(remembered());
    this.chat = null;
    this.reported = new Set();
    this.listen();
    onLanguage(() => this.render());
    this.render();
  }

  /** Another shop, or another token: what was asked is asked anew. */
  connect(api) {
    this.api = api;
    this.reset();
    this.ask(0);
  }

  /** What a desk around us talks about. */
  talkAbout(context) {
    this.context = context;
    this.reset();
    this.ask(0);
  }

  /** Another chat: what was typed for the last one goes. */
  forget() {
    this.parts.box.value = this.parts.number.value = "";
    this.chat = null;
  }

  reset() {
    this.answer = this.found = this.failure = null;
    this.render();
  }

  listen() {
    const { box, number, clear } = this.parts;
    box.addEventListener("input", (event) => event.isComposing || this.read(/^insertFrom(?:Paste|Drop)$/.test(event.inputType) ? 0 : TYPING_MS));
    box.addEventListener("compositionend", () => this.read(TYPING_MS));
    // A box that is gone to again is about to be pasted over.
    box.addEventListener("focus", () => setTimeout(() => box.matches(":focus") && box.select()));
    number.addEventListener("input", () => this.ask(TYPING_MS));
    clear.addEventListener("click", () => this.clear());
    this.listenIn(document);
  }

  /** Keys, and words that are pasted or dropped anywhere in a document that the board stands in. */
  listenIn(page) {
    page.addEventListener("keydown", (event) => this.key(event));
    page.addEventListener("paste", (event) => {
      if (!isTyping(event.target) && !dialogIsOpen()) this.take(event, event.clipboardData);
    });
    page.addEventListener("dragover", (event) => event.preventDefault());
    page.addEventListener("drop", (event) => this.take(event, event.dataTransfer));
  }

  take(event, data) {
    const text = data?.getData("text/plain");
    event.preventDefault();
    if (text) this.put(text);
  }

  /** Words for the box, in place of what is there. */
  put(text) {
    this.parts.box.value = text;
    this.read(0);
  }

  clear() {
    const { box, number } = this.parts;
    box.value = number.value = "";
    this.read(0);
    box.focus();
  }

  key(event) {
    if (isComposing(event) || event.ctrlKey || event.metaKey || dialogIsOpen()) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.clear();
      return;
    }
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    const card = digit && this.cards[digit - 1];
    if (!card || event.shiftKey || (isTyping(event.target) && !event.altKey)) return;
    event.preventDefault();
    card.press();
  }

  read(wait) {
    const text = this.parts.box.value;
    const lines = SEARCH.test(text.trim()) ? null : readChat(text);
    this.chat = lines && { lines, ...houseNames(lines, this.house) };
    if (!text.trim()) this.answer = this.found = this.failure = null;
    this.ask(wait);
  }

  /** A name was clicked: the house's own names are remembered, never a customer's. */
  turn(name) {
    const { house } = this.chat;
    if (house.delete(name)) this.house.delete(name);
    else {
      house.add(name);
      this.house.add(name);
    }
    remember([...this.house].slice(-50));
    this.ask(0);
  }

  /** What is asked for: a search, the words in the box, or what the desk around us talks about. */
  question() {
    const text = this.parts.box.value.trim();
    const number = this.parts.number.value.trim();
    const numbers = number ? [number] : [...new Set(text.match(ORDER))].slice(0, 5);
    if (SEARCH.test(text)) return { search: [...text.slice(1).trim()].slice(0, SEARCH_AT_MOST).join("") };
    if (text) {
      const messages = this.chat ? asMessages(this.chat.lines, this.chat.house) : [{ from: "customer", text }];
      return { messages, customer_id: null, order_numbers: numbers };
    }
    if (!this.context) return null;
    return { ...this.context, order_numbers: number ? [number] : this.context.order_numbers };
  }

  ask(wait) {
    clearTimeout(this.timer);
    this.under?.abort();
    const question = this.question();
    const nobody = question?.messages && !question.messages.some((one) => one.from === "customer");
    if (!question || nobody || !this.api) {
      if (!question || nobody) this.answer = this.found = null;
      this.busy = false;
      this.render();
      return;
    }
    this.busy = true;
    this.render();
    this.timer = setTimeout(() => this.fetch(question), wait);
  }

  async fetch(question) {
    const under = (this.under = new AbortController());
    try {
      if ("search" in question) {
        this.found = (await this.api.scripts(question.search, this.answer?.language ?? language(), under.signal)).scripts;
      } else {
        this.answer = await this.api.suggest(question, under.signal);
        this.found = null;
      }
      this.failure = null;
    } catch (failure) {
      if (failure.kind === "aborted") return;
      // What was found for other words must not stand below these.
      this.answer = this.found = null;
      this.failure = failure;
    }
    this.busy = false;
    this.render();
    this.parts.list.scrollTop = 0;
  }

  async used(script, text) {
    if (!(await this.use(text, script))) return false;
    this.parts.spoken.textContent = `${say(this.verb === "copy" ? "card.copied" : "card.put.done")}: ${script.title ?? ""}`;
    // Counting must not disturb who works; a script of the library is of no set.
    if (!this.found) this.api.used(script.id, text).catch(() => {});
    return true;
  }

  /** Tells that a set was on the screen, once a set. */
  report(first) {
    clearTimeout(this.seen);
    if (!first || this.reported.has(first.id)) return;
    this.seen = setTimeout(() => {
      if (document.hidden) return;
      this.reported.add(first.id);
      this.api.shown(first.id).catch(() => this.reported.delete(first.id));
    }, SEEN_MS);
  }

  render() {
    const { parts, chat, answer, found, failure, busy } = this;
    const text = parts.box.value.trim();
    const idle = !text && !this.context;
    parts.clear.hidden = !text && !parts.number.value;
    parts.hello.hidden = !idle || Boolean(failure);
    this.renderHeard(chat);
    this.renderSaid(!text && this.context);
    parts.order.hidden = !answer?.order || Boolean(found);
    fill(parts.order, answer?.order, () => orderCard(answer?.order));
    this.renderUnderstood(found ? null : answer);
    this.renderCards(found ?? answer?.suggestions ?? []);
    const nobody = chat && chat.lines.every((line) => chat.house.has(line.name));
    const none = !busy && !this.cards.length && !idle && (found || answer);
    const words = failure ? failed(failure) : nobody ? say("heard.nobody") : none ? say(found ? "cards.none_found" : "cards.none") : busy && !this.cards.length ? say("loading") : "";
    parts.notice.hidden = !words;
    parts.notice.className = failure ? "notice wrong" : "empty";
    fill(parts.notice, words, () => [words, failure ? make("button", { type: "button", class: "link", onclick: () => this.ask(0) }, ` ${say("again")}`) : ""]);
    parts.main.setAttribute("aria-busy", String(busy));
  }

  renderHeard(chat) {
    this.parts.heard.hidden = !chat;
    fill(this.parts.heard, chat && [chat.names, [...chat.house]], () =>
      (chat?.names ?? []).map((name) => {
        const role = say(chat.house.has(name) ? "heard.house" : "heard.customer");
        return make(
          "button",
          { type: "button", class: "who", "data-role": chat.house.has(name) ? "house" : "customer", title: say("heard.turn", { name, role }), onclick: () => this.turn(name) },
          make("span", {}, name),
          make("b", {}, role),
        );
      }),
    );
  }

  /** Quietly: what the customer's words were taken for, and how surely. */
  renderUnderstood(answer) {
    const read = answer ? readings(answer) : [];
    this.parts.understood.hidden = read.length === 0;
    fill(this.parts.understood, read, () => [
      make("b", {}, say("understood")),
      " ",
      read.map(({ words, share }) => make("span", { title: say("match.label", { n: share }) }, `${words} `, make("small", {}, `${share}%`))),
    ]);
  }

  renderSaid(context) {
    const said = context ? lastRun(context.messages) : [];
    this.parts.said.hidden = said.length === 0;
    fill(this.parts.said, said, () => [make("b", {}, say("said")), ...said.map((text) => make("p", {}, text))]);
  }

  renderCards(scripts) {
    this.parts.list.dataset.stale = String(this.busy);
    const changed = fill(this.parts.list, scripts, () => {
      this.cards = scripts.map((script, at) => new Card(script, at + 1, this.verb, (one, text) => this.used(one, text)));
      return this.cards.map((card) => card.node);
    });
    if (changed) this.report(this.found ? null : scripts[0]);
  }
}

/** The customer's last words in one go. */
function lastRun(messages) {
  const last = messages.findLastIndex((one) => one.from === "customer");
  const before = messages.slice(0, Math.max(last, 0)).findLastIndex((one) => one.from !== "customer");
  return messages.slice(before + 1, last + 1).map((one) => one.text);
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
}

function remember(names) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(names));
  } catch {
    // Then it holds for this visit.
  }
}
