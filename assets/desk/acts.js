// Taking, giving back, passing on, closing, flagging.

import { make } from "/assets/ui/dom.js";
import { buttons, openDialog, sure, toast } from "/assets/ui/dialog.js";
import { chats } from "/assets/ui/net.js";
import { failed, known, say } from "/assets/ui/words.js";
import { change, nameOf, now, shopOf, state } from "./state.js";
import { openNextOfMine } from "./queue.js";
import { refresh, viewOf } from "./views.js";
import { area } from "./box.js";

const itemOf = (chat) => state.items.get(chat.id) ?? viewOf(chat.id) ?? chat;

/** Tries something with the open chat; shows what went wrong and what became of it. Answers whether it worked. */
async function act(chat, f, told) {
  try {
    await f();
    if (told) toast(told, { kind: "good", ms: 3000 });
    return true;
  } catch (failure) {
    const { holder } = failure.problem ?? {};
    toast(holder ? say("held.by", { name: holder.name ?? holder.id }) : failed(failure), { kind: "bad" });
    return false;
  } finally {
    refresh(chat).catch(() => {});
  }
}

/** Shows a change before the service has told of it; it tells all the same. */
const presume = (chat, changed) =>
  change({ items: [{ ...itemOf(chat), ...changed, updated_at: itemOf(chat).updated_at ?? now() }] });

export async function take({ over = false } = {}) {
  const chat = state.open;
  if (!chat) return;
  const name = nameOf(itemOf(chat));
  if (
    over &&
    !(await sure({
      title: say("take.over"),
      text: say("take.over.sure", { name, holder: itemOf(chat).holder?.name ?? "" }),
      yes: say("take.over"),
    }))
  )
    return;
  area().focus({ preventScroll: true });
  if (await act(chat, () => chats.take(chat.shop, chat.id, over)))
    presume(chat, { state: "agent", holder: { id: state.me.id, name: state.me.name }, waiting_since: null });
  area().focus({ preventScroll: true });
}

export async function release() {
  const chat = state.open;
  if (chat && (await act(chat, () => chats.release(chat.shop, chat.id), say("release.done")))) gone(chat);
}

function gone(chat) {
  change({ gone: [chat] });
  openNextOfMine(chat.id);
}

export async function closeChat() {
  const chat = state.open;
  if (!chat) return;
  const reason = await openDialog({
    title: say("close.title", { name: nameOf(itemOf(chat)) }),
    id: "close-dialog",
    build: closeBody,
  });
  if (reason !== null && (await act(chat, () => chats.close(chat.shop, chat.id, reason), say("close.done"))))
    gone(chat);
}

const REASONS = ["solved", "gone_quiet", "after_sales", "elsewhere", "nuisance"];

function closeBody(close) {
  const text = make("input", { class: "input", id: "close-reason", maxlength: 200, placeholder: say("close.hint") });
  const form = make(
    "form",
    {},
    make(
      "div",
      { class: "picks tall" },
      REASONS.map((key, at) =>
        make(
          "button",
          { type: "button", class: "button", autofocus: at === 0, onclick: () => close(say(`close.${key}`)) },
          say(`close.${key}`),
        ),
      ),
    ),
    make("label", { class: "field" }, make("span", {}, say("close.other")), text),
    buttons(
      make("button", { type: "button", class: "button", onclick: () => close() }, say("cancel")),
      make("button", { type: "submit", class: "button strong" }, say("close")),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim()) close(text.value.trim());
    else text.focus();
  });
  return form;
}

export async function transfer() {
  const chat = state.open;
  if (!chat) return;
  const to = await openDialog({
    title: say("transfer.title", { name: nameOf(itemOf(chat)) }),
    id: "transfer-dialog",
    build: (close) => transferBody(chat, close),
  });
  if (to && (await act(chat, () => chats.transfer(chat.shop, chat.id, to.body), say("transfer.done", { to: to.name }))))
    openNextOfMine(chat.id);
}

const ORDER = { online: 0, busy: 1, away: 2, offline: 3 };

/** Colleagues of a shop, those who can answer now first. */
export const colleagues = (shop) =>
  state.agents
    .filter((agent) => agent.id !== state.me.id && agent.shops.includes(shop))
    .sort((a, b) => ORDER[a.state] - ORDER[b.state] || a.held - b.held);

export function queueName(queue) {
  const key = `queue.${queue || "default"}`;
  return known(key) ? say(key) : queue;
}

function transferBody(chat, close) {
  const note = make("textarea", {
    class: "input",
    id: "transfer-note",
    rows: 2,
    maxlength: 500,
    placeholder: say("transfer.note.hint"),
  });
  const go = (body, name) => close({ body: { ...body, note: note.value.trim() }, name });
  const person = (agent) =>
    make(
      "li",
      {},
      make(
        "button",
        {
          type: "button",
          class: "choice",
          "data-agent": agent.id,
          onclick: () => go({ agent: agent.id }, agent.name),
        },
        make("b", {}, make("i", { class: "dot", "data-state": agent.state }), agent.name),
        make("small", {}, say("people.load", { state: say(`me.${agent.state}`), n: agent.held })),
      ),
    );
  const queue = (id) =>
    make(
      "li",
      {},
      make(
        "button",
        { type: "button", class: "choice", "data-queue": id, onclick: () => go({ queue: id }, queueName(id)) },
        make("b", {}, queueName(id)),
        make("small", {}, say("transfer.queue")),
      ),
    );
  const people = colleagues(chat.shop);
  return [
    make("label", { class: "field" }, make("span", {}, say("transfer.note")), note),
    make("h3", { class: "list-title" }, say("transfer.person")),
    people.length
      ? make("ul", { class: "choices" }, people.map(person))
      : make("p", { class: "empty" }, say("people.none")),
    make("h3", { class: "list-title" }, say("transfer.queues")),
    make("ul", { class: "choices" }, (shopOf(chat.shop)?.queues ?? []).map(queue)),
  ];
}

export async function setFlag(flag) {
  const chat = state.open;
  if (chat && (await act(chat, () => chats.flag(chat.shop, chat.id, flag)))) presume(chat, { flag });
}
