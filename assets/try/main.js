// Puts the page together: language, tabs, who the visitor is; the customer's side and the agents' side.

import { byId, make } from "../ui/dom.js";
import { language, onLanguage, say, sayAll, setLanguage } from "../ui/words.js";
import { page } from "./net.js";
import { Chat } from "./chat.js";
import { Desk } from "./desk.js";

const state = { about: null, desk: null };
const chat = new Chat({ onState: (phase) => markTab(phase) });

function renderStatic() {
  sayAll();
  const name = state.about?.name?.[language()] ?? page.shop;
  byId("shop-name").textContent = name;
  byId("chat-title").textContent = name;
  byId("tagline").textContent = say(state.about?.agents ? "tagline" : "tagline.alone");
  byId("avatar").textContent = [...name][0] ?? "";
  document.title = `${name} · ${say("title")}`;
  renderPeople();
}

function renderPeople() {
  const people = state.about?.customers ?? [];
  byId("person-label").hidden = people.length === 0;
  const options = people.map((person) => make("option", { value: person.id }, person[language()]));
  byId("person").replaceChildren(make("option", { value: "" }, say("person.new")), ...options);
  byId("person").value = chat.person ?? "";
}

function render() {
  renderStatic();
  chat.render();
  state.desk?.render();
}

function selectTab(tab) {
  document.body.dataset.tab = tab;
  for (const name of ["customer", "agent"]) {
    const button = byId(`tab-${name}`);
    button.setAttribute("aria-selected", String(name === tab));
    button.tabIndex = name === tab ? 0 : -1;
  }
}

function markTab(phase) {
  byId("tab-dot").hidden = phase !== "waiting";
}

function listen() {
  for (const button of document.querySelectorAll("[data-language]"))
    button.addEventListener("click", () => setLanguage(button.dataset.language));
  onLanguage(render);
  for (const name of ["customer", "agent"]) byId(`tab-${name}`).addEventListener("click", () => selectTab(name));
  byId("tabs").addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = document.body.dataset.tab === "customer" ? "agent" : "customer";
    selectTab(other);
    byId(`tab-${other}`).focus();
  });
  byId("again").addEventListener("click", () => begin(chat.person));
  byId("person").addEventListener("change", (event) => begin(event.target.value || null));
}

async function begin(person) {
  if (await chat.begin(person)) state.desk?.follow(chat.visitor);
  renderPeople();
  byId("words").focus({ preventScroll: true });
}

async function start() {
  renderStatic();
  listen();
  for (;;) {
    try {
      state.about = await page.about();
      break;
    } catch (failure) {
      chat.tell(failure);
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
  if (state.about.agents) {
    byId("agent").hidden = false;
    byId("tabs").hidden = false;
    byId("stage").classList.add("with-desk");
    state.desk = new Desk();
  }
  await chat.start(state.about.customers.map((person) => person.id));
  state.desk?.follow(chat.visitor);
  chat.onVisitor = (visitor) => state.desk?.follow(visitor);
  render();
}

start();
