// The order in question, in short: the card in the page's language.

import { make } from "../ui/dom.js";
import { language, say } from "../ui/words.js";

/** Nodes for an OrderView; none without one. */
export function orderCard(order) {
  const card = order?.cards.find((one) => one.language === language()) ?? order?.cards[0];
  if (!card) return [];
  // Where most values come from is said once; a value from elsewhere says so itself.
  const usual = card.lines[0]?.origin;
  const rows = card.lines.map((line) => {
    const elsewhere = line.origin === usual ? null : make("small", {}, line.origin);
    return make("div", {}, make("dt", {}, line.label), make("dd", {}, line.value, elsewhere));
  });
  return [
    make("summary", {}, make("b", {}, card.headline), make("span", { class: "number" }, order.summary.number)),
    make("dl", {}, rows),
    usual ? make("p", { class: "hint" }, `${say("order.source")} ${usual}`) : null,
  ].filter(Boolean);
}
