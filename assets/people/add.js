// Adding somebody, and the one-time link that comes of it.

import { make } from "../ui/dom.js";
import { buttons, openDialog } from "../ui/dialog.js";
import { failed, say } from "../ui/words.js";
import { copy } from "../panel/copy.js";

const ID = /^[\p{L}\p{N}._@-]{2,64}$/u;

/**
 * Asks for a person and adds them; answers {link, name}, or null. `add(person)` throws a Failure; `taken(id)`: who is here
 * already. Without a link they have a password of another shop.
 */
export const addPerson = ({ add, taken }) =>
  openDialog({
    title: say("add.title"),
    id: "add-dialog",
    build: (close) => {
      const id = make("input", { id: "add-id", class: "input", required: true, maxlength: 64, autocomplete: "off", autocapitalize: "none", spellcheck: "false", autofocus: true });
      const name = make("input", { id: "add-name", class: "input", required: true, maxlength: 64, autocomplete: "off" });
      const outsourced = make("input", { id: "add-outsourced", type: "checkbox" });
      const problem = make("p", { class: "notice wrong", role: "alert", hidden: true });
      const go = make("button", { type: "submit", class: "button strong", id: "add-go" }, say("add.go"));
      const tell = (text) => {
        problem.textContent = text;
        problem.hidden = !text;
      };
      const form = make(
        "form",
        {},
        problem,
        labelled("add.id", id, "add.id.hint"),
        labelled("add.name", name, "add.name.hint"),
        make("fieldset", { class: "roles" }, make("legend", {}, say("add.role")), ["agent", "lead", "manager"].map(roleChoice)),
        make("label", { class: "choice" }, outsourced, make("span", {}, make("b", {}, say("add.outsourced")), make("small", {}, say("outsourced.can")))),
        buttons(make("button", { type: "button", class: "button", onclick: () => close() }, say("cancel")), go),
      );
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const person = { id: id.value.trim(), name: name.value.trim(), role: new FormData(form).get("role"), outsourced: outsourced.checked };
        if (!ID.test(person.id)) return tell(say("add.wrong.id"));
        if (taken(person.id)) return tell(say("add.taken"));
        go.disabled = true;
        try {
          close({ link: await add(person), name: person.name });
        } catch (failure) {
          tell(refusal(failure));
          go.disabled = false;
        }
      });
      return form;
    },
  });

function refusal(failure) {
  return failure.status === 422 ? say("add.wrong.id") : failed(failure);
}

const labelled = (key, input, hint) =>
  make("label", { class: "field" }, make("span", {}, say(key)), input, make("small", { class: "hint" }, say(hint)));

const roleChoice = (role) =>
  make(
    "label",
    { class: "choice" },
    make("input", { type: "radio", name: "role", value: role, id: `add-role-${role}`, checked: role === "agent" }),
    make("span", {}, make("b", {}, say(`role.${role}`)), make("small", {}, say(`role.${role}.can`))),
  );

/** Shows a one-time link, with a button that copies it. `purpose`: join or reset. */
export const showLink = (link, name, purpose) =>
  openDialog({
    title: say("link.title"),
    id: "link-dialog",
    build: () => {
      const field = make("input", { id: "link", class: "input", readonly: true, "aria-label": say("link.label") });
      field.value = new URL(link, location.origin).href;
      field.addEventListener("focus", () => field.select());
      const button = make("button", { type: "button", class: "button strong", id: "link-copy", autofocus: true }, say("link.copy"));
      button.addEventListener("click", async () => {
        if (await copy(field.value)) button.textContent = say("link.copied");
      });
      return [
        make("p", {}, say(`link.text.${purpose}`, { name })),
        make("div", { class: "link-row" }, field, button),
        make("p", { class: "hint" }, say("link.again")),
      ];
    },
  });
