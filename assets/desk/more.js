// Below the order: promises of this chat, notes, earlier episodes.

import { byId, fill, make, setText } from "/assets/ui/dom.js";
import { sendOnEnter } from "/assets/ui/composing.js";
import { toast } from "/assets/ui/dialog.js";
import { chats } from "/assets/ui/net.js";
import { failed, onLanguage, say } from "/assets/ui/words.js";
import { clock, day, moment, span } from "/assets/ui/times.js";
import { now, on, state, zoneOf } from "./state.js";
import { dropPromise, keepPromise } from "./promises.js";
import { interimOf, isPressing, putInterim } from "./interim.js";
import { newPromise } from "./promise-form.js";
import { refresh, viewOf } from "./views.js";

export function startMore() {
  on("open", () => {
    byId("note-box").value = "";
    render();
  });
  on("view", (id) => id === state.open?.id && render());
  on("promises", render);
  on("tick", () => byId("chat-promises").querySelector(".promise") && renderPromises());
  const form = byId("note-form");
  sendOnEnter(byId("note-box"), form);
  form.addEventListener("submit", addNote);
  byId("promise-new").addEventListener("click", () => newPromise());
  onLanguage(render);
}

async function addNote(event) {
  event.preventDefault();
  const box = byId("note-box");
  const text = box.value.trim();
  const chat = state.open;
  if (!text || !chat) return;
  try {
    await chats.note(chat.shop, chat.id, text);
    if (box.value.trim() === text) box.value = "";
    await refresh(chat);
  } catch (failure) {
    toast(failed(failure), { kind: "bad" });
  }
}

function renderPromises() {
  const promises = (state.open && viewOf(state.open.id)?.promises) ?? [];
  const zone = zoneOf(state.open?.shop);
  fill(byId("chat-promises"), [promises, zone, promises.map(isPressing), Math.floor(now() / 60_000)], () =>
    promises.length
      ? promises.map((one) => promise(one, zone))
      : [make("li", { class: "empty" }, say("promises.none.here"))],
  );
}

function render() {
  const view = state.open && viewOf(state.open.id);
  const zone = zoneOf(state.open?.shop);
  renderPromises();
  const notes = view?.notes ?? [];
  setText(byId("notes-count"), notes.length ? String(notes.length) : "");
  fill(byId("notes-list"), [notes, zone], () => notes.map((one) => note(one, zone)));
  const episodes = view?.episodes ?? [];
  byId("episodes").hidden = episodes.length === 0;
  setText(byId("episodes-count"), String(episodes.length));
  fill(byId("episodes-list"), [episodes, zone], () => episodes.map((one) => episode(one, zone)));
}

function promise(one, zone) {
  const late = one.state === "open" && (one.overdue || one.due < now());
  const act = (key, run) => make("button", { type: "button", class: "link", onclick: run }, say(key));
  const at =
    one.state === "open"
      ? say(late ? "promise.late" : "promise.until", { at: moment(one.due, now(), zone) })
      : say(`promise.${one.state}`);
  return make(
    "li",
    { class: "promise", "data-late": late },
    make("p", {}, one.what),
    make(
      "p",
      { class: "promise-foot" },
      make("span", { class: "pill", "data-kind": late ? "bad" : one.state === "open" ? "due" : "good" }, at),
      one.owner && one.owner.id !== state.me.id ? ` ${one.owner.name} ` : " ",
      one.state === "open"
        ? [
            [act("promise.keep", () => keepPromise(one)), " ", act("promise.drop", () => dropPromise(one))],
            isPressing(one) && interimOf(state.open) ? [" ", act("interim", () => putInterim(one))] : null,
          ]
        : null,
    ),
  );
}

const note = (one, zone) =>
  make(
    "li",
    {},
    make("p", { class: "meta" }, make("b", {}, one.name ?? one.by), ` ${moment(one.at, now(), zone)}`),
    make("p", { class: "note-text" }, one.text),
  );

function episode(one, zone) {
  const length = one.closed_at ? span(one.closed_at - one.started_at) : "";
  const by = one.closed_by ? (one.closed_by === "bot" ? say("from.bot") : one.closed_by) : "";
  return make(
    "li",
    {},
    make("b", {}, `${day(one.started_at, now(), zone)} ${clock(one.started_at, zone)}`),
    make("span", {}, [length, by].filter(Boolean).join(" · ")),
    one.reason ? make("p", {}, one.reason) : null,
  );
}
