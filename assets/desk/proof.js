// What the guard says of a text while it is written, and whether a promise stands in it.

import { byId, fill, make, setText } from "/assets/ui/dom.js";
import { gapsOf } from "/assets/ui/spans.js";
import { chats } from "/assets/ui/net.js";
import { inWords, onLanguage, say } from "/assets/ui/words.js";
import { moment } from "/assets/ui/times.js";
import { isComposing } from "/assets/ui/composing.js";
import { emit, now, on, state, zoneOf } from "./state.js";
import { draftOf } from "./drafts.js";

const SETTLE_MS = 300;
const SHORTEST = 2;
/** A promise is named by the text it stands in; longer ones by their beginning. */
const LONGEST = 80;

let timer = null;
let asking = null;
/** Of the text in the box: findings, the promise read in it, whether it is to be made, whether gaps were held back, and for good. */
let proof = none();

function none() {
  return { id: null, text: "", guard: [], promise: null, wanted: false, gap: false, firm: false };
}

/** submit({despite, gaps}) of the box, given at the start: the two know each other. */
let submit = () => {};

export function startProof(send) {
  submit = send;
  byId("promise-chip").addEventListener("click", togglePromise);
  onLanguage(render);
  on("tick", () => proof.promise && render());
  on("attached", (id) => {
    if (id !== proof.id) return;
    proof.guard = proof.guard.filter((one) => stands(one, id, proof.text));
    render();
  });
}

/** Looks at a text once it has stood still. */
export function checkSoon(chat, text) {
  keepWhatStands(chat, text);
  clearTimeout(timer);
  if (text.trim().length >= SHORTEST)
    timer = setTimeout(() => (isComposing() ? checkSoon(chat, text) : check(chat, text)), SETTLE_MS);
  render();
}

/** Looks at a text now: another chat was opened, or the box emptied. */
export function proved(chat, text) {
  clearTimeout(timer);
  asking?.abort();
  proof = none();
  proof.id = chat?.id ?? null;
  if (text.trim().length >= SHORTEST) check(chat, text);
  render();
}

/** A finding whose words were taken out is none any more; a new one comes with the next look. */
function keepWhatStands(chat, text) {
  if (proof.id !== chat.id) proof = none();
  proof.id = chat.id;
  proof.text = text;
  proof.guard = proof.guard.filter((one) => stands(one, chat.id, text));
  proof.gap = proof.gap && gapsOf(text).length > 0;
  if (proof.promise && !text.includes(proof.promise.said)) {
    proof.promise = null;
    proof.wanted = false;
  }
}

/** Whether what a finding speaks of is still there: in the text, or as a link beside it. */
const stands = (one, id, text) =>
  !one.said || text.includes(one.said) || draftOf(id).attachments.some((thing) => thing.url === one.said);

async function check(chat, text) {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const { guard, promise } = await chats.proofread(chat.shop, chat.id, text, signal);
    if (signal.aborted || proof.id !== chat.id) return;
    // A gap is told of when it is sent: while somebody fills it, it is no mistake.
    proof.firm = (guard ?? []).some((one) => one.rule === "unresolved" && one.action === "block");
    proof.guard = (guard ?? []).filter((one) => one.rule !== "unresolved" || !gapsOf(text).length);
    if (promise?.due !== proof.promise?.due) proof.wanted = false;
    proof.promise = promise ?? null;
  } catch {
    // The guard looks again when it is sent.
  }
  render();
}

/** What the guard said when it was sent. */
export function showFindings(chat, guard, text) {
  if (chat.id !== state.open?.id) return;
  proof = { ...none(), id: chat.id, text, guard };
  render();
}

export const blocking = () => proof.guard.filter((one) => one.action === "block");
export const warned = () => proof.guard.filter((one) => one.action !== "block");

/** A gap holds the text back; said under the box. */
export function letGo(what) {
  proof.gap = what === "gap";
  render();
}

/** The promise to be made with the text, or null. */
export const found = () =>
  proof.wanted && proof.promise ? { what: proof.text.trim().slice(0, LONGEST), due: proof.promise.due } : null;

/** Alt+P where a promise was read: with the text, or not. Answers whether there is one. */
export function togglePromise() {
  if (!proof.promise) return false;
  proof.wanted = !proof.wanted;
  render();
  return true;
}

function render() {
  const guard = byId("guard");
  const { guard: findings, gap, firm } = proof;
  guard.hidden = findings.length === 0 && !gap;
  fill(guard, [findings, gap, firm], () => [
    make("div", { class: "findings" }, findings.map(finding), gap ? row("warn", say("guard.gap")) : null),
    gap && firm ? null : again(findings, gap),
  ]);
  const chip = byId("promise-chip");
  chip.hidden = !proof.promise;
  if (proof.promise) {
    const at = moment(proof.promise.due, now(), zoneOf(state.open?.shop));
    setText(chip, say(proof.wanted ? "chip.wanted" : "chip.offer", { at }));
    chip.setAttribute("aria-pressed", String(proof.wanted));
  }
  emit("proved", proof.id);
}

function row(action, message, help = null) {
  return make(
    "div",
    { class: "finding", "data-action": action },
    make("b", {}, say(`guard.${action}`)),
    make("span", {}, message, help ? make("small", {}, help) : null),
  );
}

/** Help that the next finding gives too is given once. */
const finding = (one, at, all) =>
  row(
    one.action === "block" ? "block" : "warn",
    pointed(inWords(one.message) ?? one.rule, one.said),
    inWords(one.help) === inWords(all[at + 1]?.help) ? null : inWords(one.help),
  );

/** A message with the words it speaks of marked; before it, if it doesn't say them. */
function pointed(message, said) {
  if (!said) return message;
  const at = message.indexOf(said);
  const mark = make("mark", {}, said);
  return at < 0 ? [mark, " ", message] : [message.slice(0, at), mark, message.slice(at + said.length)];
}

/** "Send anyway": only where nothing blocks. */
function again(findings, gap) {
  if (findings.some((one) => one.action === "block")) return null;
  const despite = findings.map((one) => one.rule);
  const run = () => submit({ despite, gaps: gap });
  return make(
    "button",
    { type: "button", class: "button small", id: "send-anyway", onclick: run },
    say("guard.anyway"),
  );
}
