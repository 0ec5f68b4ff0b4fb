// The end of a shift: all that is open goes to somebody, in one go.

import { make, setText } from "/assets/ui/dom.js";
import { buttons, openDialog, toast } from "/assets/ui/dialog.js";
import { chats, promises } from "/assets/ui/net.js";
import { say } from "/assets/ui/words.js";
import { moment } from "/assets/ui/times.js";
import { emit, isMine, myPromises, nameOf, now, state, zoneOf } from "./state.js";
import { isLate } from "./promises.js";

const AT_A_TIME = 4;

/** Opens the list of what I hold and have promised. */
export function showHandover() {
  const held = [...state.items.values()].filter(isMine).sort((a, b) => (a.since ?? Infinity) - (b.since ?? Infinity));
  const open = myPromises().sort((a, b) => a.due - b.due);
  return openDialog({
    title: say("handover.title"),
    id: "handover-dialog",
    wide: true,
    build: (close) => body(held, open, close),
  });
}

function body(held, open, close) {
  if (!held.length && !open.length) return make("p", { class: "empty" }, say("handover.none"));
  const checks = new Map();
  const check = (one, text, more, late = false) => {
    const box = make("input", { type: "checkbox" });
    box.checked = true;
    checks.set(one, box);
    return make(
      "li",
      {},
      make(
        "label",
        { class: "check" },
        box,
        make("span", { class: "handover-text" }, make("b", {}, text), make("small", { "data-late": late }, more)),
      ),
    );
  };
  const to = make(
    "select",
    { class: "input", id: "handover-to" },
    make("option", { value: "queue" }, say("handover.queue")),
    people().map((agent) =>
      make(
        "option",
        { value: agent.id },
        say("handover.person", { name: agent.name, state: say(`me.${agent.state}`), n: agent.held }),
      ),
    ),
  );
  const first = people().find((agent) => agent.state === "online");
  if (first) to.value = first.id;
  const note = make("textarea", {
    class: "input",
    id: "handover-note",
    rows: 2,
    maxlength: 500,
    placeholder: say("handover.note.hint"),
  });
  const progress = make("p", { class: "hint", role: "status" });
  const go = make("button", { type: "submit", class: "button strong", id: "handover-go" }, say("handover.go"));
  const form = make(
    "form",
    {},
    make(
      "div",
      { class: "handover-lists" },
      list(
        "handover.promises",
        open.map((one) =>
          check(
            one,
            one.what,
            `${moment(one.due, now(), zoneOf(one.shop))} · ${nameOf({ customer: one.customer, id: one.conversation })}`,
            isLate(one),
          ),
        ),
      ),
      list(
        "handover.chats",
        held.map((one) => check(one, nameOf(one), one.last?.text ?? "")),
      ),
    ),
    make("label", { class: "field" }, make("span", {}, say("handover.to")), to),
    make("label", { class: "field" }, make("span", {}, say("transfer.note")), note),
    progress,
    buttons(make("button", { type: "button", class: "button", onclick: () => close() }, say("cancel")), go),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    const chosen = (all) => all.filter((one) => checks.get(one).checked);
    const failures = await pass(chosen(open), chosen(held), to.value, note.value.trim(), (n, of) =>
      setText(progress, say("handover.progress", { n, of })),
    );
    toast(say(failures ? "handover.some" : "handover.done", { n: failures }), { kind: failures ? "bad" : "good" });
    close(true);
  });
  return form;
}

const list = (key, rows) =>
  make(
    "fieldset",
    {},
    make("legend", { class: "list-title" }, say(key, { n: rows.length })),
    rows.length ? make("ul", { class: "checks" }, rows) : make("p", { class: "empty" }, say("handover.nothing")),
  );

const people = () =>
  state.agents.filter((agent) => agent.id !== state.me.id && agent.state !== "offline").sort((a, b) => a.held - b.held);

/** Passes everything on, a few at a time; answers how many could not be. */
async function pass(open, held, to, note, tell) {
  const serves = (shop) => to !== "queue" && state.agents.find((agent) => agent.id === to)?.shops.includes(shop);
  const jobs = [
    // A promise whose shop the person doesn't serve, or that goes to a queue, goes with its chat.
    ...open.filter((one) => serves(one.shop)).map((one) => () => promises.pass(one.shop, one.id, to)),
    ...held.map(
      (one) => () =>
        chats.transfer(
          one.shop,
          one.id,
          serves(one.shop) ? { agent: to, note } : { queue: one.queue ?? "default", note },
        ),
    ),
  ];
  let [done, failures, next] = [0, 0, 0];
  const worker = async () => {
    while (next < jobs.length) {
      await jobs[next++]().catch(() => (failures += 1));
      tell((done += 1), jobs.length);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  emit("handed-over");
  return failures;
}
