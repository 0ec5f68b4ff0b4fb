// The agents' side: the public API and its events, and nothing else. What a shop's own desk can do is no less.

import { sendOnEnter } from "../ui/composing.js";
import { byId, fill, make } from "../ui/dom.js";
import { cut, gapped, gapsOf, highlighted } from "../ui/spans.js";
import { clock } from "../ui/times.js";
import { inWords, language, say } from "../ui/words.js";
import { api } from "./net.js";
import { waited } from "./times.js";

/** Events come in bunches: one look for all of them. */
const GATHER_MS = 60;
const RETRY_MS = 1500;
const HAN = /\p{Script=Han}/u;

export class Desk {
  visitor = null;
  /** Our id of the visitor's conversation, once there is one. */
  own = null;
  /** Which is shown; null: the visitor's. */
  chosen = null;
  view = null;
  waiting = [];
  drafts = new Map();
  origin = null;
  reported = new Set();
  timer = null;
  failure = null;
  asked = 0;
  busy = false;
  /** The text whose gap was pointed out. */
  warned = null;

  constructor() {
    const form = byId("reply");
    this.area = byId("reply-words");
    sendOnEnter(this.area, form);
    this.area.addEventListener("input", () => this.renderOrigin());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.reply();
    });
    for (const what of ["take", "release", "close"]) byId(what).addEventListener("click", () => this.act(what));
    const events = api.events();
    events.addEventListener("open", () => this.look());
    events.addEventListener("message", () => this.look());
    setInterval(() => this.renderQueue(), 1000);
    this.render();
  }

  /** The visitor began anew. */
  follow(visitor) {
    if (visitor === this.visitor) return;
    this.visitor = visitor;
    this.own = null;
    this.choose(null);
  }

  /** The conversation on the desk. */
  get shown() {
    return this.chosen ?? this.own;
  }

  choose(id) {
    this.keepDraft();
    this.chosen = id === this.own ? null : id;
    this.view = null;
    const draft = this.drafts.get(this.shown) ?? { text: "", origin: null };
    this.area.value = draft.text;
    this.origin = draft.origin;
    this.look();
    this.render();
  }

  keepDraft() {
    if (this.shown) this.drafts.set(this.shown, { text: this.area.value, origin: this.origin });
  }

  look() {
    this.timer ??= setTimeout(() => this.refresh(), GATHER_MS);
  }

  async refresh() {
    this.timer = null;
    const asked = ++this.asked;
    try {
      const waiting = (await api.waiting()).conversations;
      if (!this.own && this.visitor) await this.find();
      const view = this.shown ? await api.conversation(this.shown) : null;
      // A later look may have been quicker, or another conversation chosen meanwhile.
      if (asked !== this.asked) return;
      this.waiting = waiting;
      this.view = view && view.id === this.shown ? view : null;
      this.tell(null);
    } catch (failure) {
      this.tell(failure);
      setTimeout(() => this.look(), RETRY_MS);
    }
    this.render();
  }

  async find() {
    const visitor = this.visitor;
    const { conversations } = await api.latest();
    const found = conversations.find((one) => one.channel === "try" && one.conversation_id === visitor.conversation_id);
    if (found && visitor === this.visitor) this.own = found.id;
  }

  async act(what) {
    const id = this.shown;
    if (!id) return;
    try {
      await api.act(id, what);
      this.tell(null);
    } catch (failure) {
      this.tell(failure);
    }
    this.look();
  }

  async reply() {
    const text = this.area.value.trim();
    const id = this.shown;
    if (!text || !id || this.busy || this.holdsGap(text)) return;
    this.busy = true;
    const origin = this.origin;
    try {
      await api.reply(id, text, origin?.id);
      this.drafts.delete(id);
      // Something new may have been typed, or another chat chosen, while it went out.
      if (id === this.shown && this.area.value.trim() === text) {
        this.area.value = "";
        this.origin = null;
      }
      this.tell(null);
    } catch (failure) {
      this.tell(failure);
    } finally {
      this.busy = false;
    }
    this.renderOrigin();
    this.look();
  }

  /** A gap never goes out by oversight: the first try selects it, the next sends it as it stands. */
  holdsGap(text) {
    const [gap] = gapsOf(this.area.value);
    if (!gap || this.warned === text) return false;
    this.warned = text;
    this.area.focus();
    this.area.setSelectionRange(gap.index, gap.index + gap.length);
    this.renderOrigin();
    return true;
  }

  tell(failure) {
    this.failure = failure;
    const notice = byId("desk-notice");
    notice.hidden = !failure;
    notice.textContent = failure ? say(`failure.${failure.kind ?? "server"}`) : "";
  }

  render() {
    const view = this.view;
    const state = view?.state ?? "none";
    const pill = byId("state");
    pill.textContent = say(`state.${state}`);
    pill.dataset.state = state;
    byId("desk-sub").textContent = !view ? say("desk.none") : this.chosen ? name(view) : say("desk.own");
    byId("take").disabled = !view || view.state === "agent" || view.state === "closed";
    byId("release").disabled = !view || !["waiting", "agent"].includes(view.state);
    byId("close").disabled = !view || view.state === "closed";
    byId("reply").querySelector("button").disabled = !view;
    this.renderWhy();
    this.renderTalk();
    this.renderSuggestions();
    this.renderOrder();
    this.renderQueue();
    this.renderOrigin();
    this.tell(this.failure);
  }

  renderWhy() {
    const turn = this.view?.turns.at(-1);
    const undecided = this.view?.lines.some((line) => line.from === "customer" && !line.turn_id);
    // While a person is needed, the reason for that stays in sight.
    const needed = ["waiting", "agent"].includes(this.view?.state);
    const handed = needed ? this.view.turns.findLast((one) => one.decision === "hand_off") : null;
    fill(byId("why-body"), [turn, handed, undecided], () => {
      if (!turn) return [make("p", { class: "empty" }, say(undecided ? "why.thinking" : "why.none"))];
      const earlier = handed && handed.id !== turn.id ? make("p", { class: "earlier" }, `${say("why.earlier")}: ${reason(handed)}`) : null;
      return [
        make("p", { class: "verdict" }, make("span", { class: "pill act", "data-act": turn.decision }, say(`act.${turn.decision}`)), " ", reason(turn)),
        earlier,
        this.saidIn(turn),
        understood(turn),
        this.readIn(turn),
        considered(turn),
      ];
    });
  }

  wordsOf(turn) {
    return this.view.lines.filter((line) => line.from === "customer" && line.turn_id === turn.id);
  }

  /** The customer's words of a turn, with what gave them away. */
  saidIn(turn) {
    const said = this.wordsOf(turn);
    const { intents, slots, mentions } = turn.understood;
    const evidence = intents.flatMap((one) => one.evidence.flatMap((piece) => piece.spans));
    const spans = [...evidence, ...[...slots, ...mentions].map((one) => one.span)];
    const quotes = said.map((line, place) =>
      make("p", {}, highlighted(line.text, spans.filter((one) => one.message === place))),
    );
    return quotes.length ? make("blockquote", {}, quotes) : null;
  }

  /** Numbers, days, products and the like, in the customer's own words. */
  readIn(turn) {
    const said = this.wordsOf(turn);
    const read = [...turn.understood.slots, ...turn.understood.mentions].filter((one) => said[one.span.message]);
    if (!read.length) return null;
    const parts = read.map((one) => make("li", {}, `${say(`read.${one.kind}`)} `, make("q", {}, cut(said[one.span.message].text, one.span))));
    return make("div", {}, make("h4", {}, say("why.read")), make("ul", { class: "because" }, parts));
  }

  /** The chat itself; of one's own window it stands beside. */
  renderTalk() {
    byId("talk-card").hidden = !this.chosen || !this.view;
    const lines = this.chosen && this.view ? this.view.lines : [];
    fill(byId("talk"), lines, () =>
      lines.map((line) => {
        const from = line.from.startsWith("agent") ? "agent" : line.from;
        const who = from === "customer" ? name(this.view) : say(`from.${from}`);
        return make("li", { class: from }, make("b", {}, who), ` ${clock(line.at)} `, make("span", {}, line.text));
      }),
    );
  }

  renderSuggestions() {
    const suggestions = this.view?.suggestions ?? [];
    fill(byId("suggestions"), [suggestions, this.view?.turns.at(-1)?.id], () => {
      if (!suggestions.length) return [make("li", { class: "empty" }, say("suggested.none"))];
      return suggestions.map((one) => make("li", {}, this.suggestion(one, this.view.turns)));
    });
    this.report(suggestions[0]);
  }

  suggestion(one, turns) {
    const share = Math.round(one.score * 100);
    const hint = (key, text) => (text ? make("span", { class: "hint" }, make("b", {}, `${say(key)}: `), text) : null);
    return make(
      "button",
      { type: "button", class: "suggestion", onclick: () => this.use(one) },
      make(
        "span",
        { class: "suggestion-head" },
        make("b", {}, scriptTitle(one, turns)),
        make("span", { class: "share", "aria-label": say("match.label", { n: share }) }, say("match", { n: share })),
      ),
      make("span", { class: "suggestion-text" }, gapped(one.text)),
      hint("use.when", one.use_when),
      hint("avoid", one.avoid),
    );
  }

  use(one) {
    this.origin = { id: one.id, text: one.text };
    this.area.value = one.text;
    this.area.focus();
    const [gap] = gapsOf(one.text);
    if (gap) this.area.setSelectionRange(gap.index, gap.index + gap.length);
    this.renderOrigin();
  }

  /** A person who is needed has the set on the screen: counted once a set. */
  report(first) {
    const needed = ["waiting", "agent"].includes(this.view?.state);
    if (!first || !needed || this.reported.has(first.id)) return;
    this.reported.add(first.id);
    api.shown(first.id).catch(() => this.reported.delete(first.id));
  }

  renderOrigin() {
    const text = this.area.value.trim();
    if (!text) this.origin = null;
    const parts = this.origin ? [say(this.origin.text.trim() === text ? "reply.as_it_was" : "reply.edited")] : [];
    const warned = this.warned === text && gapsOf(text).length > 0;
    if (warned) parts.push(say("reply.gap"));
    byId("reply-origin").textContent = parts.join(" · ");
    byId("reply-origin").classList.toggle("warned", warned);
  }

  renderOrder() {
    const order = this.view?.order;
    fill(byId("order-body"), order, () => {
      if (!order) return [make("p", { class: "empty" }, say("order.none"))];
      const card = order.cards.find((one) => one.language === language()) ?? order.cards[0];
      // Where most values come from is said once; a value from elsewhere says so itself.
      const usual = card.lines[0]?.origin;
      const rows = card.lines.map((line) => {
        const elsewhere = line.origin === usual ? null : make("small", {}, line.origin);
        return make("div", {}, make("dt", {}, line.label), make("dd", {}, line.value, elsewhere));
      });
      return [
        make("p", { class: "headline" }, card.headline),
        make("p", { class: "number" }, order.summary.number),
        make("dl", {}, rows),
        usual ? make("p", { class: "source" }, usual) : null,
      ];
    });
  }

  renderQueue() {
    const others = this.waiting.filter((one) => one.id !== this.own);
    const chosen = this.chosen && this.view && !others.some((one) => one.id === this.chosen) ? [this.view] : [];
    const now = Date.now();
    const wait = (one) => (one.state === "waiting" && one.waiting_since ? waited(now - one.waiting_since) : null);
    const mine = this.own ?? "";
    const ownWaits = this.waiting.find((one) => one.id === mine);
    const rows = [
      { id: mine, name: say("desk.own"), state: ownWaits ? "waiting" : null, wait: ownWaits && wait(ownWaits), urgency: ownWaits?.urgency },
      ...[...chosen, ...others].map((one) => ({ id: one.id, name: name(one), state: one.state, wait: wait(one), urgency: one.urgency })),
    ];
    fill(byId("queue-list"), [rows, this.shown], () => [
      ...rows.map((row) => make("li", {}, this.queued(row))),
      rows.length === 1 ? make("li", { class: "empty" }, say("queue.none")) : null,
    ]);
  }

  queued(row) {
    return make(
      "button",
      { type: "button", "aria-pressed": String((row.id || null) === this.shown), onclick: () => this.choose(row.id || null) },
      make("span", { class: "queue-name" }, row.name),
      row.wait ? make("span", { class: "wait" }, say("queue.waiting", { n: row.wait })) : null,
      row.urgency === "high" && row.state === "waiting" ? make("span", { class: "urgent" }, say("urgency.high")) : null,
    );
  }
}

const name = (conversation) => conversation.customer_name ?? conversation.customer_id;

const reason = (turn) => inWords(turn.why) ?? say(`rung.${turn.rung}`);

/** A shop may have named its scripts in Chinese alone; what an intent means is always said in English. */
function title(turn, intent) {
  const named = inWords(turn.titles[intent]);
  const foreign = language() === "en" && HAN.test(named ?? "");
  return (foreign ? turn.means[intent] : named) ?? turn.means[intent] ?? intent;
}

/** A script's own title, unless that is in Chinese while the script is not. */
function scriptTitle(one, turns) {
  // What a question of the bot's was about was understood a turn earlier.
  const turn = turns.findLast((earlier) => one.intent in earlier.means);
  const foreign = HAN.test(one.title ?? "") && !HAN.test(one.text);
  if (one.title && !foreign) return one.title;
  return turn ? title(turn, one.intent) : (one.title ?? one.intent);
}

function understood(turn) {
  const intents = turn.understood.intents;
  if (!intents.length) {
    const { slots, mentions } = turn.understood;
    return slots.length + mentions.length ? null : make("p", { class: "empty nothing" }, say("why.nothing"));
  }
  const rows = intents.map((one) => {
    const share = Math.round(one.confidence * 100);
    const because = one.evidence.slice(0, 3).map((evidence) => {
      return make("li", {}, `${say(`kind.${evidence.kind}`)} `, make("q", {}, evidence.line));
    });
    return make(
      "li",
      {},
      make("div", { class: "intent" }, make("b", {}, title(turn, one.intent)), make("code", {}, one.intent), make("span", { class: "bar", share: `${share}%`, "aria-hidden": "true" }), make("span", { class: "share", "aria-label": say("match.label", { n: share }) }, `${share}%`)),
      make("ul", { class: "because" }, because),
    );
  });
  return make("div", {}, make("h4", {}, say("why.understood")), make("ul", { class: "intents" }, rows));
}

function considered(turn) {
  const lost = turn.understood.lost.slice(0, 4);
  if (!lost.length) return null;
  const rows = lost.map((one) => {
    const by = typeof one.why.by === "string" ? (turn.titles[one.why.by] ? title(turn, one.why.by) : one.why.by) : "";
    return make("li", {}, make("b", {}, title(turn, one.intent)), ` · ${say(`lost.${one.why.because}`, { by })}`);
  });
  return make("details", { class: "lost" }, make("summary", {}, `${say("why.lost")} (${lost.length})`), make("ul", {}, rows));
}
