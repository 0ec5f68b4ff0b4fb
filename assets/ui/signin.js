// The sign-in form, in the page itself: whoever signs in stays where they were.

import "./common.js";
import { byId, make } from "./dom.js";
import { session } from "./net.js";
import { failed, onLanguage, say, sayAll, setLanguage } from "./words.js";

/** Shows the form in `host` until somebody is signed in; answers who (Me). `note`: why it is shown, a key of words. */
export async function signIn(host, { note = null } = {}) {
  const { form, done, offerDemo } = build(note);
  host.replaceChildren(form);
  host.hidden = false;
  sayAll(host);
  byId("signin-id").focus({ preventScroll: true });
  session.ways().then(
    (ways) => ways?.demo && offerDemo(),
    () => {},
  );
  const me = await done;
  host.hidden = true;
  host.replaceChildren();
  return me;
}

/** Who is signed in; shows the form in `host` if nobody is. */
export async function signedIn(host) {
  for (;;) {
    try {
      return await session.me();
    } catch (failure) {
      if (failure.kind === "expired") return signIn(host);
      await new Promise((again) => setTimeout(again, 2000));
    }
  }
}

function build(note) {
  const problem = make("p", { class: "notice wrong", role: "alert", hidden: true });
  const id = make("input", {
    id: "signin-id",
    class: "input",
    name: "username",
    autocomplete: "username",
    required: true,
    autocapitalize: "none",
    spellcheck: "false",
    maxlength: 64,
  });
  const password = make("input", {
    id: "signin-password",
    class: "input",
    name: "password",
    type: "password",
    autocomplete: "current-password",
    required: true,
    maxlength: 256,
  });
  const go = make("button", {
    type: "submit",
    class: "button strong wide",
    id: "signin-go",
    "data-say": "signin.go",
  });
  const demo = make("button", { type: "button", class: "button wide", id: "signin-demo", "data-say": "signin.demo" });
  const demoPart = make(
    "div",
    { class: "signin-demo", hidden: true },
    demo,
    make("p", { class: "hint", "data-say": "signin.demo.note" }),
  );
  const { promise: done, resolve } = withResolvers();

  const attempt = async (way) => {
    if (go.disabled) return;
    problem.hidden = true;
    go.disabled = demo.disabled = true;
    go.textContent = say("signin.going");
    try {
      resolve(await way());
    } catch (failure) {
      problem.hidden = false;
      problem.textContent = wrong(failure);
      if (failure.kind === "expired") password.select();
    } finally {
      go.disabled = demo.disabled = false;
      go.textContent = say("signin.go");
    }
  };
  const form = make(
    "form",
    { class: "signin card", id: "signin", "aria-labelledby": "signin-title" },
    make(
      "div",
      { class: "signin-head" },
      make("img", { src: "/assets/ui/icon.svg", alt: "", width: 40, height: 40 }),
      languages(),
    ),
    make("h1", { id: "signin-title", "data-say": "signin.title" }),
    make("p", { class: "signin-lead", "data-say": note ?? "signin.lead" }),
    problem,
    make("label", { class: "field" }, make("span", { "data-say": "signin.id" }), id),
    make("label", { class: "field" }, make("span", { "data-say": "signin.password" }), password),
    go,
    demoPart,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => session.signIn(id.value.trim(), password.value));
  });
  demo.addEventListener("click", () => attempt(() => session.demo()));
  return { form, done, offerDemo: () => (demoPart.hidden = false) };
}

function wrong(failure) {
  if (failure.kind === "expired") return say("signin.wrong");
  if (failure.kind === "busy") return say("signin.throttled", { n: failure.wait || 30 });
  return failed(failure);
}

/** The switch of languages: two buttons, the pressed one is in use. */
export function languages() {
  const button = (key, name, lang) =>
    make("button", { type: "button", lang, "data-language": key, onclick: () => setLanguage(key) }, name);
  const group = make(
    "div",
    { class: "switch", role: "group", "data-label": "language.label" },
    button("zh", "中文", "zh-CN"),
    button("en", "English", "en"),
  );
  onLanguage(() => sayAll(group));
  return group;
}

function withResolvers() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}
