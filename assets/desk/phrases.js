// One's own quick phrases: kept from the box, changed, taken away; a lead gives one to the team.

import { fill, make } from "/assets/ui/dom.js";
import { buttons, openDialog, sure, toast } from "/assets/ui/dialog.js";
import { scripts } from "/assets/ui/net.js";
import { failed, inWords, say } from "/assets/ui/words.js";
import { moment } from "/assets/ui/times.js";
import { leads, now, severalShops, state, zoneOf } from "./state.js";

const TITLE_LENGTH = 12;

/** Keeps a text as one's own phrase, after asking for its title. */
export async function saveAsPhrase(text, shop = state.open?.shop) {
  if (!shop) return false;
  const script = await edit({ title: text.replace(/\s+/g, " ").slice(0, TITLE_LENGTH), text }, say("phrase.new"));
  if (!script) return false;
  return attempt(() => scripts.add(shop, script), say("phrase.saved"));
}

async function attempt(f, told) {
  try {
    await f();
    if (told) toast(told, { kind: "good", ms: 3000 });
    return true;
  } catch (failure) {
    toast(failure.status === 422 && failure.problem.detail ? failure.problem.detail : failed(failure), {
      kind: "bad",
    });
    return false;
  }
}

/** The form of a phrase; answers {title, text} or null. */
const edit = (script, heading) =>
  openDialog({
    title: heading,
    id: "phrase-dialog",
    build: (close) => {
      const title = make("input", {
        class: "input",
        id: "phrase-title",
        required: true,
        maxlength: 60,
        value: script.title,
        autofocus: true,
      });
      const text = make("textarea", {
        class: "input",
        id: "phrase-text",
        required: true,
        maxlength: 2000,
        rows: 4,
      });
      text.value = script.text;
      const form = make(
        "form",
        {},
        make("label", { class: "field" }, make("span", {}, say("phrase.title")), title),
        make("label", { class: "field" }, make("span", {}, say("phrase.text")), text),
        make("p", { class: "hint" }, say("phrase.gaps")),
        buttons(
          make("button", { type: "button", class: "button", onclick: () => close() }, say("cancel")),
          make("button", { type: "submit", class: "button strong" }, say("save")),
        ),
      );
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (title.value.trim() && text.value.trim()) close({ title: title.value.trim(), text: text.value.trim() });
      });
      return form;
    },
  });

/** The list of one's own and the team's phrases. */
export function showPhrases() {
  let shop = state.open?.shop ?? state.me.shops[0]?.id;
  return openDialog({
    title: say("phrases.title"),
    id: "phrases-dialog",
    wide: true,
    build: () => {
      const list = make("ul", { class: "phrases" });
      const load = async () => {
        try {
          const { scripts: own } = await scripts.own(shop);
          fill(list, [shop, own], () =>
            own.length ? own.map((one) => row(one, shop, load)) : [make("li", { class: "empty" }, say("phrases.none"))],
          );
        } catch (failure) {
          delete list.dataset.shown;
          list.replaceChildren(make("li", { class: "notice wrong" }, failed(failure)));
        }
      };
      const choose = make(
        "select",
        { class: "input", "aria-label": say("shop") },
        state.me.shops.map((one) =>
          make("option", { value: one.id, selected: one.id === shop }, inWords(one.name) ?? one.id),
        ),
      );
      choose.addEventListener("change", () => {
        shop = choose.value;
        load();
      });
      const add = async () => (await saveAsPhrase("", shop)) && load();
      load();
      return [
        make(
          "div",
          { class: "phrases-head" },
          severalShops() ? choose : null,
          make(
            "button",
            { type: "button", class: "button strong", id: "phrase-new", autofocus: true, onclick: add },
            say("phrase.new"),
          ),
        ),
        list,
      ];
    },
  });
}

function row(one, shop, load) {
  const mine = one.of === "mine";
  const may = mine || leads(shop);
  const then = async (f, told) => (await attempt(f, told)) && load();
  const act = (key, run, kind = "") =>
    make("button", { type: "button", class: `button small ${kind}`, onclick: run }, say(key));
  const change = async () => {
    const script = await edit(one, say("phrase.change"));
    if (script) then(() => scripts.change(shop, one.id, script), say("phrase.saved"));
  };
  const remove = async () => {
    if (
      await sure({
        title: say("phrase.remove"),
        text: say("phrase.remove.sure", { title: one.title }),
        yes: say("phrase.remove"),
      })
    )
      then(() => scripts.remove(shop, one.id));
  };
  const history = one.history ?? [];
  return make(
    "li",
    { class: "phrase", "data-id": one.id, "data-of": one.of },
    make(
      "p",
      { class: "script-head" },
      make("b", {}, one.title),
      make("span", { class: "pill", "data-kind": mine ? "person" : "good" }, say(`of.${one.of}`)),
    ),
    make("p", { class: "phrase-text" }, one.text),
    make(
      "p",
      { class: "hint" },
      say("phrase.by", {
        name: one.author?.name ?? one.author?.id ?? "",
        at: moment(one.updated_at, now(), zoneOf(shop)),
      }),
    ),
    history.length > 0
      ? make(
          "details",
          { class: "more" },
          make("summary", {}, say("phrase.history", { n: history.length })),
          make(
            "ul",
            {},
            history.map((past) =>
              make(
                "li",
                { class: "hint" },
                [moment(past.at, now(), zoneOf(shop)), past.by?.name ?? past.by?.id, say(`history.${past.what}`)]
                  .filter(Boolean)
                  .join(" · "),
              ),
            ),
          ),
        )
      : null,
    may
      ? make(
          "p",
          { class: "due-acts" },
          act("phrase.change", change),
          mine && leads(shop)
            ? act("phrase.promote", () => then(() => scripts.promote(shop, one.id), say("phrase.promoted")))
            : null,
          act("phrase.remove", remove, "danger"),
        )
      : null,
  );
}
