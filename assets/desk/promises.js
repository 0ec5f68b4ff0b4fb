// All my promises: the list of what is due, and what becomes of one.

import { byId, fill, make, setAttribute, setText } from "/assets/ui/dom.js";
import { buttons, openDialog, toast } from "/assets/ui/dialog.js";
import { promises as api } from "/assets/ui/net.js";
import { failed, inWords, onLanguage, say } from "/assets/ui/words.js";
import { moment, span } from "/assets/ui/times.js";
import { emit, myPromises, nameOf, now, on, open, severalShops, shopOf, state, zoneOf } from "./state.js";
import { isPressing, putInterim } from "./interim.js";
import { refresh, viewOf } from "./views.js";

export const isLate = (one) => one.overdue || one.due < now();

export function startPromises() {
  byId("promises").addEventListener("click", showPromises);
  on("promises", renderButton);
  on("tick", renderButton);
  onLanguage(renderButton);
  renderButton();
}

function renderButton() {
  const mine = myPromises();
  const late = mine.filter(isLate).length;
  const button = byId("promises");
  setText(byId("promises-count"), String(mine.length));
  byId("promises-count").hidden = mine.length === 0;
  setAttribute(button, "data-late", late ? "" : null);
  setAttribute(button, "aria-label", say(late ? "promises.button.late" : "promises.button", { n: mine.length, late }));
}

async function showPromises() {
  const stops = [];
  await openDialog({
    title: say("promises.title"),
    id: "due-list",
    wide: true,
    build: (close) => {
      const list = make("ul", { class: "due-list" });
      const render = () => {
        const mine = myPromises().sort(byDue);
        const others = state.promises.filter((one) => !mine.includes(one)).sort(byDue);
        fill(list, [mine, others, Math.floor(now() / 30_000)], () => [
          ...(mine.length
            ? mine.map((one) => row(one, close))
            : [make("li", { class: "empty" }, say("promises.none"))]),
          others.length ? make("li", { class: "list-title" }, say("promises.others", { n: others.length })) : null,
          ...others.map((one) => row(one, close)),
        ]);
      };
      stops.push(on("promises", render), on("tick", render));
      render();
      return list;
    },
  });
  for (const stop of stops) stop();
}

const byDue = (a, b) => a.due - b.due;

function row(one, close) {
  const theirs =
    one.owner && one.owner.id !== state.me.id
      ? make("span", { class: "pill", "data-kind": "person" }, one.owner.name ?? one.owner.id)
      : null;
  const zone = zoneOf(one.shop);
  const late = isLate(one);
  const act = (key, run, kind = "") =>
    make("button", { type: "button", class: `button small ${kind}`, onclick: run }, say(key));
  const left = say(late ? "promise.late.by" : "promise.left", { n: span(Math.abs(one.due - now())) });
  const shop = severalShops() ? ` · ${inWords(shopOf(one.shop)?.name) ?? one.shop}` : "";
  return make(
    "li",
    { class: "due", "data-late": late, "data-id": one.id },
    make(
      "p",
      { class: "due-at" },
      make("b", {}, moment(one.due, now(), zone)),
      make("span", { class: "pill", "data-kind": late ? "bad" : "due" }, left),
      theirs,
    ),
    make("p", { class: "due-what" }, one.what),
    make(
      "p",
      { class: "due-who" },
      make(
        "button",
        {
          type: "button",
          class: "link",
          onclick: () => (close(), open({ shop: one.shop, id: one.conversation })),
        },
        nameOf({ customer: one.customer, id: one.conversation }),
      ),
      shop,
    ),
    make(
      "p",
      { class: "due-acts" },
      isPressing(one) ? act("interim", () => (close(), putInterim(one))) : null,
      act("promise.keep", () => keepPromise(one), "strong"),
      act("promise.pass", () => passPromise(one)),
      act("promise.drop", () => dropPromise(one)),
    ),
  );
}

async function done(one, f, told) {
  try {
    await f();
    state.promises = state.promises.filter((other) => other.id !== one.id);
    emit("promises");
    toast(told, { kind: "good" });
    const chat = { shop: one.shop, id: one.conversation };
    if (viewOf(chat.id)) refresh(chat).catch(() => {});
  } catch (failure) {
    toast(failed(failure), { kind: "bad" });
  }
}

export const keepPromise = (one) => done(one, () => api.kept(one.shop, one.id), say("promise.kept.told"));

export async function dropPromise(one) {
  const why = await openDialog({
    title: say("promise.drop.title"),
    id: "drop-dialog",
    build: (close) => {
      const text = make("input", {
        class: "input",
        id: "drop-why",
        required: true,
        maxlength: 200,
        autofocus: true,
      });
      const form = make(
        "form",
        {},
        make("p", { class: "hint" }, one.what),
        make("label", { class: "field" }, make("span", {}, say("promise.drop.why")), text),
        buttons(make("button", { type: "submit", class: "button strong" }, say("promise.drop"))),
      );
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (text.value.trim()) close(text.value.trim());
      });
      return form;
    },
  });
  if (why) await done(one, () => api.drop(one.shop, one.id, why), say("promise.dropped.told"));
}

async function passPromise(one) {
  const people = state.agents.filter((agent) => agent.id !== state.me.id && agent.shops.includes(one.shop));
  const to = await openDialog({
    title: say("promise.pass.title"),
    id: "pass-dialog",
    build: (close) =>
      people.length
        ? make(
            "ul",
            { class: "choices" },
            people.map((agent) =>
              make(
                "li",
                {},
                make(
                  "button",
                  { type: "button", class: "choice", onclick: () => close(agent) },
                  make("b", {}, agent.name),
                  make("small", {}, say(`me.${agent.state}`)),
                ),
              ),
            ),
          )
        : make("p", { class: "empty" }, say("people.none")),
  });
  if (to) await done(one, () => api.pass(one.shop, one.id, to.id), say("promise.passed.told", { name: to.name }));
}
