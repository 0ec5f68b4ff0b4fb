// Puts the playbook's page together: contents, editor, general text and test box, the draft's bar.

import "./words.js";
import "./names.js";
import "./doings.js";
import { byId, make } from "../ui/dom.js";
import { sure, toast } from "../ui/dialog.js";
import { onExpired } from "../ui/net.js";
import { signedIn } from "../ui/signin.js";
import { moment } from "../ui/times.js";
import { failed, inWords, onLanguage, say, sayAll } from "../ui/words.js";
import { Top } from "../people/top.js";
import { Base } from "./base.js";
import { Book } from "./book.js";
import { showChanges } from "./changes.js";
import { FileView } from "./file.js";
import { Fix } from "./fix.js";
import { authorOf, showHistory } from "./history.js";
import { titleOf } from "./library.js";
import { Lint, mistakeList } from "./lint.js";
import { askForNew } from "./new.js";
import { askToPublish, askToReload, showRefusal } from "./publish.js";
import { Replay, showReplay } from "./replay.js";
import { Tree } from "./tree.js";
import { Trial } from "./trial.js";
import { selectTab, selectView } from "./views.js";

const BASE_MS = 300;
const SERVED_MS = 1500;
let book = null;
let opening = null;
let baseTimer = null;
let drawn = null;

const top = new Top({ page: "playbook", choose: show, mayLeave: () => mayLeave() });
const tree = new Tree({ open: (thing) => openThing(thing) });
const file = new FileView({ edited, shown: () => (renderAll(), renderBase()) });
const base = new Base({ edit: (change) => (selectView("edit"), file.edit(change)), writable: () => book.writable });
const trial = new Trial(() => ({ api: book?.api, changes: book?.draft.changes ?? {} }));
const lint = new Lint((news) => (news ? renderLint() : renderSum()));
const replay = new Replay();
const fix = new Fix({ titleOf: (path) => named(path), made: fixed });

function open() {
  opening ??= enter().finally(() => (opening = null));
  return opening;
}

/** Whoever opens it signs in here; the draft stays meanwhile. */
async function enter() {
  byId("page").hidden = true;
  byId("door").hidden = false;
  const me = await signedIn(byId("door"));
  byId("door").hidden = true;
  const shops = me.shops.filter((shop) => shop.role === "manager" || shop.role === "lead");
  byId("page").hidden = shops.length === 0;
  if (!shops.length) tell(say("book.only"));
  top.welcome(me, shops, fix.shop);
}

/** What the whole page has to say; `again` offers another try. */
function tell(text, again = null) {
  byId("notice").hidden = !text;
  byId("notice").className = again ? "notice wrong only" : "notice only";
  byId("notice").replaceChildren(text ?? "", again ? make("button", { type: "button", class: "link", onclick: again }, ` ${say("again")}`) : "");
}

async function show(shop) {
  if (book?.shop.id !== shop.id) {
    book?.draft.leave();
    book = new Book(shop, () => renderBar());
    file.reset(book);
    lint.reset();
    trial.reset();
    replay.forget();
    fix.forget();
    selectView("tree");
  } else book.shop = shop;
  await load();
}

/** Loads what is in force; the draft and the opened file stay. */
async function load() {
  const loaded = book;
  try {
    await loaded.load();
    if (loaded !== book) return;
    tell(null);
    byId("page").hidden = false;
  } catch (failure) {
    if (loaded === book) tell(failed(failure), load);
    byId("page").hidden = !loaded.head.version;
    return;
  }
  const again = file.thing && book.list.find((thing) => thing.key === file.thing.key);
  if (again) await file.open(again, file.kind);
  else file.reset(book);
  renderAll();
  trial.age();
  lint.check(book.api, book.draft, 0);
  await fix.take(book);
}

/** What another page proposes stands in the draft now: it is opened and tried. */
async function fixed(path, text) {
  edited();
  const thing = path && book.thingOf(path);
  if (thing) await openThing(thing, path);
  else selectView("side");
  selectTab("try");
  if (text) await trial.tryOut(text);
}

/** Before anything is open there is no general text to read. */
function openThing(thing, path = null) {
  if (!file.thing) selectTab("base");
  selectView("edit");
  return file.open(thing, kindOf(thing, path));
}

const kindOf = (thing, path) => Object.keys(thing.paths).find((kind) => thing.paths[kind] === path) ?? null;

/** The draft changed. The contents are drawn anew only if other files are changed than before. */
function edited() {
  const marks = book.draft.list.map(({ path, text }) => `${path} ${text === null}`).join();
  if (marks !== drawn) {
    drawn = marks;
    book.relist();
    file.follow();
    renderTree();
  }
  renderBar();
  fix.render();
  lint.check(book.api, book.draft);
  trial.age();
  clearTimeout(baseTimer);
  baseTimer = setTimeout(renderBase, BASE_MS);
}

const named = (path) => {
  const thing = book.thingOf(path);
  return thing ? `${titleOf(thing, book.draft)}${thing.paths.intent && thing.paths.reply ? ` · ${say(path.startsWith("intents/") ? "kind.intent" : "kind.reply")}` : ""}` : path;
};

/** A mistake in a group's or the general text has the layer's name before its path: then it leads beside that text. */
async function goTo(mistake) {
  const path = book.thingOf(mistake.path) ? mistake.path : mistake.path.replace(/^[^/]+\//, "");
  const thing = book.thingOf(path);
  selectView("edit");
  if (!thing) return;
  if (path !== file.path) await file.open(thing, kindOf(thing, path));
  if (path === mistake.path) file.goTo(mistake);
}

function renderAll() {
  byId("new").hidden = !book.writable;
  renderTree();
  renderBar();
  renderLint();
}

function renderTree() {
  tree.show({ list: book.list, draft: book.draft, wrong: lint.worst, chosen: file.thing });
}

function renderBase() {
  const { path, kind } = file;
  const text = path && book.texts.get(path);
  const at = byId("base").scrollTop;
  base.show({ path, kind: text ? kind : null, base: text?.base ?? null, own: () => file.text });
  byId("base").scrollTop = at;
}

/** One line on what the check says, or that it is under way. */
function renderSum() {
  byId("lint").hidden = lint.state === "idle" || (!file.path && !lint.mistakes.length);
  byId("lint").setAttribute("aria-busy", String(lint.state === "checking"));
  byId("lint-sum").textContent = lint.summary;
  byId("lint-sum").dataset.kind = lint.errors ? "bad" : lint.warnings || lint.state === "failed" ? "due" : "good";
}

function renderLint() {
  if (!book) return;
  const { path } = file;
  renderSum();
  file.mark(path ? lint.of(path) : []);
  const shown = lint.mistakes.map((one) => (one.path === path ? { ...one, shownLine: file.shownLine(one.line) } : one));
  byId("mistakes").replaceChildren(...mistakeList(shown, { here: path, titleOf: named, go: goTo }));
  renderTree();
  renderBar();
}

function renderBar() {
  if (!book) return;
  const { draft, head, shop } = book;
  const now = head.at ? say("bar.current", { author: authorOf(head), at: moment(head.at, Date.now(), shop.time_zone) }) : "";
  const parts = draft.size ? [make("b", {}, say("bar.changed", { n: draft.size }))] : [book.writable ? say("bar.none") : say("book.reading")];
  if (lint.errors && draft.size) parts.push(make("span", { class: "pill", "data-kind": "bad" }, say("bar.errors", { n: lint.errors })));
  if (!draft.kept && draft.size) parts.push(make("span", { class: "due" }, say("unsaved")));
  if (book.moved.size) parts.push(make("span", { class: "due" }, say("moved", { n: book.moved.size })));
  byId("bar-text").replaceChildren(...parts.flatMap((part) => [part, " "]), make("small", {}, now));
  byId("bar").dataset.changed = String(draft.size > 0);
  byId("bar-buttons").hidden = draft.size === 0;
  byId("publish").hidden = byId("discard").hidden = !book.writable;
}

async function discard() {
  if (!(await sure({ title: say("discard.title"), text: say("discard.text", { n: book.draft.size }), yes: say("discard.yes") }))) return;
  book.draft.clear();
  book.moved.clear();
  replay.forget();
  fix.forget();
  await load();
}

async function addNew() {
  const folders = [...new Set(book.list.filter((thing) => thing.folder && thing.folder !== "system").map((thing) => thing.folder)), "shop"];
  const files = await askForNew({ folders: [...new Set(folders)], languages: book.shop.languages ?? ["zh"], taken: (path) => Boolean(book.thingOf(path)) });
  if (!files) return;
  for (const [path, text] of Object.entries(files)) book.set(path, text);
  edited();
  selectView("edit");
  await file.open(book.thingOf(Object.keys(files)[0]), null);
}

async function publish() {
  const shop = inWords(book.shop.name) ?? book.shop.id;
  const answer = await askToPublish({ draft: book.draft, lint, replay, api: book.api, shop, titleOf: named, moved: [...book.moved] });
  if (answer === "replay") {
    await showReplay(replay, book.api, book.draft.changes);
    return publish();
  }
  return answer === "go" ? send() : null;
}

async function send() {
  const button = byId("publish");
  button.disabled = true;
  button.textContent = say("publish.going");
  try {
    await book.api.publish(book.draft.changes, book.head.version);
    book.keepTitles();
    book.draft.clear();
    replay.forget();
    const leaves = fix.published();
    toast(say(leaves ? "fix.back" : "publish.done"), { kind: "good" });
    await load();
    setTimeout(() => relabel(book), SERVED_MS);
  } catch (failure) {
    await refused(failure);
  } finally {
    button.disabled = false;
    button.textContent = say("bar.publish");
  }
}

async function relabel(published) {
  await published.relabel().catch(() => {});
  if (published !== book) return;
  file.follow();
  file.render();
  renderTree();
}

async function refused(failure) {
  const mistakes = failure.problem?.mistakes ?? [];
  if (failure.kind === "conflict") {
    if (await askToReload()) await load();
  } else if (failure.status === 422 && mistakes.length) {
    lint.take(mistakes);
    const mistake = await showRefusal(mistakes, named);
    if (mistake) await goTo(mistake);
  } else toast(failed(failure), { kind: "bad" });
}

async function mayLeave() {
  if (!book?.draft.size || book.draft.kept) return true;
  return sure({ title: say("leave.title"), text: say("unsaved") });
}

byId("new").addEventListener("click", addNew);
byId("history-open").addEventListener("click", () => showHistory(book.api, book.shop.time_zone));
byId("discard").addEventListener("click", discard);
byId("diff").addEventListener("click", () => showChanges(book.draft, named));
byId("replay-open").addEventListener("click", () => showReplay(replay, book.api, book.draft.changes));
byId("publish").addEventListener("click", publish);
addEventListener("beforeunload", (event) => book?.draft.size && !book.draft.kept && event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  if (book?.draft.size) toast(say(book.draft.kept ? "saved" : "unsaved"), { ms: 2500 });
});
selectTab("try");
onLanguage(() => {
  if (!book) return;
  file.render();
  renderAll();
  renderBase();
});
onExpired(open);
sayAll();
open();
