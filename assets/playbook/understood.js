// What was understood, and from which words; what the bot does about it.

import { make } from "../ui/dom.js";
import { cut, highlighted } from "../ui/spans.js";
import { inWords, known, language, say } from "../ui/words.js";

const HAN = /\p{Script=Han}/u;
const KINDS = { answer: "good", ask: "person", hand_off: "due" };

/** What the bot does: a pill. In shadow and suggest mode what it would do in auto, and that it doesn't. */
export function act({ decision, held_back: heldBack }) {
  const done = heldBack ?? decision;
  const pill = make("span", { class: "pill", "data-kind": KINDS[done], "data-act": done }, say(`act.${done}`));
  return heldBack ? [pill, " ", make("span", {}, say("replay.held_back"))] : [pill];
}

/** Why: in the service's words, else by the rung's name. */
export const reason = ({ why, rung }) => inWords(why) ?? (known(`rung.${rung}`) ? say(`rung.${rung}`) : rung);

/** A shop may have named its scripts in Chinese alone; what an intent means is said in English. */
function titleOf(turn, intent) {
  const named = inWords(turn.titles?.[intent]);
  const foreign = language() === "en" && HAN.test(named ?? "");
  return (foreign ? turn.means?.[intent] : named) ?? turn.means?.[intent] ?? intent;
}

/** The messages with what gave them away marked, the intents with their evidence, what lost. */
export function understood(turn, messages) {
  const { intents = [], slots = [], mentions = [], lost = [] } = turn.understood ?? {};
  const read = [...slots, ...mentions].filter((one) => messages[one.span?.message] !== undefined);
  const spans = [...intents.flatMap((one) => one.evidence.flatMap((piece) => piece.spans)), ...read.map((one) => one.span)];
  const quotes = messages.map((text, at) => make("p", {}, highlighted(text, spans.filter((one) => one.message === at))));
  return [
    make("blockquote", {}, quotes),
    intents.length ? make("ul", { class: "intents" }, intents.map((one) => intentItem(turn, one))) : read.length ? null : make("p", { class: "empty" }, say("why.nothing")),
    read.length ? make("p", { class: "hint" }, say("why.read"), " ", read.flatMap((one) => [`${say(`read.${one.kind}`)} `, make("q", {}, cut(messages[one.span.message], one.span)), " "])) : null,
    lost.length ? considered(turn, lost.slice(0, 4)) : null,
  ].filter(Boolean);
}

function intentItem(turn, one) {
  const because = one.evidence.slice(0, 3).map((piece) => make("li", {}, `${say(`kind.${piece.kind}`)} `, piece.line ? make("q", {}, piece.line) : null));
  return make(
    "li",
    {},
    make("div", { class: "intent" }, make("b", {}, titleOf(turn, one.intent)), make("span", { class: "bar", share: `${Math.round(one.confidence * 100)}%`, "aria-hidden": "true" }), make("span", { class: "share" }, `${Math.round(one.confidence * 100)}%`)),
    make("ul", { class: "because" }, because),
  );
}

function considered(turn, lost) {
  const rows = lost.map((one) => {
    const by = one.why?.by;
    const name = typeof by === "string" ? (turn.titles?.[by] ? titleOf(turn, by) : by) : "";
    return make("li", {}, make("b", {}, titleOf(turn, one.intent)), ` · ${say(`lost.${one.why?.because}`, { by: name })}`);
  });
  return make("details", { class: "lost" }, make("summary", {}, `${say("why.lost")} (${rows.length})`), make("ul", { class: "because" }, rows));
}
