// The bar of three seconds: what was just sent can be had back.

import { byId, setText } from "/assets/ui/dom.js";
import { onLanguage, say } from "/assets/ui/words.js";
import { on, nameOf, state } from "./state.js";
import { UNDO_MS, undo } from "./sending.js";

let current = null;
let frame = 0;

export function startUndo() {
  on("undo", (told) => {
    const same = current && (told.one === current.one || told.reply === current.one?.reply);
    if (told.until > Date.now()) current = told;
    else if (same) current = null;
    render();
  });
  on("open", render);
  byId("undo-button").addEventListener("click", takeBack);
  onLanguage(render);
}

/** Whether something can be had back just now. */
export const canUndo = () => current !== null && current.until > Date.now();

export function takeBack() {
  if (!canUndo()) return false;
  const { one } = current;
  current = null;
  render();
  undo(one.line, one);
  byId("box").focus({ preventScroll: true });
  return true;
}

function render() {
  const shown = canUndo();
  byId("undo").hidden = !shown;
  cancelAnimationFrame(frame);
  if (!shown) return;
  const { chat } = current.one;
  const elsewhere = chat.id !== state.open?.id && state.items.get(chat.id);
  setText(byId("undo-text"), elsewhere ? say("undo.to", { name: nameOf(elsewhere) }) : say("undo.sent"));
  count();
}

function count() {
  if (!canUndo()) return render();
  const left = current.until - Date.now();
  setText(byId("undo-left"), say("undo.left", { n: Math.max(1, Math.ceil(left / 1000)) }));
  byId("undo-bar").style.setProperty("--share", Math.max(0, Math.min(1, left / UNDO_MS)));
  frame = requestAnimationFrame(count);
}
