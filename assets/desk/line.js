// One entry of a chat, as a node.

import { make, webAddress, webLink } from "/assets/ui/dom.js";
import { highlighted } from "/assets/ui/spans.js";
import { inWords, known, say } from "/assets/ui/words.js";
import { clock, day } from "/assets/ui/times.js";
import { fullNameOf, nameOf, now, state } from "./state.js";

const OWN_FILE = /^\/files\/[\w.-]+$/;

/** The content of an entry. `chat`: {view, zone, recall(line), undo(line), retry(pending), back(pending)}. */
export function entryNode(entry, chat) {
  const { zone } = chat;
  if (entry.kind === "day") return mark("day", day(entry.at, now(), zone));
  if (entry.kind === "handed")
    return mark("handed", say("line.handed", { why: reason(entry.turn) }), clock(entry.at, zone));
  if (entry.kind === "moved") return moved(entry, zone);
  if (entry.kind === "note") return note(entry, zone);
  return line(entry, chat);
}

/** Why, in the reader's words. */
export function reason(turn) {
  return inWords(turn.why) ?? (known(`rung.${turn.rung}`) ? say(`rung.${turn.rung}`) : turn.rung);
}

const mark = (kind, text, at = null) =>
  make("p", { class: `mark-line ${kind}` }, make("span", {}, text), at && make("time", {}, at));

function moved({ move }, zone) {
  const text = say("line.moved", { by: move.name ?? move.by, to: move.to });
  return [mark("moved", text, clock(move.at, zone)), move.note ? make("p", { class: "bubble note" }, move.note) : null];
}

function note({ note: one }, zone) {
  return [
    make("p", { class: "meta" }, make("b", {}, say("line.note")), ` ${one.name ?? one.by} ${clock(one.at, zone)}`),
    make("p", { class: "bubble note" }, one.text),
  ];
}

function line(entry, chat) {
  const { line: one } = entry;
  const bubble = one.text ? make("p", { class: "bubble" }, highlighted(one.text, entry.spans)) : null;
  const things = (one.attachments ?? []).map((thing) => attachment(thing, one.from !== "customer"));
  return [
    entry.same ? null : make("p", { class: "meta" }, entry.known ? null : [name(one, chat.view), " "], clock(one.at, chat.zone)),
    bubble,
    things.length ? make("div", { class: "things" }, things) : null,
    foot(entry, chat),
  ];
}

const name = (one, view) =>
  make("b", { title: one.from === "customer" ? fullNameOf(view) : null }, speaker(one, view));

export const sideOf = (one) => (one.from === "customer" ? "customer" : one.from === "bot" ? "bot" : "agent");

export function speaker(one, view) {
  if (one.from === "customer") return nameOf(view);
  if (one.from === "bot") return say("from.bot");
  const id = one.from.slice("agent:".length);
  return id === state.me.id ? say("from.me") : (one.name ?? id);
}

/** Pictures of our own are shown; what lies elsewhere is a link: this page loads nothing from other hosts. */
function attachment({ kind, url, title }, ours) {
  const name = say(known(`thing.${kind}`) ? `thing.${kind}` : "thing.file");
  const own = kind === "image" && ownFile(url, ours);
  if (own)
    return webLink(own, make("img", { class: "picture", src: own, alt: title || name, loading: "lazy" }), {
      class: "thing-picture",
    });
  return webLink(url, `${name}${title ? ` · ${title}` : ""}`, { class: "thing", "data-kind": kind });
}

/** The path of a file of ours, or null. What we sent bears the address that platforms know us by. */
function ownFile(address, ours) {
  const url = webAddress(address);
  return url && (ours || url.origin === location.origin) && OWN_FILE.test(url.pathname) ? url.pathname : null;
}

/** What became of a reply, and what can still be done about it. */
function foot(entry, chat) {
  const { line: one, pending } = entry;
  if (one.from === "customer") return null;
  const act = (key, run) => make("button", { type: "button", class: "link", onclick: run }, say(key));
  const acts = [];
  if (pending?.failed)
    acts.push(
      act("line.retry", () => chat.retry(pending)),
      act("line.back", () => chat.back(pending)),
    );
  if (one.undo_until > now() && one.reply_id) acts.push(act("undo", () => chat.undo(one)));
  if (one.recall_until > now() && !one.recalled && one.reply_id) acts.push(act("recall", () => chat.recall(one)));
  const text = one.recalled
    ? say("state.recalled")
    : pending?.failed
      ? say("state.failed", { why: pending.failed })
      : stateWords(one);
  if (!text && !acts.length) return null;
  return make(
    "p",
    { class: "foot", "data-state": pending?.failed ? "dead" : one.state },
    text,
    acts.map((link) => [" ", link]),
  );
}

function stateWords(one) {
  if (!one.state || (one.state === "sent" && one.from === "bot")) return null;
  const why = typeof one.why_not === "string" ? one.why_not : inWords(one.why_not);
  return why && known(`reply.${one.state}.why`) ? say(`reply.${one.state}.why`, { why }) : say(`reply.${one.state}`);
}

/** When something about this entry ends by itself, so that it is drawn again then. */
export const expiryOf = ({ line: one }) =>
  Math.min(...[one?.undo_until, one?.recall_until].filter((at) => at && at > now()), Infinity);
