// Ready replies, numbered 1 to 5. What is on the screen keeps its place while somebody looks at it or writes.

import { byId, fill, make, setText } from "/assets/ui/dom.js";
import { gapped, gapsOf } from "/assets/ui/spans.js";
import { suggestions as api } from "/assets/ui/net.js";
import { onLanguage, say } from "/assets/ui/words.js";
import { on, signed, state } from "./state.js";
import { isEmpty, isWritable, put, submit } from "./box.js";
import { viewOf } from "./views.js";

const MOST = 5;
/** Untouched for so long, and with an empty box, a new set may take the place of the old. */
const CALM_MS = 1000;
/** Right after that a key still means what stood there: the hand was on its way. */
const GRACE_MS = 700;
/** So long a set must stand on the screen to have been shown. */
const SEEN_MS = 400;

/** id of the chat → the set that is shown: {key, list}. */
const shown = new Map();
const dismissed = new Set();
const reported = new Set();
let fresh = null;
let previous = { list: [], until: 0 };
let touched = 0;
let timer = null;
let opened = { id: null, at: 0 };

const keyOf = (list) => list.map((one) => one.id).join();

export function startSuggestions() {
  for (const kind of ["keydown", "pointerdown", "wheel"])
    addEventListener(kind, () => (touched = Date.now()), { capture: true, passive: true });
  byId("side").addEventListener("pointermove", () => (touched = Date.now()), { passive: true });
  on("open", () => {
    opened = { id: state.open?.id, at: Date.now() };
    // What was kept for a chat is of when it was last looked at: now it is looked at anew.
    if (state.open) shown.delete(state.open.id);
    take();
  });
  on("view", (id) => id === state.open?.id && take());
  on("tick", () => fresh && mayReplace() && take());
  byId("suggestions-new").addEventListener("click", () => replace(fresh, 0));
  byId("suggestions-dismiss").addEventListener("click", dismiss);
  onLanguage(renderSuggestions);
  new IntersectionObserver(([entry]) => entry.isIntersecting && soon(), { threshold: 0.2 }).observe(byId("suggested"));
  document.addEventListener("visibilitychange", soon);
}

function mayReplace() {
  const idle = Date.now() - touched;
  // The first look after opening may bring a younger set than the one kept; nobody has read that yet.
  const opening = opened.id === state.open?.id && Date.now() - opened.at < CALM_MS && touched <= opened.at + 50;
  return isEmpty() && (idle >= CALM_MS || opening);
}

function take() {
  const id = state.open?.id;
  const view = id && viewOf(id);
  const list = (view?.suggestions ?? []).slice(0, MOST).map((one) => ({ ...one, text: signed(one.text) }));
  const now = id && shown.get(id);
  fresh = null;
  if (!view) return renderSuggestions();
  if (!now || !now.list.length || now.key === keyOf(list)) {
    // The same set keeps its words too.
    if (now?.key !== keyOf(list)) shown.set(id, { key: keyOf(list), list });
  } else if (mayReplace()) return replace(list, GRACE_MS);
  else if (list.length) fresh = list;
  renderSuggestions();
}

function replace(list, grace) {
  const id = state.open?.id;
  if (!id || !list) return;
  previous = { list: shown.get(id)?.list ?? [], until: Date.now() + grace };
  shown.set(id, { key: keyOf(list), list });
  fresh = null;
  renderSuggestions();
}

/** The set on the screen. */
function current() {
  const set = state.open && shown.get(state.open.id);
  return set && !dismissed.has(set.key) ? set.list : [];
}

/** Puts the suggestion at a place (1–5) in the box, or sends it at once. Answers whether there is one. */
export function useSuggestion(place, { send = false } = {}) {
  const list = Date.now() < previous.until ? previous.list : current();
  const one = list[place - 1];
  if (!one || !isWritable()) return false;
  const alone = isEmpty();
  put(one.text, { origin: { id: one.id, text: one.text } });
  if (send && alone && !gapsOf(one.text).length) submit();
  return true;
}

function dismiss() {
  const set = state.open && shown.get(state.open.id);
  if (!set?.list.length) return;
  dismissed.add(set.key);
  api.dismiss(state.open.shop, set.list[0].id).catch(() => {});
  renderSuggestions();
}

/** Who steps past a chat has not seen its set. */
function soon() {
  clearTimeout(timer);
  timer = setTimeout(report, SEEN_MS);
}

/** A person who is needed has the set on the screen: counted once a set. */
function report() {
  const [first] = current();
  const chat = state.open && (state.items.get(state.open.id) ?? viewOf(state.open.id));
  if (!first || document.hidden || reported.has(first.id) || !["waiting", "agent"].includes(chat?.state)) return;
  const box = byId("suggested").getBoundingClientRect();
  if (box.bottom <= 0 || box.top >= innerHeight || box.width === 0) return;
  reported.add(first.id);
  api.shown(state.open.shop, first.id).catch(() => reported.delete(first.id));
}

export function renderSuggestions() {
  const list = current();
  const view = state.open && viewOf(state.open.id);
  const set = state.open && shown.get(state.open.id);
  const away = Boolean(set && dismissed.has(set.key) && set.list.length);
  byId("suggestions-new").hidden = !fresh;
  setText(byId("suggestions-new"), say("suggested.new", { n: fresh?.length ?? 0 }));
  byId("suggestions-dismiss").hidden = !list.length;
  fill(byId("suggestions"), [state.open?.id, list, away, Boolean(view)], () => {
    if (list.length) return list.map((one, at) => row(one, at + 1));
    return [
      make(
        "li",
        { class: "empty" },
        away ? [say("suggested.dismissed"), " ", again(set)] : say(view ? "suggested.none" : "loading"),
      ),
    ];
  });
  soon();
}

const again = (set) =>
  make(
    "button",
    { type: "button", class: "link", onclick: () => (dismissed.delete(set.key), renderSuggestions()) },
    say("suggested.again"),
  );

function row(one, place) {
  const hint = (key, text) =>
    text
      ? make(
          "small",
          { class: `suggestion-hint ${key}`, title: text },
          make("b", {}, say(`suggested.${key}`)),
          " ",
          text,
        )
      : null;
  return make(
    "li",
    { class: "suggestion", "data-place": place },
    make(
      "button",
      {
        type: "button",
        class: "suggestion-use",
        "aria-keyshortcuts": `Alt+${place}`,
        onclick: () => useSuggestion(place),
      },
      make(
        "span",
        { class: "suggestion-head" },
        make("kbd", {}, String(place)),
        make("b", {}, one.title ?? one.intent),
      ),
      make("span", { class: "suggestion-text" }, gapped(one.text)),
      hint("use_when", one.use_when),
      hint("avoid", one.avoid),
    ),
    make(
      "button",
      {
        type: "button",
        class: "suggestion-send button small",
        title: `Alt+Shift+${place}`,
        "aria-label": say("suggested.send.label", { n: place }),
        onclick: () => useSuggestion(place, { send: true }),
      },
      say("suggested.send"),
    ),
  );
}
