// What was changed, file by file; and the bar that says how much.

import { make } from "../ui/dom.js";
import { openDialog } from "../ui/dialog.js";
import { say } from "../ui/words.js";
import { counted, diff, hunks } from "./diff.js";

/** One file's change: `{path, was, text}`; null is no file. */
export function change({ path, was, text }, titleOf, open = false) {
  const rows = diff(was ?? "", text ?? "");
  const { put, out } = counted(rows);
  const kind = text === null ? say("diff.gone") : was === null ? say("diff.new") : null;
  return make(
    "details",
    { class: "change", open, "data-path": path },
    make(
      "summary",
      {},
      make("b", {}, titleOf(path)),
      kind ? make("span", { class: "pill", "data-kind": text === null ? "bad" : "good" }, kind) : null,
      make("small", {}, say("diff.count", { put, out })),
      make("code", {}, path),
    ),
    make("div", { class: "diff", role: "group" }, ...hunks(rows).map((hunk, at) => [at > 0 ? make("p", { class: "diff-skip" }, say("diff.skip")) : null, ...hunk.map(diffRow)])),
  );
}

const SIGNS = { same: " ", in: "+", out: "−" };

function diffRow(row) {
  const spoken = row.kind === "same" ? null : make("span", { class: "unseen" }, say(`diff.${row.kind}`));
  return make(
    "p",
    { class: "diff-row", "data-kind": row.kind },
    make("i", { "aria-hidden": "true" }, String(row.after ?? row.before)),
    make("i", { class: "sign", "aria-hidden": "true" }, SIGNS[row.kind]),
    make("span", {}, spoken, row.text || " "),
  );
}

/** All changes of a draft. */
export const showChanges = (draft, titleOf) => {
  const { list } = draft;
  return openDialog({
    title: say("diff.title"),
    id: "changes",
    wide: true,
    build: () => list.map((one) => change(one, titleOf, list.length <= 4)),
  });
};
