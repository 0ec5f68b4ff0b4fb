// The conversations that were looked at or are held, so that switching to one shows it at once.

import { chats } from "/assets/ui/net.js";
import { language } from "/assets/ui/words.js";
import { emit, isMine, isOpen, on, open, shopOf, state } from "./state.js";

const MOST = 120;
const AT_A_TIME = 3;
/** The first so many that wait are fetched beforehand too. */
const AHEAD = 5;

/** id → {shop, view, stale}; the longest unused first. */
const cache = new Map();
const loading = new Map();
let fetching = 0;
let planned = false;

/** What is known of a chat, perhaps a little old. */
export const viewOf = (id) => cache.get(id)?.view ?? null;

/** The language a customer writes in, as far as it is known. */
export function customersLanguage({ shop, id }) {
  const turns = viewOf(id)?.turns ?? [];
  const heard = turns.findLast((turn) => turn.understood?.language)?.understood.language;
  return heard ?? shopOf(shop)?.languages?.[0] ?? language();
}

/** Changes a view in place before the service has told, so that a click shows at once. */
export function amend(id, f) {
  const view = viewOf(id);
  if (!view) return;
  f(view);
  emit("view", id);
}

/** Fetches a chat anew. Calls while one is on its way become one more after it. */
export async function refresh({ shop, id }) {
  const running = loading.get(id);
  if (running) {
    running.again = true;
    return running.done;
  }
  const run = { again: false, done: null };
  loading.set(id, run);
  run.done = (async () => {
    try {
      do {
        run.again = false;
        put(shop, id, await chats.view(shop, id));
      } while (run.again);
    } finally {
      loading.delete(id);
    }
  })();
  return run.done;
}

function put(shop, id, view) {
  cache.delete(id);
  cache.set(id, { shop, view, stale: false });
  for (const old of cache.keys()) {
    if (cache.size <= MOST) break;
    if (!isOpen(old)) cache.delete(old);
  }
  emit("view", id);
}

/** Fetches one beforehand: the pointer is over it. */
export const warm = (chat) => cache.get(chat.id)?.stale === false || refresh(chat).catch(() => {});

/** What changed is fetched anew: the open one now, the held ones when there is time. */
on("items", ({ changed, gone }) => {
  for (const { id } of [...changed, ...gone]) {
    const known = cache.get(id);
    if (known) known.stale = true;
    if (isOpen(id)) refresh(state.open).catch((failure) => lost(id, failure));
  }
  plan();
});

/** A chat that is no longer mine to see can't stay open. */
function lost(id, { kind }) {
  if (!["gone", "forbidden"].includes(kind) || !isOpen(id)) return;
  cache.delete(id);
  open(null);
}

function plan() {
  if (planned) return;
  planned = true;
  (globalThis.requestIdleCallback ?? setTimeout)(() => {
    planned = false;
    fetchAhead();
  });
}

function wanted() {
  const items = [...state.items.values()];
  const waiting = items.filter((one) => one.state === "waiting").sort((a, b) => a.waiting_since - b.waiting_since);
  const worth = [...items.filter(isMine), ...waiting.slice(0, AHEAD)];
  return worth.filter((one) => cache.get(one.id)?.stale !== false && !loading.has(one.id));
}

function fetchAhead() {
  if (document.hidden && cache.size) return;
  for (const item of wanted().slice(0, Math.max(0, AT_A_TIME - fetching))) {
    fetching += 1;
    refresh(item)
      // Tried again with the next change; marked, or it would be tried at once.
      .catch(() => cache.set(item.id, { ...cache.get(item.id), stale: false }))
      .finally(() => {
        fetching -= 1;
        plan();
      });
  }
}

document.addEventListener("visibilitychange", () => document.hidden || plan());
