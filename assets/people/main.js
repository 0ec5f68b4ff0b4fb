// The people of a shop, for its managers.

import "./words.js";
import { byId, make } from "../ui/dom.js";
import { sure, toast } from "../ui/dialog.js";
import { call, onExpired } from "../ui/net.js";
import { signedIn } from "../ui/signin.js";
import { failed, inWords, onLanguage, say, sayAll } from "../ui/words.js";
import { addPerson, showLink } from "./add.js";
import { peopleOf } from "./api.js";
import { headRow, personRow } from "./row.js";
import { Top } from "./top.js";

const state = { me: null, shop: null, api: null, people: [], failure: null };
const top = new Top({ page: "people", choose: show });
let opening = null;

function open() {
  opening ??= enter().finally(() => (opening = null));
  return opening;
}

async function enter() {
  byId("page").hidden = true;
  byId("door").hidden = false;
  state.me = await signedIn(byId("door"));
  byId("door").hidden = true;
  byId("page").hidden = false;
  const shops = state.me.shops.filter((shop) => shop.role === "manager");
  byId("add").hidden = shops.length === 0;
  top.welcome(state.me, shops);
  render();
}

async function show(shop) {
  state.shop = shop;
  state.api = peopleOf(shop.id);
  state.people = [];
  await load();
}

async function load() {
  const { api } = state;
  try {
    const people = await api.all();
    if (api !== state.api) return;
    state.people = people;
    state.failure = null;
  } catch (failure) {
    state.failure = failed(failure);
    // Who may not may have been signed out meanwhile.
    if (failure.kind === "forbidden") call("/api/v1/me").catch(() => {});
  }
  render();
}

/** Does something and shows what became of it; a refusal leaves the list as the service has it. */
async function act(person, what, done) {
  try {
    await what();
    toast(done, { kind: "good" });
  } catch (failure) {
    toast(refusal(failure, person), { kind: "bad" });
  }
  await load();
}

/** A person's password and lock hold for all of their shops. */
function refusal(failure, { name }) {
  if (failure.kind === "forbidden") return say("refused.theirs", { name });
  return failure.kind === "conflict" ? say("refused.self") : failed(failure);
}

const told = (key, person) => say(`done.${key}`, { name: person.name });

const on = {
  async role(person, role) {
    const { name } = person;
    if (role === "manager" && !(await sure({ title: say("role.title", { name }), text: say("role.text"), yes: say("role.yes") }))) return render();
    return act(person, () => state.api.change(person.id, { role }), say("done.role", { name, role: say(`role.${role}`) }));
  },
  outsourced: (person, outsourced) => act(person, () => state.api.change(person.id, { outsourced }), told(outsourced ? "outsourced" : "insourced", person)),
  enable: (person) => act(person, () => state.api.change(person.id, { disabled: false }), told("enabled", person)),
  async disable(person) {
    const { name } = person;
    if (await sure({ title: say("disable.title", { name }), text: say("disable.text", { name }), yes: say("disable.yes") }))
      await act(person, () => state.api.change(person.id, { disabled: true }), told("disabled", person));
  },
  async remove(person) {
    const { name } = person;
    const shop = inWords(state.shop.name) ?? state.shop.id;
    if (await sure({ title: say("remove.title", { name, shop }), text: say("remove.text", { name }), yes: say("remove.yes") }))
      await act(person, () => state.api.remove(person.id), told("removed", person));
  },
  async reset(person) {
    try {
      await showLink(await state.api.reset(person.id), person.name, "reset");
    } catch (failure) {
      toast(refusal(failure, person), { kind: "bad" });
    }
  },
};

async function add() {
  const added = await addPerson({ add: (person) => state.api.add(person), taken: (id) => state.people.some((person) => person.id === id) });
  if (!added) return;
  load();
  if (!added.link) toast(say("done.joined", { name: added.name }), { kind: "good" });
  else await showLink(added.link, added.name, "join");
}

function render() {
  sayAll();
  const { people, me, shop, failure } = state;
  byId("lead").textContent = shop ? say("people.lead", { shop: inWords(shop.name) ?? shop.id }) : "";
  const notice = byId("notice");
  const nobody = me && !shop;
  notice.hidden = !failure && !nobody;
  notice.className = failure ? "notice wrong" : "notice";
  notice.replaceChildren(failure ?? (nobody ? say("people.only") : ""), shop && failure ? make("button", { type: "button", class: "link", onclick: load }, ` ${say("again")}`) : "");
  byId("people").hidden = people.length === 0;
  byId("people").replaceChildren(headRow(), ...people.map((person) => personRow(person, person.id === me.id, on)));
  byId("none").hidden = people.length !== 1;
}

byId("add").addEventListener("click", add);
onLanguage(render);
onExpired(open);
sayAll();
open();
