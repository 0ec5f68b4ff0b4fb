// The conversation: its entries, and where the reader stands in it. News never scrolls away from what is being read.

import { byId, fill, make, setText } from "/assets/ui/dom.js";
import { keyed } from "/assets/ui/keyed.js";
import { onLanguage, say } from "/assets/ui/words.js";
import { now, on, state, zoneOf } from "./state.js";
import { entryNode, expiryOf, sideOf, speaker } from "./line.js";
import { MOST, timeline } from "./timeline.js";
import { pendingOf, putBack, recall, retry, undo } from "./sending.js";
import { viewOf } from "./views.js";

/** So near the end the reader follows the chat. */
const NEAR = 48;
let shownId = null;
let unfolded = false;
let seen = 0;
let expires = Infinity;
/** Whether the reader stands at the end, as of the last time it was looked at. */
let following = true;

const log = () => byId("log");
const atEnd = () => log().scrollHeight - log().scrollTop - log().clientHeight < NEAR;

export function startLines() {
  byId("newer").addEventListener("click", toEnd);
  byId("earlier").addEventListener("click", () => {
    unfolded = true;
    const before = log().scrollHeight;
    renderLines();
    log().scrollTop += log().scrollHeight - before;
  });
  on("open", renderLines);
  on("view", (id) => id === state.open?.id && renderLines());
  on("pending", (id) => id === state.open?.id && renderLines());
  on("tick", () => now() > expires && renderLines());
  onLanguage(renderLines);
  new ResizeObserver(() => following && toEnd()).observe(byId("log-frame"));
  log().addEventListener("scroll", scrolled, { passive: true });
  // A picture has its height only once it is there.
  log().addEventListener("load", () => following && toEnd(), { capture: true });
}

function scrolled() {
  following = atEnd();
  if (following) news(0);
}

export function renderLines() {
  const id = state.open?.id ?? null;
  const view = id && viewOf(id);
  const fresh = id !== shownId;
  if (fresh) {
    shownId = id;
    unfolded = false;
    seen = 0;
  }
  const stay = !fresh && !atEnd();
  const entries = view ? timeline(view, pendingOf(id), zoneOf(view.shop ?? state.open.shop)) : [];
  show(entries, view);
  const said = view ? view.lines.length : 0;
  if (view && (seen === 0 || !stay)) toEnd();
  if (seen && said > seen) tellOf(view, view.lines.slice(seen), stay);
  seen = said || seen;
}

function show(entries, view) {
  const cut = unfolded ? 0 : Math.max(0, entries.length - MOST);
  byId("earlier").hidden = cut === 0;
  expires = Math.min(Infinity, ...entries.map(expiryOf));
  const chat = { view, zone: zoneOf(state.open?.shop), recall, undo, retry, back: putBack };
  keyed(
    byId("lines"),
    entries.slice(cut),
    (entry) => `${state.open.id} ${entry.key}`,
    () => make("li"),
    (node, entry) => {
      node.className = classOf(entry);
      const passing = [expiryOf(entry), entry.pending?.failed];
      fill(
        node,
        [entry.line ?? entry.turn?.id ?? entry.note ?? entry.move ?? entry.at, entry.spans, entry.same, entry.known, passing],
        () => entryNode(entry, chat),
      );
    },
  );
}

function classOf(entry) {
  if (entry.kind !== "line") return entry.kind === "note" ? "line internal" : "between";
  const { line } = entry;
  const gone = line.recalled || line.state === "cancelled" ? " gone" : "";
  const bad = line.state === "dead" || entry.pending?.failed ? " failed" : "";
  return `line ${sideOf(line)}${entry.same ? " same" : ""}${gone}${bad}`;
}

/** New lines: heard by a screen reader, counted for whoever reads further up. */
function tellOf(view, lines, stay) {
  const theirs = lines.filter((line) => line.from === "customer");
  if (theirs.length) setText(byId("heard"), theirs.map((line) => `${speaker(line, view)}: ${line.text}`).join(" "));
  if (stay && theirs.length) news((Number(byId("newer").dataset.n) || 0) + theirs.length);
}

function news(n) {
  const button = byId("newer");
  button.dataset.n = n;
  button.hidden = n === 0;
  setText(button, say("lines.newer", { n }));
}

export function toEnd() {
  log().scrollTop = log().scrollHeight;
  following = true;
  news(0);
}
