// Into the clipboard. Where the browser has no interface for it, or forbids it, the old way; where that fails too, by hand.

import { make } from "../ui/dom.js";
import { openDialog } from "../ui/dialog.js";
import { say } from "../ui/words.js";

/** Answers whether the text is in the clipboard. `page`: the document that has the focus. */
export async function copy(text, page = document) {
  try {
    await page.defaultView.navigator.clipboard.writeText(text);
    return true;
  } catch {
    return selected(text, page) || byHand(text);
  }
}

/** `navigator.clipboard` is there on secure origins alone; this works in plain http too. */
function selected(text, page) {
  const before = page.activeElement;
  const area = make("textarea", { class: "unseen", readonly: true, "aria-hidden": "true", tabindex: -1 });
  area.value = text;
  page.body.append(area);
  area.select();
  let done = false;
  try {
    done = page.execCommand("copy");
  } catch {
    // Then by hand.
  }
  area.remove();
  before?.focus?.({ preventScroll: true });
  return done;
}

async function byHand(text) {
  const area = make("textarea", { class: "input", readonly: true, rows: 5, autofocus: true, "aria-label": say("card.edit.label") });
  area.value = text;
  area.addEventListener("focus", () => area.select());
  let copied = false;
  await openDialog({
    title: say("card.do.copy"),
    id: "by-hand",
    build: (close) => {
      area.addEventListener("copy", () => {
        copied = true;
        setTimeout(close);
      });
      return [make("p", { class: "hint" }, say("copy.by_hand")), area];
    },
  });
  return copied;
}
