// Where a one-time link leads: the first manager, somebody who joins, somebody whose password is set anew.

import "./words.js";
import { byId, make } from "../ui/dom.js";
import { session } from "../ui/net.js";
import { languages } from "../ui/signin.js";
import { onLanguage, say, sayAll } from "../ui/words.js";
import { Form } from "./form.js";

const token = decodeURIComponent(location.hash.slice(1));
// The secret must not stay in the address bar, the history or a picture of the screen.
history.replaceState(null, "", location.pathname);

function show(node) {
  byId("page").replaceChildren(node);
  sayAll();
}

/** A page that says one thing. */
function notice(key, ...more) {
  show(
    make(
      "section",
      { class: "signin card", id: `welcome-${key}` },
      make("div", { class: "signin-head" }, make("img", { src: "/assets/ui/icon.svg", alt: "", width: 40, height: 40 }), languages()),
      make("h1", { "data-say": `${key}.title` }),
      make("p", { class: "signin-lead", "data-say": `${key}.text` }),
      more,
    ),
  );
}

const toDesk = (key) => make("a", { class: "button wide", href: "/desk", "data-say": key });

async function start() {
  sayAll();
  if (!token) return notice("none", toDesk("over.signin"));
  let invitation;
  try {
    invitation = await session.invitation(token);
  } catch (failure) {
    if (["gone", "refused", "expired"].includes(failure.kind)) return notice("over", toDesk("over.signin"));
    return notice(failure.kind === "busy" ? "busy" : "offline", make("button", { type: "button", class: "button wide", onclick: start, "data-say": "again" }));
  }
  const form = new Form(invitation, async (body) => {
    try {
      await session.accept(token, body);
    } catch (failure) {
      if (failure.kind !== "gone") throw failure;
      notice("over", toDesk("over.signin"));
      return;
    }
    location.replace("/desk");
  });
  show(form.node);
  onLanguage(() => form.render());
  (form.first ? form.id : form.password).focus();
  return undefined;
}

start();
