// The last seven days decided anew: how many turns go differently, and which.

import { make } from "../ui/dom.js";
import { openDialog } from "../ui/dialog.js";
import { say } from "../ui/words.js";
import { grouped } from "./grouped.js";
import { brokenOr } from "./trial.js";
import { act, reason } from "./understood.js";

/** The last replay of a draft, kept until the draft changes. */
export class Replay {
  result = null;
  of = null;

  /** Whether the result is of these changes. */
  isOf(changes) {
    return this.result !== null && this.of === JSON.stringify(changes);
  }

  async run(api, changes, signal) {
    const result = await api.replay(changes, signal);
    this.of = JSON.stringify(changes);
    this.result = result;
    return result;
  }

  forget() {
    this.result = this.of = null;
  }
}

/** How many turns go differently; of very many only some are listed. */
const total = (result) => result.changed_total ?? result.changed.length;

/** One sentence on a result. */
export function summed(result) {
  const { turns } = result;
  if (!turns) return say("publish.replayed.empty");
  const changed = total(result);
  return say(changed ? "publish.replayed" : "publish.replayed.none", { turns, changed });
}

/** Runs the replay and shows it; an earlier result of the same changes is shown at once. */
export const showReplay = (replay, api, changes) => {
  const under = new AbortController();
  return openDialog({
    title: say("replay.title"),
    id: "replay",
    wide: true,
    build: () => {
      const host = make("div", { class: "replay", "aria-live": "polite" });
      const show = (...nodes) => host.replaceChildren(...nodes);
      const again = make("button", { type: "button", class: "button small", onclick: () => run() }, say("replay.again"));
      const run = async () => {
        show(make("p", { class: "empty busy" }, say("publish.replaying")));
        try {
          show(...shown(await replay.run(api, changes, under.signal)), again);
        } catch (failure) {
          if (failure.kind !== "aborted") show(make("p", { class: "notice wrong" }, say("publish.no_replay", { why: brokenOr(failure) })), again);
        }
      };
      if (replay.isOf(changes)) show(...shown(replay.result), again);
      else run();
      return host;
    },
  }).finally(() => under.abort());
};

function shown(result) {
  const kinds = grouped(result.changed, (one) => one.kind ?? "other");
  const list = make("ol", { class: "replay-list" });
  const filters = make("div", { class: "shifts", role: "group", "aria-label": say("replay.filter") });
  const choose = (chosen) => {
    list.replaceChildren(...(chosen ? kinds.get(chosen) : result.changed).map(turnItem));
    for (const button of filters.children) button.setAttribute("aria-pressed", String(button.dataset.shift === (chosen ?? "")));
  };
  const filter = (kind, name, n) => make("button", { type: "button", "data-shift": kind ?? "", onclick: () => choose(kind) }, name, " ", make("b", {}, String(n)));
  if (kinds.size) filters.append(filter(null, say("replay.all"), total(result)), ...[...kinds].map(([kind, some]) => filter(kind, say(`kind.${kind}`), result.counts?.[kind] ?? some.length)));
  choose(null);
  const cut = total(result) > result.changed.length ? make("p", { class: "hint" }, say("replay.cut", { n: result.changed.length })) : null;
  return [make("p", { class: "replay-sum", id: "replay-sum" }, summed(result)), filters, list, cut].filter(Boolean);
}

function turnItem({ turn, said, before, after }) {
  // Where nothing is said either way, what agents are offered may be the difference.
  const offers = !before.reply && !after.reply && before.suggests !== after.suggests;
  return make(
    "li",
    { class: "replay-turn", "data-turn": turn },
    make("p", { class: "replay-said" }, said),
    side("before", before, offers),
    side("after", after, offers),
  );
}

function side(which, one, offers) {
  const reply = one.reply ? make("p", { class: "bubble" }, one.reply) : null;
  const why = one.held_back ? null : make("span", {}, reason(one));
  const offer = offers && one.suggests ? make("p", { class: "hint" }, say("replay.suggests", { text: one.suggests })) : null;
  return make("div", { class: "replay-side", "data-side": which }, make("p", {}, make("small", {}, say(`replay.${which}`), " "), act(one), " ", why), reply, offer);
}
