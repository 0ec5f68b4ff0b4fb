// The form: an account (the first manager alone), a password twice, what the password still needs.

import { make, setAttribute } from "../ui/dom.js";
import { languages } from "../ui/signin.js";
import { inWords, known, say } from "../ui/words.js";
import { rulesOf } from "./rules.js";

const field = (key, input, hint = null) =>
  make("label", { class: "field" }, make("span", { "data-say": key }), input, hint ? make("small", { class: "hint", "data-say": hint }) : null);

const secret = (id) =>
  make("input", { id, class: "input", type: "password", autocomplete: "new-password", required: true, maxlength: 200, "aria-describedby": "rules" });

export class Form {
  /** `submit(body)` throws a Failure if the service doesn't accept. */
  constructor(invitation, submit) {
    this.invitation = invitation;
    this.first = invitation.purpose === "first_manager";
    this.submit = submit;
    this.refused = null;
    this.id = make("input", { id: "welcome-id", class: "input", name: "username", autocomplete: "username", autocapitalize: "none", spellcheck: "false", required: true, maxlength: 64 });
    this.id.value = invitation.id ?? "";
    this.id.readOnly = !this.first;
    this.name = make("input", { id: "welcome-name", class: "input", autocomplete: "name", required: true, maxlength: 64 });
    this.name.value = invitation.name ?? "";
    this.password = secret("welcome-password");
    this.again = secret("welcome-again");
    this.show = make("input", { id: "welcome-show", type: "checkbox" });
    this.problem = make("p", { class: "notice wrong", role: "alert", id: "welcome-problem", hidden: true });
    this.rules = make("ul", { id: "rules", class: "rules", "data-label": "rule.label" });
    this.go = make("button", { type: "submit", class: "button strong wide", id: "welcome-go" });
    this.node = this.build();
    this.listen();
    this.render();
  }

  build() {
    return make(
      "form",
      { class: "signin card", id: "welcome", "aria-labelledby": "welcome-title" },
      make("div", { class: "signin-head" }, make("img", { src: "/assets/ui/icon.svg", alt: "", width: 40, height: 40 }), languages()),
      (this.title = make("h1", { id: "welcome-title" })),
      (this.lead = make("p", { class: "signin-lead" })),
      (this.shops = make("p", { class: "shops" })),
      this.problem,
      this.first ? [field("welcome.id", this.id, "welcome.id.hint"), field("welcome.name", this.name, "welcome.name.hint")] : field("welcome.id", this.id),
      field("welcome.password", this.password),
      field("welcome.again", this.again),
      this.rules,
      make("label", { class: "check" }, this.show, make("span", { "data-say": "welcome.show" })),
      this.go,
    );
  }

  listen() {
    for (const input of [this.id, this.password, this.again]) input.addEventListener("input", () => this.render());
    this.show.addEventListener("change", () => {
      for (const input of [this.password, this.again]) input.type = this.show.checked ? "text" : "password";
    });
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
  }

  ruling() {
    return rulesOf({ id: this.id.value, password: this.password.value, again: this.again.value, refused: this.refused });
  }

  render() {
    const { purpose, name, id, shops } = this.invitation;
    const person = name ?? id ?? "";
    this.title.textContent = say(`welcome.${purpose}`, { name: person });
    this.lead.textContent = say(`welcome.${purpose}.lead`, { name: person });
    this.shops.replaceChildren(
      ...(shops ?? []).map((shop) => make("span", {}, make("b", {}, nameOf(shop)), " ", make("span", { class: "pill" }, say(`role.${shop.role}`)))),
    );
    if (!this.go.disabled) this.go.textContent = say(purpose === "reset" ? "welcome.go.reset" : "welcome.go");
    this.rules.replaceChildren(...this.ruling().map(ruled));
  }

  tell(text, input) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
    for (const one of [this.id, this.password]) setAttribute(one, "aria-invalid", text && one === input ? "true" : null);
    input?.focus();
  }

  async send() {
    if (this.go.disabled) return;
    const missing = this.ruling().find((one) => one.met !== true);
    if (missing) {
      for (const item of this.rules.children) if (item.dataset.rule === missing.rule) item.dataset.met = "no";
      (missing.rule === "same" ? this.again : this.password).focus();
      return;
    }
    this.tell("");
    this.go.disabled = true;
    this.go.textContent = say("welcome.going");
    const person = this.first ? { id: this.id.value.trim(), name: this.name.value.trim() } : {};
    try {
      await this.submit({ ...person, password: this.password.value });
    } catch (failure) {
      this.go.disabled = false;
      this.refuse(failure);
    }
    this.render();
  }

  refuse(failure) {
    const why = failure.problem?.detail ?? "";
    if (failure.kind === "conflict") this.tell(say("wrong.taken"), this.first ? this.id : this.password);
    else if (failure.status === 422 && !/password/.test(why)) this.tell(say("wrong.id"), this.id);
    else if (failure.status === 422) {
      this.refused = this.password.value;
      this.tell(say("wrong.weak"), this.password);
    } else if (failure.kind === "refused") this.tell(why ? say("wrong.refused", { why }) : say("failure.refused"));
    else this.tell(say(known(`failure.${failure.kind}`) ? `failure.${failure.kind}` : "failure.server"));
  }
}

/** An invitation may name its shops in one language alone. */
const nameOf = ({ id, name }) => (typeof name === "string" ? name : inWords(name)) ?? id;

const ruled = ({ rule, met }) =>
  make(
    "li",
    { "data-rule": rule, "data-met": met === true ? "yes" : met === false && rule !== "length" ? "no" : "open" },
    make("span", {}, say(`rule.${rule}`)),
    make("span", { class: "unseen" }, ` ${say(met === true ? "rule.met" : "rule.unmet")}`),
  );
