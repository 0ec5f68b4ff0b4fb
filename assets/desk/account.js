// Who I am: state, language, choices, password, signing out.

import { byId, make, setAttribute, setText } from "/assets/ui/dom.js";
import { toast } from "/assets/ui/dialog.js";
import { dropsMenu, menuItem } from "/assets/ui/menu.js";
import { session } from "/assets/ui/net.js";
import { changePassword } from "/assets/ui/password.js";
import { languages } from "/assets/ui/signin.js";
import { failed, onLanguage, say, sayAll } from "/assets/ui/words.js";
import { emit, leads, on, state } from "./state.js";
import { choice, choose } from "./kept.js";
import { forgetDrafts } from "./drafts.js";
import { showHandover } from "./handover.js";
import { askToNotify, mayAsk } from "./notify.js";
import { showPhrases } from "./phrases.js";

const STATES = ["online", "busy", "away"];

export function startAccount() {
  dropsMenu(byId("state"), stateMenu);
  dropsMenu(byId("me"), meMenu);
  byId("handover").addEventListener("click", showHandover);
  on("people", () => {
    const me = state.agents.find((agent) => agent.id === state.me.id);
    if (me && STATES.includes(me.state)) state.me.state = me.state;
    render();
  });
  on("live", (is) => (byId("offline").hidden = is));
  onLanguage(render);
  render();
}

function render() {
  setText(byId("me-name"), state.me.name ?? state.me.id);
  setAttribute(byId("state-dot"), "data-state", state.me.state);
  setText(byId("state-name"), say(`me.${state.me.state}`));
}

function stateMenu() {
  const item = (one) => {
    const entry = menuItem(say(`me.${one}`), () => setState(one), {
      checked: state.me.state === one,
      id: `state-${one}`,
    });
    entry.prepend(make("i", { class: "dot", "data-state": one }));
    return entry;
  };
  return [...STATES.map(item), make("p", { class: "menu-title" }, say("me.note"))];
}

async function setState(one) {
  const before = state.me.state;
  state.me.state = one;
  render();
  try {
    await session.state(one);
  } catch (failure) {
    state.me.state = before;
    render();
    toast(failed(failure), { kind: "bad" });
  }
}

function meMenu() {
  const send = (how) =>
    menuItem(say(`send.by.${how}`), () => set("send", how), {
      checked: choice("send") === how,
      id: `send-by-${how}`,
    });
  const yesNo = (name) =>
    menuItem(say(`choice.${name}`), () => set(name, !choice(name)), {
      checked: choice(name),
      id: `choice-${name}`,
    });
  const manages = state.me.shops.some((shop) => shop.role === "manager");
  const link = (href, key) => make("a", { class: "menu-item", role: "menuitem", href }, say(key));
  const switcher = languages();
  sayAll(switcher);
  return [
    make("div", { class: "menu-title" }, switcher),
    make("hr"),
    make("p", { class: "menu-title" }, say("send.by")),
    send("enter"),
    send("ctrl"),
    make("hr"),
    yesNo("sound"),
    mayAsk() ? menuItem(say("notify.ask"), askToNotify, { id: "notify-ask" }) : yesNo("notify"),
    make("hr"),
    menuItem(say("phrases.title"), showPhrases),
    menuItem(say("handover.title"), showHandover),
    ...(state.me.shops.some((shop) => leads(shop.id)) ? [link("/desk/report", "page.report"), link("/playbook", "page.playbook")] : []),
    manages ? link("/people", "page.people") : null,
    make("hr"),
    menuItem(say("password.title"), changePassword),
    menuItem(say("signout"), signOut, { id: "sign-out" }),
  ].filter(Boolean);
}

function set(name, value) {
  choose(name, value);
  emit("choice", name);
}

async function signOut() {
  forgetDrafts();
  try {
    await session.signOut();
  } catch (failure) {
    if (failure.kind !== "expired") return toast(failed(failure), { kind: "bad" });
  }
  // Nothing of this person stays in the page.
  location.replace("/desk");
}
