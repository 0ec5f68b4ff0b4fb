// Every key of the desk, in one place. While an input method composes, none of them is ours.

import { byId, make } from "/assets/ui/dom.js";
import { isComposing, isTyping } from "/assets/ui/composing.js";
import { dialogIsOpen, openDialog } from "/assets/ui/dialog.js";
import { closeMenu } from "/assets/ui/menu.js";
import { say } from "/assets/ui/words.js";
import { choice } from "./kept.js";
import { area, isEmpty, isWritable, recallLast, selectGap, submit } from "./box.js";
import { newPromise } from "./promise-form.js";
import { togglePromise } from "./proof.js";
import { step } from "./queue.js";
import { closeSearch, openSearch } from "./search.js";
import { useSuggestion } from "./suggestions.js";
import { canUndo, takeBack } from "./undo.js";
import { gapsOf } from "/assets/ui/spans.js";

const DIGIT = /^Digit([1-5])$/;

export function startKeys() {
  area().addEventListener("keydown", inBox);
  document.addEventListener("keydown", anywhere);
  byId("help").addEventListener("click", showKeys);
}

const taken = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

/** Keys of the box alone. */
function inBox(event) {
  if (isComposing(event) || event.altKey) return;
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "Enter") return enter(event, command);
  if (event.key === "Tab" && !event.shiftKey && !command && gapsOf(area().value).length) {
    taken(event);
    selectGap(area().selectionEnd);
  } else if (event.key === "ArrowUp" && !event.shiftKey && !command && isEmpty()) {
    if (recallLast()) taken(event);
  } else if (command && !event.shiftKey && event.code === "KeyZ" && isEmpty() && canUndo()) {
    taken(event);
    takeBack();
  }
}

/** Enter sends and Shift or Ctrl break the line; or Ctrl sends and Enter breaks it. */
function enter(event, command) {
  if (event.shiftKey) return;
  if (command === (choice("send") === "ctrl")) {
    taken(event);
    // A key held down sends once.
    if (!event.repeat) submit();
  } else if (command) {
    taken(event);
    document.execCommand("insertText", false, "\n");
  }
}

function anywhere(event) {
  if (event.defaultPrevented || isComposing(event) || dialogIsOpen()) return;
  if (event.key === "Escape") return escape(event);
  if (event.altKey) return event.ctrlKey || event.metaKey ? undefined : withAlt(event);
  if (event.ctrlKey || event.metaKey || isTyping(event.target)) return;
  bare(event);
}

/** By the place of the key, not its letter: on a Mac Alt types another. */
function withAlt(event) {
  const digit = DIGIT.exec(event.code)?.[1];
  if (digit) {
    taken(event);
    if (!event.repeat) useSuggestion(Number(digit), { send: event.shiftKey });
  } else if (event.code === "KeyP") {
    taken(event);
    if (!togglePromise()) newPromise();
  } else if (event.code === "KeyJ" || event.code === "KeyK") {
    taken(event);
    step(event.code === "KeyJ" ? 1 : -1);
  }
}

/** Outside any field. */
function bare(event) {
  const digit = DIGIT.exec(event.code)?.[1];
  const key = event.key.toLowerCase();
  if (digit && !event.shiftKey) useSuggestion(Number(digit));
  else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (event.key === "?" || event.key === "？") showKeys();
  else if (event.key === "/" || event.key === "、") openSearch();
  // Nothing has the focus: back to writing.
  else if (event.key === "Enter" && event.target === document.body && isWritable())
    area().focus({ preventScroll: true });
  else return;
  taken(event);
}

/** Closes what is open, one thing a press; in the end leaves the box, so that bare keys work. */
function escape(event) {
  if (closeMenu() || closeSearch()) taken(event);
  else if (document.activeElement === area()) area().blur();
}

const KEYS = [
  [
    "keys.box",
    [
      ["Enter", "keys.send"],
      ["Alt 1–5", "keys.use"],
      ["Alt Shift 1–5", "keys.use.send"],
      ["/ 、", "keys.search"],
      ["Tab", "keys.gap"],
      ["↑", "keys.last"],
      ["Alt P", "keys.promise"],
      ["Ctrl Z", "keys.undo"],
    ],
  ],
  [
    "keys.chats",
    [
      ["Alt J", "keys.next"],
      ["Alt K", "keys.previous"],
      ["Esc", "keys.escape"],
    ],
  ],
  [
    "keys.outside",
    [
      ["1–5", "keys.use"],
      ["J K", "keys.next.previous"],
      ["/", "keys.search.outside"],
      ["Enter", "keys.write"],
      ["?", "keys.help"],
    ],
  ],
];

export function showKeys() {
  const keyed = (text) => text.split(" ").map((part) => make("kbd", {}, part));
  const name = (keys, what) => (what === "keys.send" && choice("send") === "ctrl" ? "Ctrl Enter" : keys);
  return openDialog({
    title: say("keys.title"),
    id: "keys",
    build: () =>
      KEYS.map(([heading, rows]) => [
        make("h3", { class: "list-title" }, say(heading)),
        make(
          "dl",
          { class: "keys" },
          rows.map(([keys, what]) =>
            make("div", {}, make("dt", {}, keyed(name(keys, what))), make("dd", {}, say(what))),
          ),
        ),
      ])
        .flat()
        .concat(make("p", { class: "hint" }, say("keys.composing"))),
  });
}
