// Telling somebody who looks elsewhere: the title, a desktop notification, a short sound; and what is due.

import { toast } from "/assets/ui/dialog.js";
import { onLanguage, say } from "/assets/ui/words.js";
import { moment } from "/assets/ui/times.js";
import { isMine, myPromises, nameOf, now, on, open, state, zoneOf } from "./state.js";
import { choice, keep, kept } from "./kept.js";
import { AHEAD_MS, putInterim } from "./interim.js";
import { preview } from "./queue-row.js";

/** A burst is one sound. */
const QUIET_MS = 3000;
let sounded = 0;
let context = null;

/** The title counts who waits, and speaks before anybody has signed in. */
export function startTitle() {
  onLanguage(title);
  title();
}

export function startNotify() {
  on("items", ({ changed, before, all }) => {
    title();
    if (!all) for (const item of changed) news(item, before?.get(item.id));
  });
  on("tick", remind);
  on("promises", remind);
}

export const mayAsk = () => "Notification" in globalThis && Notification.permission === "default";
export const askToNotify = () => Notification.requestPermission();

/** How many wait for an answer: those that nobody has, and mine. */
function title() {
  const items = [...state.items.values()];
  const n = items.filter((item) => item.state === "waiting" || (isMine(item) && item.since)).length;
  document.title = `${n ? `(${n > 99 ? "99+" : n}) ` : ""}${say("desk.title")} · ${say("brand")}`;
}

function news(item, before) {
  const waits = item.state === "waiting" && before?.state !== "waiting";
  const answered = isMine(item) && item.last?.from === "customer" && item.last.at !== before?.last?.at;
  const mine = isMine(item) && item.since && !isMine(before ?? {});
  if (!waits && !answered && !mine) return;
  sound();
  if (document.hidden)
    notification(item.id, say(waits ? "notify.waiting" : "notify.answer", { name: nameOf(item) }), preview(item), item);
}

function notification(tag, heading, body, chat) {
  if (!choice("notify") || !("Notification" in globalThis) || Notification.permission !== "granted") return;
  try {
    const shown = new Notification(heading, { body: body.slice(0, 120), tag, icon: "/assets/ui/icon.svg" });
    shown.addEventListener("click", () => {
      window.focus();
      open({ shop: chat.shop, id: chat.conversation ?? chat.id });
      shown.close();
    });
  } catch {
    // Some browsers know no notifications of a page; the title still counts.
  }
}

function sound() {
  if (!choice("sound") || Date.now() - sounded < QUIET_MS) return;
  sounded = Date.now();
  context ??= new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = 740;
  volume.gain.setValueAtTime(0.08, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.25);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.26);
}

/** Five minutes before, and when the time is over: once each. */
function remind() {
  const told = kept("reminded", {});
  let fresh = false;
  for (const one of myPromises()) {
    const stage = one.due <= now() ? "late" : one.due - now() <= AHEAD_MS ? "soon" : null;
    if (!stage || told[one.id] === stage) continue;
    told[one.id] = stage;
    fresh = true;
    tell(one, stage);
  }
  if (!fresh) return;
  const open = new Set(state.promises.map((one) => one.id));
  keep("reminded", Object.fromEntries(Object.entries(told).filter(([id]) => open.has(id))));
}

function tell(one, stage) {
  const name = nameOf({ customer: one.customer, id: one.conversation });
  const text = say(`remind.${stage}`, { name, what: one.what, at: moment(one.due, now(), zoneOf(one.shop)) });
  toast(text, {
    kind: stage === "late" ? "bad" : "due",
    ms: 20_000,
    action: [
      { text: say("interim"), run: () => putInterim(one) },
      { text: say("remind.open"), run: () => open({ shop: one.shop, id: one.conversation }) },
    ],
  });
  notification(`promise ${one.id}`, say("remind.title"), text, one);
  sound();
}
