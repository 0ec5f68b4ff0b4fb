// What was said, and what it was taken for.

import { make } from "../ui/dom.js";
import { known, say } from "../ui/words.js";
import { intentName } from "./names.js";

/** What somebody said, one bubble a message. */
export const words = (who, lines, label = who) => make("div", { class: "said", "data-who": who }, make("span", { class: "who" }, say(`who.${label}`)), lines.map((line) => make("p", { class: "bubble" }, line)));

const pill = (id) => make("span", { class: "pill", "data-kind": "good" }, intentName(id));
const line = ({ intent, kind, line: text }) => make("li", {}, pill(intent), " ", known(`kind.${kind}`) ? say(`kind.${kind}`) : kind, text ? [" ", make("q", {}, text)] : null);

/** What a turn was taken for, because of which lines. `more`: further terms and their descriptions. */
export function because({ because: lines = [], intents }, ...more) {
  const rest = intents.filter((id) => !lines.some(({ intent }) => intent === id));
  const all = [lines.length ? make("ul", {}, lines.map(line)) : null, rest.map(pill)];
  return make("dl", { class: "because" }, make("dt", {}, say("sample.took")), make("dd", {}, lines.length + rest.length ? all : say("sample.nothing")), more);
}
