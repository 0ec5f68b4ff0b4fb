// What the desk knows, and who wants to hear of a change. Nothing here touches the page.

import { inWords } from "/assets/ui/words.js";

/** `open`: `{shop, id}` of the chat in the middle. `offset`: how far the service's clock is ahead of ours. */
export const state = {
  me: null,
  offset: 0,
  items: new Map(),
  agents: [],
  promises: [],
  open: null,
  tab: "all",
};

/** In characters. */
const LONGEST_ID = 16;

const listeners = new Map();

/** Runs `f` whenever something of this name happens; answers how to stop that. */
export function on(name, f) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(f);
  return () => listeners.get(name).delete(f);
}

export function emit(name, detail) {
  for (const f of listeners.get(name) ?? []) f(detail);
}

/** The service's time. */
export const now = () => Date.now() + state.offset;

/** What a shop calls one of its flags; null: it has no flag. */
export const flagName = (shop, flag) => flag && (inWords(shopOf(shop)?.flags?.[flag]) ?? flag);

export const shopOf = (shop) => state.me?.shops.find((one) => one.id === shop);
export const zoneOf = (shop) => shopOf(shop)?.time_zone;
export const severalShops = () => (state.me?.shops.length ?? 0) > 1;
export const leads = (shop) => ["lead", "manager"].includes(shopOf(shop)?.role);
export const isMine = (chat) => chat?.holder?.id === state.me?.id && chat?.state === "agent";
/** What a customer is called; without a name, the platform's id, made short enough to read. */
export const nameOf = (chat) => chat.customer?.name || short(chat.customer?.id || chat.id);
/** The same in full, for whoever has to look it up elsewhere. */
export const fullNameOf = (chat) => chat.customer?.name || chat.customer?.id || chat.id;
const short = (id) => (id?.length > LONGEST_ID ? `${id.slice(0, 4)}…${id.slice(-4)}` : id);
export const isOpen = (id) => state.open?.id === id;
export const holderOf = (chat) => (chat?.state === "agent" ? chat.holder : null);

/** A script with my name in it: no gap for anybody to fill. */
export const signed = (text) => text.replaceAll("{agent.name}", state.me.name ?? state.me.id);

/** The open promises that are mine to keep; a lead is told of others' too. */
export const myPromises = () => state.promises.filter((one) => !one.owner || one.owner.id === state.me.id);

/** Whether somebody else holds it: then nothing can be said here. */
export const heldByOther = (chat) => Boolean(holderOf(chat)) && !isMine(chat);

/** All that was loaded anew. */
export function load(desk) {
  state.offset = desk.now - Date.now();
  state.items = new Map(desk.items.map((item) => [item.id, item]));
  state.agents = desk.agents ?? [];
  state.promises = desk.promises ?? [];
  emit("items", { changed: desk.items, gone: [], all: true });
  emit("people");
  emit("promises");
}

const stays = (item) => item.state === "waiting" || item.state === "agent";

/** What changed, as the stream tells it. An older word of a chat than ours is none. */
export function change({ items = [], gone = [] }) {
  const before = new Map();
  for (const item of items) {
    const known = state.items.get(item.id);
    if (known && known.updated_at > item.updated_at) continue;
    before.set(item.id, known);
    if (stays(item)) state.items.set(item.id, item);
    else state.items.delete(item.id);
  }
  for (const { id } of gone) state.items.delete(id);
  emit("items", { changed: items, gone, before });
}

/** Opens a chat in the middle; null: none. */
export function open(chat) {
  if (chat?.id === state.open?.id) return;
  state.open = chat && { shop: chat.shop, id: chat.id };
  emit("open", state.open);
}
