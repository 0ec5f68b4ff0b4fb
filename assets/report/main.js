// Puts the report's page together: who is here, of which shop, which tab, and what the service says.

import "./words.js";
import { byId, make } from "../ui/dom.js";
import { call, onExpired } from "../ui/net.js";
import { signedIn } from "../ui/signin.js";
import { failed, onLanguage, say, sayAll } from "../ui/words.js";
import { Top } from "../people/top.js";
import { reportOf } from "./api.js";
import { drawBar } from "./bar.js";
import { onExcluded, showList } from "./episodes.js";
import { gapsTab } from "./gaps.js";
import { intentsOf } from "./intents.js";
import { ledgerTab } from "./ledger.js";
import { hear } from "./names.js";
import { paperHead } from "./paper.js";
import { TABS, addressOf, go, onPlace, place } from "./place.js";
import { reportTab } from "./report.js";
import { SampleTab } from "./sample.js";
import { learnZone, state, wanted } from "./state.js";
import { setDays } from "./table.js";
import { setHours } from "./why.js";

const top = new Top({ page: "report", choose: show });
const sample = new SampleTab(byId("tab"));
let opening = null;
let running = null;
let failure = null;
/** What the tab last heard, and of which place: drawn anew in another language without asking again. */
let heard = { key: null, answer: null };

function open() {
  opening ??= enter().finally(() => (opening = null));
  return opening;
}

async function enter() {
  byId("page").hidden = true;
  byId("door").hidden = false;
  state.me = await signedIn(byId("door"));
  byId("door").hidden = true;
  byId("page").hidden = false;
  const shops = state.me.shops.filter(({ role }) => role === "manager" || role === "lead");
  top.welcome(state.me, shops, place.shop ?? undefined);
  if (!shops.length) nobody();
}

function nobody() {
  heard = { key: null, answer: null };
  byId("notice").hidden = false;
  byId("notice").className = "notice";
  byId("notice").textContent = say("report.only");
  byId("bar").hidden = byId("tabs").hidden = true;
}

/** Another shop: its own intents, people and channels, so the filters of the one before mean nothing. */
async function show(shop) {
  const first = state.shop === null;
  state.shop = shop;
  state.api = reportOf(shop.id);
  state.report = null;
  heard = { key: null, answer: null };
  // What intents are called, for the tabs that have no titles of their own.
  intentsOf(shop.id).then(() => place.tab !== "report" && redraw(), () => {});
  if (place.shop === shop.id) return load();
  go({ shop: shop.id, ...(first ? {} : { filters: {}, list: null, week: null }) }, { replaces: first });
}

const asks = {
  report: (signal) => state.api.report(wanted(), signal),
  ledger: (signal) => state.api.ledger(wanted(), signal),
  gaps: (signal) => state.api.gaps(wanted(), signal),
};

const keyOf = () => JSON.stringify([place.shop, place.tab, place.tab === "sample" ? place.week : wanted()]);

/** Brings the tab up to the place. `anew`: the figures have changed though the place hasn't. */
async function load({ anew = false } = {}) {
  if (!state.api) return;
  frame();
  if (place.tab === "sample") return sample.show(place.week);
  sample.hide();
  if (!anew && heard.key === keyOf()) return draw();
  running?.abort();
  const mine = (running = new AbortController());
  byId("tab").setAttribute("aria-busy", "true");
  if (heard.tab !== place.tab) byId("tab").replaceChildren(waiting());
  try {
    const { tab } = place;
    const answer = await asks[tab](mine.signal);
    if (mine !== running) return;
    // The first answer names the shop's zone: there it may be another day.
    const asked = keyOf();
    if (learnZone(state.shop.id, answer.zone) && keyOf() !== asked) return load();
    heard = { key: keyOf(), tab, answer };
    failure = null;
  } catch (why) {
    if (mine !== running || why.kind === "aborted") return;
    failure = why;
    // Who may not may have been signed out meanwhile.
    if (why.kind === "forbidden") call("/api/v1/me").catch(() => {});
    if (heard.tab !== place.tab) byId("tab").replaceChildren();
    heard.key = null;
  }
  byId("tab").removeAttribute("aria-busy");
  draw();
}

const waiting = () => make("div", { class: "waiting", "aria-label": say("loading"), role: "status" }, [0, 1, 2, 3].map(() => make("span", { class: "card" })));

/** What stands around the tab. */
function frame() {
  sayAll();
  byId("bar").hidden = place.tab === "sample";
  byId("tabs").hidden = false;
  document.body.dataset.tab = place.tab;
  const tab = (one) => {
    const link = make("a", { href: addressOf({ ...place, tab: one, list: null }), "data-tab": one, "aria-current": one === place.tab ? "page" : null }, say(`tab.${one}`));
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go({ tab: one, list: null });
    });
    return link;
  };
  byId("tabs").replaceChildren(...TABS.map(tab), make("button", { type: "button", class: "button small", id: "print", hidden: place.tab !== "report", onclick: () => print() }, say("print")));
  drawBar(byId("bar"), { whole: place.tab === "report" });
}

function draw() {
  const notice = byId("notice");
  notice.hidden = !failure;
  notice.className = "notice wrong";
  notice.replaceChildren(failure ? failed(failure) : "", failure ? make("button", { type: "button", class: "link", onclick: () => load({ anew: true }) }, ` ${say("again")}`) : "");
  if (!heard.key || place.tab === "sample") return;
  const { answer, tab } = heard;
  setHours(place.hours);
  if (tab === "report") {
    state.report = answer;
    hear(answer);
    setDays(answer.from, answer.to);
    drawBar(byId("bar"), { whole: true });
    byId("paper").replaceChildren(...paperHead(answer));
    fillTab([reportTab({ report: answer, api: state.api, wanted: wanted() })].flat());
    byId("heard").textContent = say("heard", { n: answer.figures.counts.episodes });
  } else fillTab(tab === "ledger" ? ledgerTab(answer) : gapsTab(answer));
  showList();
  document.documentElement.dataset.ready = "1";
}

function redraw() {
  frame();
  if (place.tab === "sample") sample.draw();
  else draw();
}

/** The same sections stay where they were: what is unfolded stays unfolded, and the page doesn't jump. */
function fillTab(nodes) {
  const tab = byId("tab");
  const open = [...tab.querySelectorAll("details[open]")].map((one) => one.parentElement.querySelector("[data-chart]")?.dataset.chart ?? one.id).filter(Boolean);
  const { scrollTop } = byId("page");
  tab.replaceChildren(...nodes.flat().filter(Boolean));
  for (const one of tab.querySelectorAll("details")) if (open.includes(one.parentElement.querySelector("[data-chart]")?.dataset.chart ?? one.id)) one.open = true;
  byId("page").scrollTop = scrollTop;
}

onPlace((next, before) => {
  if (next.shop !== before.shop && next.shop && next.shop !== state.shop?.id) return void top.pick(next.shop);
  if (next.tab !== before.tab) byId("page").scrollTop = 0;
  load();
});
onExcluded(() => load({ anew: true }));
onLanguage(() => {
  if (state.me && !top.shops.length) return nobody();
  if (state.api) redraw();
});
onExpired(open);
sayAll();
open();
