// The head of the open chat: who, of which shop, in what state, and what can be done with it.

import { byId, make, setAttribute, setText } from "/assets/ui/dom.js";
import { dropsMenu, menuItem } from "/assets/ui/menu.js";
import { inWords, known, onLanguage, say } from "/assets/ui/words.js";
import { running } from "/assets/ui/times.js";
import { flagName, fullNameOf, heldByOther, isMine, leads, nameOf, now, on, shopOf, state } from "./state.js";
import { closeChat, queueName, release, setFlag, take, transfer } from "./acts.js";
import { heat } from "./sorting.js";
import { refresh, viewOf } from "./views.js";

/** Parts of the side that were scrolled. */
const scrolled = new Set();

export function startChat() {
  byId("take").addEventListener("click", () => take());
  byId("take-over").addEventListener("click", () => take({ over: true }));
  byId("release").addEventListener("click", release);
  byId("transfer").addEventListener("click", transfer);
  byId("close").addEventListener("click", closeChat);
  dropsMenu(byId("flag"), flagMenu, { align: "end" });
  byId("side").addEventListener("scroll", (event) => scrolled.add(event.target), { capture: true, passive: true });
  on("open", opened);
  on("view", (id) => id === state.open?.id && render());
  on("items", render);
  on("tick", clock);
  onLanguage(render);
  render();
}

function opened() {
  const { open } = state;
  const began = performance.now();
  const cached = open && viewOf(open.id);
  render();
  if (!open) return;
  toTop();
  history.replaceState(history.state, "", `#${encodeURIComponent(open.shop)}/${encodeURIComponent(open.id)}`);
  const shown = () => requestAnimationFrame(() => performance.measure("switch", { start: began }));
  if (cached) shown();
  refresh(open).then(
    () => cached || shown(),
    () => cached || setText(byId("chat-sub"), say("failure.gone")),
  );
}

/** Another chat is read from its top. Asked for only if somebody scrolled: it costs a layout. */
function toTop() {
  for (const pane of scrolled) pane.scrollTop = 0;
  scrolled.clear();
}

/** The chat in the middle, as the queue knows it, or as it was when it was looked at. */
export const openChat = () => state.open && (state.items.get(state.open.id) ?? viewOf(state.open.id));

function render() {
  const chat = openChat();
  byId("chat-none").hidden = Boolean(state.open);
  byId("chat-body").hidden = !state.open;
  if (!state.open) return;
  const phase = chat?.state ?? null;
  setText(byId("chat-name"), chat ? nameOf(chat) : "…");
  setAttribute(byId("chat-name"), "title", chat && fullNameOf(chat));
  setText(byId("chat-sub"), chat ? sub(chat) : say("loading"));
  const pill = byId("chat-state");
  pill.hidden = !phase;
  setAttribute(pill, "data-state", phase);
  setText(pill, phase ? stateWords(chat) : "");
  byId("take").hidden = !chat || isMine(chat) || heldByOther(chat);
  byId("release").hidden = !chat || phase === "bot" || phase === "closed" || heldByOther(chat);
  byId("close").hidden = !chat || phase === "closed" || heldByOther(chat);
  byId("transfer").hidden =
    !chat || phase === "bot" || phase === "closed" || (heldByOther(chat) && !leads(state.open.shop));
  byId("flag").hidden = !Object.keys(shopOf(state.open.shop)?.flags ?? {}).length;
  setAttribute(byId("flag"), "data-flag", chat?.flag);
  setText(byId("flag-name"), flagName(state.open.shop, chat?.flag) ?? say("flag"));
  clock();
}

function sub(chat) {
  const parts = [
    inWords(shopOf(chat.shop ?? state.open.shop)?.name),
    known(`channel.${chat.channel}`) ? say(`channel.${chat.channel}`) : chat.channel,
    chat.queue ? queueName(chat.queue) : null,
  ];
  return parts.filter(Boolean).join(" · ");
}

const stateWords = (chat) =>
  isMine(chat)
    ? say("state.mine")
    : heldByOther(chat)
      ? say("state.other", { name: chat.holder.name ?? chat.holder.id })
      : say(`state.${chat.state}`);

function clock() {
  const chat = openChat();
  const since = chat?.since ?? chat?.waiting_since;
  const element = byId("chat-clock");
  element.hidden = !since;
  if (!since) return;
  setText(element, running(now() - since));
  setAttribute(element, "data-heat", heat(now() - since));
}

function flagMenu() {
  const flags = Object.keys(shopOf(state.open?.shop)?.flags ?? {});
  const now = openChat()?.flag ?? null;
  const item = (id) => {
    const entry = menuItem(flagName(state.open.shop, id), () => setFlag(id), { checked: now === id });
    entry.prepend(make("i", { class: "dot flag-dot", "data-flag": id }));
    return entry;
  };
  return [...flags.map(item), menuItem(say("flag.none"), () => setFlag(null), { checked: now === null })];
}
