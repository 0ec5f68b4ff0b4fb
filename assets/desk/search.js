// Script search over the whole library: as you type, by words or by initials. Enter puts one in the box.

import { byId, fill, make, setAttribute, setText } from "/assets/ui/dom.js";
import { gapped, hits } from "/assets/ui/spans.js";
import { isComposing } from "/assets/ui/composing.js";
import { scripts } from "/assets/ui/net.js";
import { failed, onLanguage, say } from "/assets/ui/words.js";
import { on, signed, state } from "./state.js";
import { area, isEmpty, isWritable, put } from "./box.js";
import { saveAsPhrase, showPhrases } from "./phrases.js";
import { customersLanguage } from "./views.js";

let found = [];
let at = 0;
let asking = null;
let problem = null;

const input = () => byId("search-input");
export const searchIsOpen = () => !byId("search").hidden;

export function startSearch() {
  input().addEventListener("input", look);
  input().addEventListener("keydown", keys);
  byId("search-close").addEventListener("click", () => closeSearch());
  byId("scripts").addEventListener("click", () => (searchIsOpen() ? closeSearch() : openSearch()));
  byId("phrases").addEventListener("click", () => (closeSearch(), showPhrases()));
  byId("phrase-save").addEventListener("click", () => (closeSearch(), saveAsPhrase(area().value.trim())));
  on("open", () => closeSearch({ focus: false }));
  onLanguage(render);
  listenToBox();
}

/** `/` or `、` in an empty box, typed by hand or committed by an input method. */
function listenToBox() {
  const opens = (text) => text === "/" || text === "、" || text === "／";
  let before = "";
  area().addEventListener("compositionstart", () => (before = area().value));
  area().addEventListener("beforeinput", (event) => {
    if (event.isComposing || !opens(event.data) || !isEmpty()) return;
    event.preventDefault();
    openSearch();
  });
  area().addEventListener("compositionend", () =>
    setTimeout(() => {
      if (before !== "" || !opens(area().value) || isComposing()) return;
      area().value = "";
      area().dispatchEvent(new Event("input"));
      openSearch();
    }),
  );
}

export function openSearch() {
  if (!isWritable()) return;
  byId("search").hidden = false;
  byId("phrase-save").hidden = area().value.trim() === "";
  input().value = "";
  input().focus({ preventScroll: true });
  look();
}

export function closeSearch({ focus = true } = {}) {
  if (!searchIsOpen()) return false;
  asking?.abort();
  byId("search").hidden = true;
  if (focus) area().focus({ preventScroll: true });
  return true;
}

async function look() {
  asking?.abort();
  const mine = (asking = new AbortController());
  const chat = state.open;
  try {
    const answer = await scripts.find(
      chat.shop,
      { q: input().value.trim(), language: customersLanguage(chat), conversation: chat.id },
      mine.signal,
    );
    // A later key has asked again.
    if (mine !== asking) return;
    found = answer.scripts.map((one) => ({ ...one, text: signed(one.text) }));
    at = 0;
    problem = null;
  } catch (failure) {
    if (mine !== asking || failure.kind === "aborted") return;
    problem = failed(failure);
    found = [];
  }
  render();
}

function render() {
  if (!searchIsOpen()) return;
  const q = input().value.trim();
  fill(byId("search-list"), [found, problem, q === ""], () => {
    if (problem) return [make("li", { class: "notice wrong" }, problem)];
    return found.length ? found.map(row) : [make("li", { class: "empty" }, say(q ? "search.none" : "search.empty"))];
  });
  setText(byId("search-count"), found.length ? say("search.count", { n: found.length }) : "");
  mark();
}

function row(script, place) {
  return make(
    "li",
    {
      role: "option",
      id: `script-${place}`,
      class: "script",
      "data-id": script.id,
      "data-of": script.of,
      onclick: () => use(place),
      onpointermove: () => move(place),
    },
    make(
      "span",
      { class: "script-head" },
      make("b", {}, hits(script.title ?? "", script.hits)),
      make(
        "span",
        { class: "pill", "data-kind": script.of === "mine" ? "person" : script.of === "team" ? "good" : null },
        say(`of.${script.of}`),
      ),
      script.category ? make("small", {}, script.category) : null,
    ),
    make("span", { class: "script-text" }, gapped(script.text)),
  );
}

function move(place) {
  if (place === at || !found.length) return;
  at = (place + found.length) % found.length;
  mark();
}

function mark() {
  for (const [place, node] of [...byId("search-list").children].entries()) {
    setAttribute(node, "aria-selected", found.length ? String(place === at) : null);
    if (place === at && found.length) node.scrollIntoView({ block: "nearest" });
  }
  setAttribute(input(), "aria-activedescendant", found.length ? `script-${at}` : null);
}

function use(place) {
  const script = found[place];
  if (!script) return;
  closeSearch();
  put(script.text, { script: script.id });
}

function keys(event) {
  if (isComposing(event)) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) move(at + step);
  else if (event.key === "Enter") use(at);
  else if (event.key === "Backspace" && input().value === "") closeSearch();
  else return;
  event.preventDefault();
}
