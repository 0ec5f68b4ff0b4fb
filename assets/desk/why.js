// Why the chat is here: the reason, what the customer's own words gave away, what is still to be answered.

import { byId, fill, make, setAttribute } from "/assets/ui/dom.js";
import { cut } from "/assets/ui/spans.js";
import { inWords, known, language, onLanguage, say } from "/assets/ui/words.js";
import { on, state } from "./state.js";
import { reason } from "./line.js";
import { wordsOf } from "./timeline.js";
import { viewOf } from "./views.js";

const HAN = /\p{Script=Han}/u;
const CLAUSE = /[，。！？、；：,!?;\n]|\.(?=\s|$)/u;
/** In characters. */
const LONGEST = { han: { quote: 24, clause: 12 }, other: { quote: 48, clause: 40 } };
const longest = (text) => (HAN.test(text) ? LONGEST.han : LONGEST.other);

export function startWhy() {
  on("open", renderWhy);
  on("view", (id) => id === state.open?.id && renderWhy());
  onLanguage(renderWhy);
}

function renderWhy() {
  const view = state.open && viewOf(state.open.id);
  const turn = view?.turns?.at(-1);
  const needed = ["waiting", "agent"].includes(view?.state);
  const handed = needed ? view.turns.findLast((one) => one.decision === "hand_off") : null;
  const words = turn ? wordsOf(view, turn) : [];
  const missing = view?.open_requests ?? [];
  setAttribute(byId("why"), "data-act", (handed ?? turn)?.decision);
  fill(byId("why-body"), [turn, handed?.id, words, missing], () => {
    if (!turn) return [make("p", { class: "empty" }, say(view ? "why.none" : "loading"))];
    const main = handed ?? turn;
    return [
      make(
        "p",
        { class: "verdict" },
        make(
          "span",
          { class: "pill", "data-kind": main.decision === "hand_off" ? "due" : "good" },
          say(`act.${main.decision}`),
        ),
        " ",
        reason(main),
      ),
      because(turn, words),
      open(missing),
      details(turn, words),
    ];
  });
}

/** "Because of": the customer's own words, and what was read out of them. */
function because(turn, words) {
  const quotes = new Map();
  const text = (span) => (words[span.message] ? cut(words[span.message].text, span) : null);
  const { intents = [], slots = [], mentions = [] } = turn.understood ?? {};
  for (const one of [...slots, ...mentions]) {
    const said = text(one.span);
    if (said) quotes.set(said, known(`read.${one.kind}`) ? say(`read.${one.kind}`) : one.kind);
  }
  const spoke = intents.flatMap((one) => one.evidence).filter((one) => one.kind !== "model" && one.kind !== "near");
  for (const span of joined(spoke.flatMap((one) => one.spans))) {
    const said = text(span);
    if (said && said.length <= longest(said).quote && ![...quotes.keys()].some((other) => other.includes(said)))
      quotes.set(inClause(said, words[span.message].text), null);
  }
  if (!quotes.size) return null;
  const chips = [...quotes]
    .slice(0, 6)
    .map(([quote, kind]) => make("li", {}, kind ? `${kind} ` : null, make("q", {}, quote)));
  return make("div", { class: "because" }, make("span", {}, say("why.because")), make("ul", {}, chips));
}

/** What gave it away may begin in the middle of a word: a short clause is quoted whole. */
function inClause(said, text) {
  const clause = text
    .split(CLAUSE)
    .find((one) => one.includes(said))
    ?.trim();
  return clause && clause.length <= longest(clause).clause ? clause : said;
}

/** Spans that overlap or touch, as one: each word is told once. */
function joined(spans) {
  const out = [];
  for (const span of [...spans].sort((a, b) => a.message - b.message || a.start - b.start)) {
    const last = out.at(-1);
    if (last?.message === span.message && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else out.push({ ...span });
  }
  return out;
}

function open(missing) {
  if (!missing.length) return null;
  return make(
    "div",
    { class: "because open-requests" },
    make("span", {}, say("why.open")),
    make(
      "ul",
      {},
      missing.map((one) => make("li", {}, inWords(one.title) ?? one.intent)),
    ),
  );
}

function details(turn) {
  const { intents = [], lost = [] } = turn.understood ?? {};
  if (!intents.length && !lost.length) return null;
  const rows = intents.map((one) => {
    const share = Math.round(one.confidence * 100);
    const lines = one.evidence.filter((piece) => piece.line).slice(0, 3);
    return make(
      "li",
      {},
      make(
        "div",
        { class: "intent" },
        make("b", {}, title(turn, one.intent)),
        make("span", { class: "bar", share: `${share}%`, "aria-hidden": "true" }),
        make("span", { class: "share", "aria-label": say("match.label", { n: share }) }, `${share}%`),
      ),
      lines.map((piece) =>
        make(
          "small",
          {},
          `${say(known(`kind.${piece.kind}`) ? `kind.${piece.kind}` : "kind.phrase")} `,
          make("q", {}, piece.line),
        ),
      ),
    );
  });
  const also = lost.slice(0, 4).map((one) => {
    const by =
      typeof one.why?.by === "string" ? (turn.titles?.[one.why.by] ? title(turn, one.why.by) : one.why.by) : "";
    return make(
      "li",
      {},
      make("span", { class: "soft" }, `${title(turn, one.intent)} · ${say(`lost.${one.why?.because}`, { by })}`),
    );
  });
  return make(
    "details",
    { class: "more" },
    make("summary", {}, say("why.details")),
    make("ul", { class: "intents" }, rows),
    also.length ? [make("h4", {}, say("why.lost")), make("ul", {}, also)] : null,
  );
}

/** A shop may have named its scripts in Chinese alone; what an intent means is always said in English. */
export function title(turn, intent) {
  const named = inWords(turn.titles?.[intent]);
  const foreign = language() === "en" && HAN.test(named ?? "");
  return (foreign ? turn.means?.[intent] : named) ?? turn.means?.[intent] ?? intent;
}
