// One person in the list.

import { make } from "../ui/dom.js";
import { dropsMenu, menuItem } from "../ui/menu.js";
import { say } from "../ui/words.js";

const ROLES = ["agent", "lead", "manager"];
const KINDS = { online: "good", busy: "due", away: "due" };

/** The head of the list. */
export const headRow = () =>
  make(
    "div",
    { class: "row head", role: "row" },
    ["person", "role", "outsourced", "state", "do"].map((key) =>
      make("span", { role: "columnheader" }, key === "do" ? make("span", { class: "unseen" }, say("col.do")) : say(`col.${key}`)),
    ),
  );

/** `on`: {role(person, role), outsourced(person, yes), reset, disable, enable, remove}. Nobody changes themselves here. */
export function personRow(person, mine, on) {
  const cell = (kind, ...children) => make("span", { role: "cell", class: `cell ${kind}` }, children);
  const roles = ROLES.map((one) => make("option", { value: one, selected: one === person.role }, say(`role.${one}`)));
  const role = make("select", { class: "input", "aria-label": say("role.of", { name: person.name }), disabled: mine, "data-do": "role" }, roles);
  role.addEventListener("change", () => on.role(person, role.value));
  const outsourced = make("input", { type: "checkbox", checked: person.outsourced, disabled: mine, "aria-label": say("outsourced.of", { name: person.name }), "data-do": "outsourced" });
  outsourced.addEventListener("change", () => on.outsourced(person, outsourced.checked));
  const state = person.disabled ? "disabled" : person.state;
  return make(
    "div",
    { class: "row", role: "row", "data-person": person.id, "data-disabled": String(person.disabled) },
    cell("who", make("b", {}, person.name), " ", mine ? make("span", { class: "pill" }, say("you")) : null, make("small", {}, person.id, person.joined === false ? ` · ${say("joined.not")}` : "")),
    cell("role", role),
    cell("outsourced", make("label", { class: "check", title: say("outsourced.can") }, outsourced, make("span", { class: "slim" }, say("col.outsourced")))),
    cell("state", make("span", { class: "pill", "data-kind": person.disabled ? "bad" : KINDS[state] }, say(`state.${state}`))),
    cell("do", mine ? null : menuOf(person, on)),
  );
}

function menuOf(person, on) {
  const button = make("button", { type: "button", class: "icon-button", "aria-label": say("do.more", { name: person.name }), "data-do": "more" }, "⋯");
  const host = make("span", { class: "drops" }, button);
  dropsMenu(button, () => [
    menuItem(say("do.reset"), () => on.reset(person), { id: "do-reset" }),
    person.disabled ? menuItem(say("do.enable"), () => on.enable(person), { id: "do-enable" }) : menuItem(say("do.disable"), () => on.disable(person), { id: "do-disable" }),
    make("hr"),
    menuItem(say("do.remove"), () => on.remove(person), { id: "do-remove", kind: "danger" }),
  ]);
  return host;
}
