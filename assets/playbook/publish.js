// Publishing: what goes out, what it would have changed last week, and what can stand in the way.

import { make } from "../ui/dom.js";
import { buttons, openDialog } from "../ui/dialog.js";
import { say } from "../ui/words.js";
import { change } from "./changes.js";
import { mistakeList } from "./lint.js";
import { summed } from "./replay.js";
import { brokenOr } from "./trial.js";

/**
 * Asks, with the numbers of the replay. Answers "go", "replay" (to look at it first), or null.
 * `draft`, `lint`, `replay`, `api`, `shop` (its name), `titleOf`, `moved` (paths that were published meanwhile).
 */
export const askToPublish = ({ draft, lint, replay, api, shop, titleOf, moved }) => {
  const under = new AbortController();
  return openDialog({
    title: say("publish.title"),
    id: "publish-dialog",
    wide: true,
    build: (close) => {
      const stops = lint.errors > 0 ? say("publish.errors", { n: lint.errors }) : moved.length ? say("publish.moved") : null;
      const numbers = make("p", { id: "publish-numbers", role: "status", class: "numbers" });
      const go = make("button", { type: "button", class: "button strong", id: "publish-go", disabled: true, onclick: () => close("go") }, say("publish.go"));
      // Whoever publishes has seen the numbers first.
      if (!stops) tellNumbers(numbers, replay, api, draft.changes, under.signal, () => close("replay")).then(() => (go.disabled = false));
      return [
        make("p", {}, say("publish.text", { shop })),
        stops ? make("p", { class: "notice wrong" }, stops) : null,
        numbers,
        lint.errors === 0 && lint.warnings > 0 ? make("p", { class: "hint" }, say("publish.warnings", { n: lint.warnings })) : null,
        make("h3", {}, say("publish.files")),
        draft.list.map((one) => change(one, titleOf)),
        buttons(make("button", { type: "button", class: "button", onclick: () => close() }, say("cancel")), go),
      ];
    },
  }).finally(() => under.abort());
};

async function tellNumbers(host, replay, api, changes, signal, look) {
  const show = (result) => host.replaceChildren(summed(result), " ", result.changed.length > 0 ? make("button", { type: "button", class: "link", onclick: look }, say("publish.look")) : "");
  if (replay.isOf(changes)) return show(replay.result);
  host.textContent = say("publish.replaying");
  host.classList.add("busy");
  try {
    show(await replay.run(api, changes, signal));
  } catch (failure) {
    if (failure.kind !== "aborted") host.textContent = say("publish.no_replay", { why: brokenOr(failure) });
  }
  host.classList.remove("busy");
  return undefined;
}

/** Somebody published meanwhile: answers whether to load that and keep the draft. */
export const askToReload = () =>
  openDialog({
    title: say("publish.conflict.title"),
    id: "conflict-dialog",
    build: (close) => [
      make("p", {}, say("publish.conflict.text")),
      buttons(
        make("button", { type: "button", class: "button", onclick: () => close(false) }, say("cancel")),
        make("button", { type: "button", class: "button strong", id: "conflict-reload", autofocus: true, onclick: () => close(true) }, say("publish.conflict.yes")),
      ),
    ],
  });

/** The service refused: which places need a change. Answers the one that was clicked, or null. */
export const showRefusal = (mistakes, titleOf) =>
  openDialog({
    title: say("publish.refused.title"),
    id: "refused-dialog",
    wide: true,
    build: (close) => [
      make("p", { class: "notice wrong" }, say("publish.refused", { n: mistakes.length })),
      make("ul", { class: "mistakes" }, mistakeList(mistakes, { titleOf, go: close })),
    ],
  });
