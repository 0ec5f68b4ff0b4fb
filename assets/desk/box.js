// The reply box: one draft a chat, gaps to fill, and sending.

import { byId, fill, make, setAttribute, setText } from "/assets/ui/dom.js";
import { gapsOf } from "/assets/ui/spans.js";
import { toast } from "/assets/ui/dialog.js";
import { onLanguage, say } from "/assets/ui/words.js";
import { emit, heldByOther, isMine, isOpen, leads, on, state } from "./state.js";
import { draftOf, clearDraft, setDraft } from "./drafts.js";
import { choice } from "./kept.js";
import { lastSaid, send } from "./sending.js";
import { attachAll, renderAttachments, uploaded } from "./attach.js";
import { blocking, checkSoon, found, letGo, proved, showFindings, warned } from "./proof.js";
import { viewOf } from "./views.js";
import { toEnd } from "./lines.js";

const GROWS = !globalThis.CSS?.supports?.("field-sizing", "content");
let shownId = null;
let last = "";
export const area = () => byId("box");

export function startBox() {
  area().addEventListener("input", typed);
  area().addEventListener("compositionend", () => setTimeout(typed));
  byId("reply").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  on("open", showDraft);
  on("restored", (id) => id === state.open?.id && (showDraft(true), area().focus()));
  on("attached", (id) => id === state.open?.id && renderState());
  on("proved", (id) => id === state.open?.id && renderState());
  on("view", (id) => id === state.open?.id && renderState());
  on("items", renderState);
  on("choice", renderState);
  onLanguage(() => {
    renderAttachments();
    renderState();
  });
  attachAll();
  renderState();
}

/** The draft of the chat that is open now. */
function showDraft(again = false) {
  const id = state.open?.id ?? null;
  if (id === shownId && again !== true) return;
  shownId = id;
  area().value = id ? draftOf(id).text : "";
  last = area().value;
  grow();
  renderAttachments();
  if (id) proved(state.open, area().value);
  renderState();
}

function typed() {
  if (!state.open || area().value === last) return;
  last = area().value;
  const change = { text: last };
  // An empty box has come from nowhere.
  if (!last.trim()) Object.assign(change, { origin: null, script: null });
  setDraft(state.open.id, change);
  grow();
  checkSoon(state.open, last);
  renderState();
}

function grow() {
  if (!GROWS) return;
  area().style.height = "auto";
  area().style.height = `${area().scrollHeight + 2}px`;
}

export const isEmpty = () => area().value === "";

/** Whether the box may be written in: a chat is open and nobody else holds it. */
export const isWritable = () => Boolean(state.open) && !area().disabled;

/**
 * Puts a text into the box: in place of what is there if that is empty or was put there as it is, else at the caret.
 * `from`: {origin} or {script}. The browser can undo it.
 */
export function put(text, from = {}) {
  if (!isWritable()) return false;
  const draft = draftOf(state.open.id);
  const before = area().value;
  // On a phone the box may be in another pane.
  emit("writing");
  const replaces = before.trim() === "" || before === draft.origin?.text || before === draft.put;
  area().focus({ preventScroll: true });
  const start = replaces ? 0 : area().selectionStart;
  if (replaces) area().select();
  // The old command is the only way that leaves the browser's own undo whole.
  if (!document.execCommand("insertText", false, text))
    area().setRangeText(text, area().selectionStart, area().selectionEnd, "end");
  const origin = from.origin ?? (replaces ? null : draft.origin);
  const script = from.script ?? (replaces ? null : draft.script);
  setDraft(state.open.id, { text: area().value, origin, script, put: text });
  last = null;
  typed();
  selectGap(start);
  return true;
}

/** Selects the next gap from `from` on, or the first; answers whether there is one. */
export function selectGap(from = 0) {
  const gaps = gapsOf(area().value);
  const next = gaps.find((gap) => gap.index >= from) ?? gaps[0];
  if (!next) return false;
  area().focus({ preventScroll: true });
  area().setSelectionRange(next.index, next.index + next.length);
  return true;
}

/** Sends what stands in the box; `despite`: rules whose warning was read, `gaps`: send them as they stand. */
export async function submit({ despite = [], gaps = false } = {}) {
  const chat = state.open;
  if (!chat || area().disabled) return;
  const text = area().value.trim();
  const draft = { ...draftOf(chat.id), text };
  if (!text && !draft.attachments.length) return;
  if (blocking().length) return shake();
  if (!gaps && gapsOf(text).length) {
    letGo("gap");
    selectGap();
    return renderState();
  }
  if (warned().some((one) => !despite.includes(one.rule))) return shake();
  const promise = found();
  if (!(await uploaded(chat.id))) return;
  draft.attachments = draftOf(chat.id).attachments;
  empty(chat.id);
  if (isOpen(chat.id)) toEnd();
  const answer = await send(chat, draft, {
    despite: gaps ? [...new Set([...despite, "unresolved"])] : despite,
    promise,
  });
  if (answer.guard) showFindings(chat, answer.guard, text);
  if (answer.holder) toast(say("held.by", { name: answer.holder.name ?? answer.holder.id }), { kind: "bad" });
}

function empty(id) {
  clearDraft(id);
  emit("attached", id);
  if (id !== state.open?.id) return;
  area().value = "";
  last = "";
  grow();
  renderAttachments();
  proved(state.open, "");
  renderState();
}

function shake() {
  const box = byId("guard");
  box.classList.remove("shaken");
  // Reading the width starts the movement anew.
  box.getBoundingClientRect();
  box.classList.add("shaken");
  area().focus({ preventScroll: true });
}

/** ↑ in an empty box: what I said last, to be said again. */
export function recallLast() {
  const said = state.open && lastSaid(state.open.id);
  if (!said) return false;
  put(said);
  return true;
}

function renderState() {
  const chat = state.open;
  const view = chat && (state.items.get(chat.id) ?? viewOf(chat.id));
  const other = view && heldByOther(view);
  byId("reply").hidden = !chat || Boolean(other);
  byId("held").hidden = !other;
  area().disabled = !chat || Boolean(other);
  if (other) {
    setText(byId("held-text"), say("held.by", { name: view.holder.name ?? view.holder.id }));
    byId("take-over").hidden = !leads(chat.shop);
  }
  const enter = choice("send") === "enter";
  area().placeholder = say(view && !isMine(view) && view.state !== "closed" ? "box.hint.take" : "box.hint", {
    key: enter ? "Enter" : "Ctrl+Enter",
  });
  setText(byId("send-key"), enter ? "Enter" : "Ctrl+Enter");
  setAttribute(byId("send"), "aria-disabled", blocking().length ? "true" : null);
  const draft = chat ? draftOf(chat.id) : null;
  fill(
    byId("origin"),
    [draft?.origin?.id, draft?.origin && draft.origin.text.trim() === draft.text.trim(), draft?.script],
    () => originWords(draft),
  );
}

function originWords(draft) {
  if (draft?.origin)
    return [
      make("span", {}, say(draft.origin.text.trim() === draft.text.trim() ? "origin.as_it_was" : "origin.edited")),
    ];
  return draft?.script ? [make("span", {}, say("origin.script"))] : [];
}
