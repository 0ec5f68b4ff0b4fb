// The weekly sample: one answer at a time, judged by one key.

import { make } from "../ui/dom.js";
import { dialogIsOpen, toast } from "../ui/dialog.js";
import { isComposing, isTyping } from "../ui/composing.js";
import { failed, say } from "../ui/words.js";
import { moment } from "../ui/times.js";
import { chooseIntent } from "./intents.js";
import { handCases } from "./cases.js";
import { intentName } from "./names.js";
import { count, percent } from "./numbers.js";
import { sayDay } from "./period.js";
import { go } from "./place.js";
import { because, words } from "./said.js";
import { state, zone } from "./state.js";
import { why } from "./why.js";

const KEYS = { 1: "right", ArrowRight: "right", 2: "wrong", 3: "should", z: "back", Z: "back", s: "skip", S: "skip" };

export class SampleTab {
  constructor(host) {
    Object.assign(this, { host, sample: null, at: 0, done: [], failure: null, shown: false, asked: 0 });
    document.addEventListener("keydown", (event) => this.key(event));
  }

  hide() {
    this.shown = false;
  }

  async show(week) {
    const mine = ++this.asked;
    const { shop } = state;
    this.shown = true;
    if (this.sample && this.shop === shop.id && (week ?? this.sample.week) === this.sample.week) return this.draw();
    Object.assign(this, { sample: null, shop: shop.id, done: [], failure: null });
    this.draw();
    try {
      const sample = await state.api.sample(week);
      if (mine !== this.asked) return;
      this.sample = sample;
      this.at = this.next(-1);
    } catch (failure) {
      if (mine !== this.asked) return;
      this.failure = failure;
    }
    this.draw();
  }

  /** The next answer that nobody judged, after a place and then from the front; -1: there is none. */
  next(after) {
    const { answers } = this.sample;
    const open = (from) => answers.findIndex((one, at) => at > from && !one.verdict);
    return open(after) >= 0 ? open(after) : open(-1);
  }

  key(event) {
    const what = KEYS[event.key];
    if (!this.shown || !this.sample || !what || isComposing(event) || isTyping(event.target) || dialogIsOpen()) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    event.preventDefault();
    this.act(what);
  }

  async act(what) {
    const one = this.sample.answers[this.at];
    if (what === "back") return this.takeBack();
    if (!one) return;
    if (what === "skip") {
      const open = this.next(this.at);
      if (open >= 0) this.at = open;
      return this.draw();
    }
    if (what !== "should") return this.judge(one, what, null);
    const should = await chooseIntent().catch((failure) => void toast(failed(failure), { kind: "bad" }));
    if (should) this.judge(one, "wrong", should);
  }

  /** Goes on at once; what the service refuses comes back. */
  judge(one, verdict, should) {
    const before = { one, verdict: one.verdict, should: one.should };
    Object.assign(one, { verdict, should });
    this.done.push(before);
    this.at = this.next(this.at);
    this.draw();
    this.send(one, verdict, should, before);
  }

  async send(one, verdict, should, before) {
    try {
      await state.api.judge(one.turn, verdict, should);
    } catch (failure) {
      Object.assign(one, { verdict: before.verdict, should: before.should });
      this.done = this.done.filter((done) => done !== before);
      this.at = this.sample.answers.indexOf(one);
      toast(failed(failure), { kind: "bad" });
      this.draw();
    }
  }

  /** The last one once more: what was said of it before holds again, or, if nothing was, it is judged anew. */
  takeBack() {
    const last = this.done.pop();
    if (!last) return;
    const { one } = last;
    const now = { one, verdict: one.verdict, should: one.should };
    this.at = this.sample.answers.indexOf(one);
    if (last.verdict) {
      Object.assign(one, { verdict: last.verdict, should: last.should });
      this.send(one, last.verdict, last.should, now);
    }
    this.draw();
  }

  draw() {
    if (!this.shown) return;
    const { sample, failure } = this;
    document.documentElement.dataset.ready = sample || failure ? "1" : "0";
    this.host.removeAttribute("aria-busy");
    if (failure) return this.host.replaceChildren(make("p", { class: "notice wrong" }, failed(failure)));
    if (!sample) return this.host.replaceChildren(make("p", { class: "busy" }, say("loading")));
    const focused = document.activeElement?.id;
    this.host.replaceChildren(this.head(), sample.answers.length ? this.card() : make("div", { class: "nothing" }, make("h2", {}, say("sample.none")), make("p", {}, say("sample.none.text"))));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  head() {
    const { week, weeks, answers, population, whole } = this.sample;
    const judged = answers.filter((one) => one.verdict);
    const right = judged.filter((one) => one.verdict === "right").length;
    const options = [...new Set([week, ...weeks])].sort().reverse();
    const select = make("select", { id: "week", class: "input", "aria-label": say("sample.week") }, options.map((one) => make("option", { value: one, selected: one === week }, sayWeek(one))));
    select.addEventListener("change", () => go({ week: select.value }));
    const range = interval(right, judged.length);
    return make(
      "header",
      { class: "sample-head" },
      make("div", {}, make("h2", {}, say("sample.title"), why("sample")), make("p", { class: "hint" }, say("sample.lead", { n: answers.length, all: count(population) }), whole === false ? ` ${say("sample.running")}` : "")),
      select,
      make(
        "div",
        { class: "sample-figures" },
        make("p", { id: "progress" }, make("span", { class: "progress", "aria-hidden": "true" }, make("i", { share: answers.length ? judged.length / answers.length : 0 })), say("sample.progress", { n: judged.length, of: answers.length })),
        make("p", { id: "right-share" }, make("b", {}, judged.length ? percent(right / judged.length) : "–"), " ", say("sample.right", { n: right, of: judged.length }), range ? make("small", { class: "range" }, " ", say("range", { range })) : null),
      ),
    );
  }

  card() {
    const { answers, week } = this.sample;
    const one = answers[this.at];
    const wrong = answers.filter(({ verdict }) => verdict === "wrong").length;
    const cases = make("button", { type: "button", class: one ? "button" : "button strong", id: "cases", disabled: answers.every(({ verdict }) => !verdict), onclick: () => handCases(week) }, say("sample.cases"));
    const back = keyed("back", "Z", { disabled: !this.done.length, onclick: () => this.act("back") });
    if (!one)
      return make("div", { class: "card sample-done", id: "sample-done" }, make("h3", {}, say("sample.done")), make("p", {}, say("sample.done.text", { wrong })), make("p", { class: "sample-foot" }, back, cases));
    return make(
      "article",
      { class: "card sample-card", id: "sample-card", "data-turn": one.turn, "aria-label": say("sample.card", { n: this.at + 1, of: answers.length }) },
      words("customer", one.question),
      words("bot", [one.answer]),
      because(one, make("dt", {}, say("sample.said")), make("dd", {}, one.scripts.map((id) => make("span", { class: "pill" }, intentName(id))))),
      one.verdict ? make("p", { class: "hint" }, say(`sample.was.${one.verdict}`), one.should ? ` → ${intentName(one.should)}` : "") : null,
      make("p", { class: "hint" }, moment(one.at, Date.now(), zone()), " · ", make("a", { href: `/desk#${encodeURIComponent(state.shop.id)}/${encodeURIComponent(one.conversation)}`, target: "_blank", rel: "noopener" }, say("open.chat"))),
      make(
        "p",
        { class: "sample-foot" },
        keyed("right", "1", { class: "button strong", onclick: () => this.act("right") }, "→"),
        keyed("wrong", "2", { class: "button danger", onclick: () => this.act("wrong") }),
        keyed("should", "3", { onclick: () => this.act("should") }),
        make("span", { class: "spring" }),
        back,
        keyed("skip", "S", { onclick: () => this.act("skip") }),
        cases,
      ),
    );
  }
}

const keyed = (what, key, attributes, other = null) => make("button", { type: "button", class: "button", id: `do-${what}`, ...attributes }, say(`sample.do.${what}`), make("kbd", { "aria-hidden": "true" }, key), other ? make("kbd", { "aria-hidden": "true" }, other) : null);

/** `2026-W47` with its days. */
function sayWeek(week) {
  const [year, number] = week.split("-W").map(Number);
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = new Date(fourth.getTime() + ((number - 1) * 7 - ((fourth.getUTCDay() || 7) - 1)) * 86_400_000);
  const at = (days) => sayDay(new Date(monday.getTime() + days * 86_400_000).toISOString().slice(0, 10));
  return say("week.of", { year, n: number, from: at(0), to: at(6) });
}

/** Wilson's interval, as the service has it: the share is counted on while somebody judges. */
function interval(right, all) {
  if (!all) return null;
  const z = 1.959964;
  const share = right / all;
  const middle = share + (z * z) / (2 * all);
  const spread = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all));
  const whole = 1 + (z * z) / all;
  return `${percent(Math.max(0, (middle - spread) / whole))}–${percent(Math.min(1, (middle + spread) / whole))}`;
}
