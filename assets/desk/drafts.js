// A draft for each chat. It outlives a reload, and ends with the reply or after three days.

import { emit, state } from "./state.js";
import { keep, kept, keptBelow } from "./kept.js";

const LONGEST_MS = 3 * 86_400_000;
const SETTLE_MS = 250;

/** text; origin: the suggestion it came from, {id, text}; script: the script's id; attachments. */
const EMPTY = { text: "", origin: null, script: null, attachments: [] };
const drafts = new Map();
const unsaved = new Set();
let timer = null;

const keyOf = (id) => `draft.${state.me?.id}.${id}`;

export function draftOf(id) {
  if (!drafts.has(id)) drafts.set(id, { ...EMPTY, ...kept(keyOf(id)) });
  return drafts.get(id);
}

export const hasDraft = (id) => {
  const draft = draftOf(id);
  return draft.text.trim() !== "" || draft.attachments.length > 0;
};

/** Changes a draft; what is written is kept a moment later. */
export function setDraft(id, change) {
  const had = hasDraft(id);
  drafts.set(id, { ...draftOf(id), ...change });
  unsaved.add(id);
  timer ??= setTimeout(save, SETTLE_MS);
  if (had !== hasDraft(id)) emit("draft", id);
}

export const clearDraft = (id) => setDraft(id, { ...EMPTY, attachments: [] });

/** Keeps what is written at once. */
export function save() {
  clearTimeout(timer);
  timer = null;
  for (const id of unsaved) {
    const { text, origin, script, attachments } = draftOf(id);
    // A picture that is still on its way can't be kept.
    const there = attachments.filter((one) => one.url).map(({ kind, url, title }) => ({ kind, url, title }));
    keep(keyOf(id), hasDraft(id) ? { text, origin, script, attachments: there, at: Date.now() } : null);
  }
  unsaved.clear();
}

/** Takes away what nobody came back to. */
export function forgetOldDrafts() {
  for (const key of keptBelow("draft.")) if (Date.now() - (kept(key)?.at ?? 0) > LONGEST_MS) keep(key, null);
}

/** Signing out leaves no customer's words behind. */
export function forgetDrafts() {
  unsaved.clear();
  for (const key of keptBelow("draft.")) keep(key, null);
}

addEventListener("pagehide", save);
document.addEventListener("visibilitychange", () => document.hidden && save());
