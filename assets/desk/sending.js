// A reply on its way: shown at once, taken back within its time, never lost if it can't go out.

import { chats, promises } from "/assets/ui/net.js";
import { toast } from "/assets/ui/dialog.js";
import { failed, say } from "/assets/ui/words.js";
import { amend, refresh, viewOf } from "./views.js";
import { emit, now, state } from "./state.js";
import { draftOf, hasDraft, save, setDraft } from "./drafts.js";

export const UNDO_MS = 3000;

/** id of the chat → replies that the service has not shown yet. */
const pending = new Map();
let count = 0;

export const pendingOf = (id) => pending.get(id) ?? [];

/**
 * Sends what a draft holds. Answers {sent} or {guard} or {holder}. `promise`: {what, due} to be made with it.
 * `despite`: rules whose warning was read.
 */
export async function send(chat, draft, { despite = [], promise = null } = {}) {
  const one = {
    key: `sending ${(count += 1)}`,
    once: `${Date.now()}-${Math.random().toString(36).slice(2)}`,
    chat,
    draft,
    despite,
    promise,
    reply: null,
    failed: null,
    unwanted: false,
  };
  one.line = {
    from: `agent:${state.me.id}`,
    text: draft.text,
    at: now(),
    state: "sending",
    attachments: draft.attachments.filter((a) => a.url),
  };
  pending.set(chat.id, [...pendingOf(chat.id), one]);
  emit("pending", chat.id);
  return post(one);
}

async function post(one) {
  const { chat, draft } = one;
  one.failed = null;
  emit("pending", chat.id);
  emit("undo", { one, until: Date.now() + UNDO_MS });
  const attachments = one.line.attachments.map(({ kind, url, title }) => ({
    kind,
    url,
    ...(title ? { title } : {}),
  }));
  const reply = { text: draft.text, attachments, undo_ms: UNDO_MS };
  if (draft.origin) reply.suggestion_id = draft.origin.id;
  if (draft.script) reply.script_id = draft.script;
  if (one.despite.length) reply.despite = one.despite;
  try {
    return accepted(one, await chats.reply(chat.shop, chat.id, reply, one.once));
  } catch (failure) {
    return refused(one, failure);
  }
}

function accepted(one, answer) {
  const { chat } = one;
  one.reply = answer.reply_id;
  one.line = { ...one.line, state: "queued", reply_id: answer.reply_id, undo_until: answer.undo_until };
  if (one.promise) makePromise(one);
  if (one.unwanted) undo(one.line, one);
  else emit("undo", { one, until: answer.undo_until ? answer.undo_until - state.offset : 0 });
  refresh(chat).then(
    () => forget(one),
    () => {},
  );
  emit("sent", { chat, answer });
  return { sent: answer };
}

async function makePromise(one) {
  try {
    one.made = await chats.promise(one.chat.shop, one.chat.id, one.promise);
  } catch (failure) {
    toast(say("promise.not.made", { why: failed(failure) }), { kind: "bad", ms: 0 });
  }
}

/** Nothing is lost: the guard's finding goes back to the box, anything else stays in the chat, to be tried again. */
function refused(one, failure) {
  emit("undo", { one, until: 0 });
  const { guard, holder } = failure.problem;
  if (guard || holder || one.unwanted) {
    forget(one);
    restore(one);
    if (holder) refresh(one.chat).catch(() => {});
    return { guard, holder };
  }
  one.failed = failed(failure);
  emit("pending", one.chat.id);
  return {};
}

function forget(one) {
  pending.set(
    one.chat.id,
    pendingOf(one.chat.id).filter((other) => other !== one),
  );
  emit("pending", one.chat.id);
}

/** Puts the words of a reply back into the chat's box, unless something new stands there. */
function restore({ chat, draft }) {
  if (hasDraft(chat.id)) return toast(say("undo.kept", { text: draft.text.slice(0, 60) }), { ms: 9000 });
  setDraft(chat.id, draft);
  emit("restored", chat.id);
}

export const retry = (one) => post(one);

export function putBack(one) {
  forget(one);
  restore(one);
}

/** Takes a reply back before it has gone out. `line` of the chat, or of one that is just being sent. */
export async function undo(line, one = null) {
  const chat = one?.chat ?? state.open;
  if (one && !one.reply) {
    one.unwanted = true;
    return;
  }
  emit("undo", { one, until: 0, reply: line.reply_id });
  try {
    await chats.undo(chat.shop, chat.id, line.reply_id);
    if (one?.made) promises.drop(chat.shop, one.made.id, say("promise.undone")).catch(() => {});
    amend(chat.id, (view) => {
      const shown = view.lines.find((other) => other.reply_id === line.reply_id);
      if (shown) Object.assign(shown, { state: "cancelled", undo_until: null });
    });
    restore({
      chat,
      draft: one?.draft ?? { ...draftOf(chat.id), text: line.text, attachments: line.attachments ?? [] },
    });
  } catch (failure) {
    toast(failure.kind === "conflict" ? say("undo.late") : failed(failure), { kind: "bad" });
  }
  refresh(chat).catch(() => {});
}

/** Asks the platform to take back what it has shown already. */
export async function recall(line) {
  const chat = state.open;
  try {
    await chats.recall(chat.shop, chat.id, line.reply_id);
  } catch (failure) {
    toast(failure.kind === "conflict" ? say("recall.late") : failed(failure), { kind: "bad" });
  }
  refresh(chat).catch(() => {});
}

/** What could not be sent is a draft again when the page goes. */
addEventListener("pagehide", () => {
  for (const one of [...pending.values()].flat())
    if (one.failed && !hasDraft(one.chat.id)) setDraft(one.chat.id, one.draft);
  save();
});

/** What I said last in a chat. */
export const lastSaid = (id) =>
  viewOf(id)?.lines.findLast((line) => line.from === `agent:${state.me.id}` && line.text)?.text ?? null;
