// Making a promise: what, and until when.

import { make } from "/assets/ui/dom.js";
import { buttons, openDialog, toast } from "/assets/ui/dialog.js";
import { chats } from "/assets/ui/net.js";
import { failed, say } from "/assets/ui/words.js";
import { fromField, instantOf, moment, partsOf, toField } from "/assets/ui/times.js";
import { nameOf, now, state, zoneOf } from "./state.js";
import { refresh, viewOf } from "./views.js";
import { area } from "./box.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Opens the form for the chat that is open; what stands in the box is offered as the promise's words. */
export async function newPromise() {
  const chat = state.open;
  if (!chat) return;
  const zone = zoneOf(chat.shop);
  const view = state.items.get(chat.id) ?? viewOf(chat.id);
  const made = await openDialog({
    title: say("promise.title", { name: view ? nameOf(view) : "" }),
    id: "promise-dialog",
    build: (close) => body(zone, close),
  });
  if (!made) return;
  try {
    await chats.promise(chat.shop, chat.id, made);
    toast(say("promise.made", { at: moment(made.due, now(), zone) }), { kind: "good" });
    refresh(chat).catch(() => {});
  } catch (failure) {
    toast(say("promise.not.made", { why: failed(failure) }), { kind: "bad" });
  }
}

function body(zone, close) {
  const what = make("input", {
    class: "input",
    id: "promise-what",
    maxlength: 200,
    required: true,
    autofocus: true,
    value: area().value.trim().slice(0, 80) || say("promise.usual"),
  });
  what.addEventListener("focus", () => what.select(), { once: true });
  const due = make("input", {
    class: "input",
    id: "promise-due",
    type: "datetime-local",
    required: true,
    value: toField(now() + HOUR, zone),
  });
  const problem = make("p", { class: "notice wrong", role: "alert", hidden: true }, say("promise.past"));
  const pick = ([key, at]) =>
    make("button", { type: "button", class: "button small", onclick: () => (due.value = toField(at, zone)) }, say(key));
  const form = make(
    "form",
    {},
    make("label", { class: "field" }, make("span", {}, say("promise.what")), what),
    make("label", { class: "field" }, make("span", {}, say("promise.due")), due),
    make("div", { class: "picks" }, picks(zone).map(pick)),
    problem,
    make("p", { class: "hint" }, say("promise.note", { zone: zone ?? "" })),
    buttons(
      make("button", { type: "button", class: "button", onclick: () => close() }, say("cancel")),
      make("button", { type: "submit", class: "button strong" }, say("promise.make")),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const at = fromField(due.value, zone);
    problem.hidden = at !== null && at > now();
    if (problem.hidden && what.value.trim()) close({ what: what.value.trim(), due: at });
  });
  return form;
}

/** Times people promise: half an hour, two hours, this evening, tomorrow morning. */
function picks(zone) {
  const today = (hour, after = 0) => instantOf({ ...partsOf(now() + after, zone), hour, minute: 0 }, zone);
  return [
    ["pick.half", now() + HOUR / 2],
    ["pick.two", now() + 2 * HOUR],
    ["pick.evening", today(18)],
    ["pick.late", today(21)],
    ["pick.tomorrow", today(10, DAY)],
  ].filter(([, at]) => at > now() + 60_000);
}
