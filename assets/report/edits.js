// How people change a script before they send it: the usual change first, then each.

import { make } from "../ui/dom.js";
import { openDialog } from "../ui/dialog.js";
import { failed, say } from "../ui/words.js";
import { moment } from "../ui/times.js";
import { percent } from "./numbers.js";
import { state, zone } from "./state.js";
import { amend } from "../ui/amend.js";

/** The words of a change: what was taken out is struck, what was put in is underlined, and both are named to a reader. */
export const change = (diff) =>
  make(
    "p",
    { class: "change" },
    diff.map(({ tag, text }) => (tag === "same" ? text : make(tag === "out" ? "del" : "ins", {}, make("span", { class: "unseen" }, `${say(`diff.${tag}`)} `), text))),
  );

export function showEdits(row, wanted) {
  return openDialog({
    title: say("edits.title", { script: row.title }),
    id: "edits",
    wide: true,
    build: () => {
      const host = make("div", {}, make("p", { class: "busy" }, say("loading")));
      state.api.edits(row.name, wanted).then(
        (answer) => host.replaceChildren(...shown(row, answer)),
        (failure) => host.replaceChildren(make("p", { class: "notice wrong" }, failed(failure))),
      );
      return host;
    },
  });
}

const after = (diff) => diff.filter(({ tag }) => tag !== "out").map(({ text }) => text).join("");

function shown(row, { used, changed, usual, edits }) {
  const one = (edit) =>
    make(
      "li",
      { class: "edit" },
      make("p", { class: "hint" }, edit.by, " · ", moment(edit.at, Date.now(), zone()), " · ", say("edits.share", { share: percent(edit.share) }), " · ", make("a", { href: `/desk#${encodeURIComponent(state.shop.id)}/${encodeURIComponent(edit.conversation)}` }, say("open.chat"))),
      change(edit.diff),
    );
  const asScript = () => amend(state.shop.id, [{ do: "script", intent: row.name, text: after(usual.diff) }]);
  return [
    make("p", {}, say("edits.lead", { used, changed })),
    usual ? make("section", { class: "usual" }, make("h3", {}, say("edits.usual", { n: usual.count })), change(usual.diff), make("p", {}, make("button", { type: "button", class: "button small", onclick: asScript }, say("edits.take")))) : null,
    make("h3", {}, say("edits.all")),
    edits.length ? make("ul", { class: "edits" }, edits.map(one)) : make("p", { class: "empty" }, say("edits.none")),
  ].filter(Boolean);
}
