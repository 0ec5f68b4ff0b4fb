// Judgements become cases of the playbook: shown first, one line each, and handed over after a yes.

import { make } from "../ui/dom.js";
import { buttons, openDialog, toast } from "../ui/dialog.js";
import { failed, say } from "../ui/words.js";
import { amend } from "../ui/amend.js";
import { intentName } from "./names.js";
import { state } from "./state.js";

export async function handCases(week) {
  let cases;
  try {
    ({ cases } = await state.api.cases(week));
  } catch (failure) {
    return void toast(failed(failure), { kind: "bad" });
  }
  const chosen = await openDialog({ title: say("cases.title"), id: "cases-dialog", wide: true, build: (close) => list(cases, close) });
  if (chosen?.length) amend(state.shop.id, chosen.flatMap(({ amendments }) => amendments), { text: chosen[0].line });
}

function list(cases, close) {
  if (!cases.length) return make("p", { class: "empty" }, say("cases.none"));
  const boxes = cases.map(() => make("input", { type: "checkbox", checked: true }));
  const go = make("button", { type: "button", class: "button strong", id: "cases-go", autofocus: true, onclick: () => close(cases.filter((_, at) => boxes[at].checked)) }, say("cases.go"));
  const one = ({ line, amendments }, at) => make("li", {}, make("label", { class: "check" }, boxes[at], make("span", {}, make("b", {}, line), amendments.map(said))));
  return [make("p", {}, say("cases.text")), make("ul", { class: "cases" }, cases.map(one)), buttons(make("button", { type: "button", class: "button", onclick: () => close() }, say("cancel")), go)];
}

const said = ({ do: what, intent }) => make("small", {}, say(`case.${what}`, { intent: intentName(intent) }));
