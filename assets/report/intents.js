// A list of intents to choose from: by words, by what they mean, by the sound of their titles.

import { make } from "../ui/dom.js";
import { openDialog } from "../ui/dialog.js";
import { isComposing } from "../ui/composing.js";
import { scripts } from "../ui/net.js";
import { inWords, language, say } from "../ui/words.js";
import { hearIntents } from "./names.js";
import { state } from "./state.js";

const kept = new Map();

/** The intents of the shop: `[{id, title}]`. Asked for once a visit. */
export async function intentsOf(shop) {
  if (!kept.has(shop)) {
    const files = await state.api.intents();
    const all = files.map(({ path, title }) => ({ id: path.replace(/^intents\//, "").replace(/\.ya?ml$/, ""), title }));
    hearIntents(all.map(({ id, title }) => [id, title]));
    kept.set(shop, all);
  }
  return kept.get(shop);
}

/** Asks which it should have been; answers an id, or null. */
export async function chooseIntent() {
  const shop = state.shop.id;
  const all = (await intentsOf(shop)).filter(({ id }) => !id.startsWith("talk/") && !id.startsWith("system/"));
  return openDialog({ title: say("should.title"), id: "should", build: (close) => picker(shop, all, close) });
}

function picker(shop, all, close) {
  const find = make("input", { type: "search", class: "input", id: "should-find", autofocus: true, role: "combobox", "aria-expanded": "true", "aria-controls": "should-list", placeholder: say("should.find"), "aria-label": say("should.find") });
  const list = make("ul", { class: "choices", id: "should-list", role: "listbox" });
  let found = all;
  let at = 0;
  let asked = 0;
  const draw = () => {
    const option = ({ id, title }, place) =>
      make(
        "li",
        { role: "option", id: `should-${place}`, class: "choice", "data-value": id, "aria-selected": String(place === at), onclick: () => close(id) },
        make("span", {}, inWords(title) ?? id),
        make("small", {}, id),
      );
    list.replaceChildren(...(found.length ? found.slice(0, 60).map(option) : [make("li", { class: "empty" }, say("filter.none"))]));
    find.setAttribute("aria-activedescendant", found.length ? `should-${at}` : "");
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  };
  const search = async () => {
    const words = find.value.trim();
    const low = words.toLowerCase();
    const mine = ++asked;
    const near = all.filter(({ id, title }) => `${id} ${title?.zh ?? ""} ${title?.en ?? ""}`.toLowerCase().includes(low));
    found = near;
    at = 0;
    draw();
    if (!words) return;
    // The library knows pinyin and what scripts say; what it finds comes after what is called so.
    const answer = await scripts.find(shop, { q: words, language: language() }).catch(() => null);
    if (mine !== asked || !answer) return;
    const ids = new Set(near.map(({ id }) => id));
    for (const { intent } of answer.scripts ?? answer.found ?? []) {
      const known = intent && !ids.has(intent) && all.find(({ id }) => id === intent);
      if (known) {
        ids.add(intent);
        found = [...found, known];
      }
    }
    draw();
  };
  find.addEventListener("input", search);
  find.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      at = Math.max(0, Math.min(Math.min(found.length, 60) - 1, at + step));
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (found[at]) close(found[at].id);
    }
  });
  draw();
  return [make("p", { class: "hint" }, say("should.text")), find, list];
}
