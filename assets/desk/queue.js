// The left: one queue over all shops, in sections and tabs.

import { byId, make, setAttribute, setText } from "/assets/ui/dom.js";
import { keyed, nodeOf } from "/assets/ui/keyed.js";
import { onLanguage, say } from "/assets/ui/words.js";
import { on, open, state } from "./state.js";
import { kept, keep } from "./kept.js";
import { createRow, patchRow, tickRow } from "./queue-row.js";
import { TABS, capped, counts, sections } from "./sorting.js";
import { warm } from "./views.js";

const SECTIONS = ["waiting", "mine", "others"];
const HOVER_MS = 70;
let shown = { waiting: [], mine: [], others: [] };
let planned = false;
let hover = null;

const listOf = (section) => byId(`list-${section}`);
const folded = (section) => kept(`folded.${section}`, section === "others");

export function startQueue() {
  byId("tabs").append(...TABS.map(tabButton));
  byId("tabs").addEventListener("keydown", alongTabs);
  for (const section of SECTIONS) {
    byId(`head-${section}`).addEventListener("click", () => {
      keep(`folded.${section}`, !folded(section));
      render();
    });
    listen(listOf(section));
  }
  on("items", plan);
  on("open", render);
  on("draft", plan);
  on("tick", tick);
  onLanguage(render);
  render();
}

function listen(list) {
  list.addEventListener("click", (event) => {
    const row = event.target.closest(".item");
    if (!row) return;
    open(state.items.get(row.dataset.id));
    // Whoever clicks with a mouse writes next; a finger would get a keyboard over half of the page.
    if (event.detail > 0 && matchMedia("(min-width: 900px)").matches) byId("box").focus({ preventScroll: true });
  });
  list.addEventListener("pointerover", (event) => {
    const item = state.items.get(event.target.closest(".item")?.dataset.id);
    clearTimeout(hover);
    if (item) hover = setTimeout(warm, HOVER_MS, item);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest(".item");
    if (!row) return;
    if (event.key === "Enter" || event.key === " ") open(state.items.get(row.dataset.id));
    else if (step) (step > 0 ? row.nextElementSibling : row.previousElementSibling)?.focus();
    else return;
    event.preventDefault();
  });
}

/** Events come in bunches: one look for all of one frame. */
function plan() {
  if (planned) return;
  planned = true;
  // A hidden tab has no frames, and its title still counts.
  const later = document.hidden ? (f) => setTimeout(f, 50) : requestAnimationFrame;
  later(() => {
    planned = false;
    render();
  });
}

function render() {
  if (!state.me) return;
  const items = [...state.items.values()];
  shown = sections(items, state.me.id, state.tab);
  renderTabs(counts(items, state.me.id));
  for (const section of SECTIONS) renderSection(section, shown[section]);
  byId("queue-none").hidden = SECTIONS.some((section) => shown[section].length > 0);
}

function renderSection(section, items) {
  const host = byId(`section-${section}`);
  const head = byId(`head-${section}`);
  const list = listOf(section);
  host.hidden = items.length === 0 && section !== "mine";
  list.hidden = folded(section);
  host.style.setProperty("--rows", items.length);
  setAttribute(host, "data-folded", folded(section) ? "" : null);
  setAttribute(head, "aria-expanded", String(!folded(section)));
  const unanswered = items.filter((item) => item.since).length;
  const note = section === "mine" && unanswered ? say("section.unanswered", { n: unanswered }) : "";
  setText(head.querySelector(".section-count"), String(items.length));
  setText(head.querySelector(".section-note"), note);
  keyed(list, folded(section) ? [] : items, (item) => item.id, createRow, patchRow);
  const inside = items.find((item) => item.id === state.open?.id) ?? items[0];
  for (const row of list.children) row.tabIndex = row.dataset.id === inside?.id ? 0 : -1;
}

function tick() {
  if (document.hidden) return;
  for (const section of SECTIONS) for (const row of listOf(section).children) tickRow(row);
}

function tabButton(tab) {
  return make(
    "button",
    {
      type: "button",
      role: "tab",
      "data-tab": tab,
      id: `tab-${tab}`,
      "aria-controls": "queue-body",
      onclick: () => selectTab(tab),
    },
    make("span", { class: "tab-name" }),
    make("span", { class: "tab-count" }),
  );
}

function selectTab(tab) {
  state.tab = tab;
  render();
}

function renderTabs(sum) {
  for (const tab of TABS) {
    const button = byId(`tab-${tab}`);
    setText(button.firstChild, say(`tab.${tab}`));
    setText(button.lastChild, capped(sum[tab]));
    setAttribute(button, "aria-selected", String(tab === state.tab));
    button.tabIndex = tab === state.tab ? 0 : -1;
  }
}

function alongTabs(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = TABS[(TABS.indexOf(state.tab) + step + TABS.length) % TABS.length];
  selectTab(next);
  byId(`tab-${next}`).focus();
}

/** What is shown, from top to bottom. */
export const inOrder = () => SECTIONS.filter((section) => !folded(section)).flatMap((section) => shown[section]);

/** The next chat (1) or the one before (-1); the focus stays where it is. */
export function step(by) {
  const all = inOrder();
  if (!all.length) return;
  const at = all.findIndex((item) => item.id === state.open?.id);
  const next = at < 0 ? (by > 0 ? all[0] : all.at(-1)) : all[at + by];
  if (!next) return;
  open(next);
  // Whoever goes on will find the next one there.
  for (const ahead of [at + 2 * by, at + 3 * by]) if (all[ahead]) warm(all[ahead]);
  for (const section of SECTIONS) nodeOf(listOf(section), next.id)?.scrollIntoView({ block: "nearest" });
}

/** After a chat left my hands: the next of mine that waits for an answer. */
export function openNextOfMine(after) {
  const next = shown.mine.find((item) => item.id !== after && item.since);
  if (next && state.open?.id === after) open(next);
}
