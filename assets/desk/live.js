// The one stream of events. Of several tabs one holds it and tells the others.

import { desk, session } from "/assets/ui/net.js";
import { change, emit, load, state } from "./state.js";

const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const KINDS = ["items", "people", "promises", "reset"];
/** So long the lock and the stream may take before the desk is loaded without them. */
const PATIENCE_MS = 800;
/** So often the desk is loaded anew even so: nothing that was ever lost stays lost. */
const HEAL_MS = 120_000;
let tries = 0;
let source = null;
let channel = null;
let connected = true;
/** Events that come while the desk is loaded: they may be younger than it. */
let held = null;

/** Follows the desk from now on; done when it is loaded for the first time. */
export function follow() {
  return new Promise((loaded) => {
    const first = once(() => reload().then(loaded, () => setTimeout(first.anew, 1000)));
    setTimeout(first, PATIENCE_MS);
    setInterval(() => document.hidden || reload().catch(() => {}), HEAL_MS * (1 + Math.random()));
    if (!navigator.locks || !("BroadcastChannel" in globalThis)) return listen(first);
    const name = `xiaoer.desk.${state.me.id}`;
    channel = new BroadcastChannel(name);
    channel.addEventListener("message", ({ data }) => take(data.kind, data.text));
    // Another tab has it: what it hears comes through the channel. It is ours when that tab goes.
    navigator.locks.query().then(({ held: locks }) => locks.some((lock) => lock.name === name) && first());
    navigator.locks.request(name, () => {
      listen(first);
      return new Promise(() => {});
    });
  });
}

/** Runs `f` the first time; after that, only by `anew`. */
function once(f) {
  let ran = false;
  const run = () => {
    if (ran) return false;
    ran = true;
    f();
    return true;
  };
  run.anew = f;
  return run;
}

/** The desk as it is now. */
export async function reload() {
  held ??= [];
  try {
    load(await desk.all());
  } finally {
    const missed = held ?? [];
    held = null;
    for (const { kind, data } of missed) apply(kind, data);
  }
}

/**
 * `first`: loads the desk if nothing has yet. A stream starts with a look unless the browser resumes it from a place
 * that it knows.
 */
function listen(first = () => false) {
  let fresh = true;
  let placed = false;
  source = desk.events();
  for (const kind of KINDS)
    source.addEventListener(kind, ({ data, lastEventId }) => {
      placed ||= lastEventId !== "";
      take(kind, data);
      channel?.postMessage({ kind, text: data });
    });
  source.addEventListener("open", () => {
    if (fresh ? !first() : !placed) reload().catch(() => {});
    fresh = false;
    tries = 0;
    tell(true);
  });
  source.addEventListener("error", () => {
    tell(false);
    // While it is CONNECTING the browser tries by itself, and says where it was.
    if (source.readyState === EventSource.CLOSED) again();
  });
}

function again() {
  source.close();
  const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
  tries += 1;
  // Half of it by chance: 200 desks don't come back in the same moment.
  setTimeout(
    async () => {
      const expired = await session.me().then(
        () => false,
        (failure) => failure.kind === "expired",
      );
      if (expired) emit("expired");
      else listen();
    },
    wait * (0.5 + Math.random()),
  );
}

/** Somebody signed in anew on this page. */
export function resume() {
  if (source?.readyState === EventSource.CLOSED) listen();
  return reload();
}

function take(kind, text) {
  if (kind === "live") return tell(text);
  if (kind === "reset") return reload().catch(() => {});
  const data = JSON.parse(text);
  if (held) held.push({ kind, data });
  else apply(kind, data);
}

function apply(kind, data) {
  if (kind === "items") return change(data);
  if (kind === "people") state.agents = data.agents;
  else state.promises = data.promises;
  emit(kind);
}

function tell(is) {
  if (is === connected) return;
  connected = is;
  emit("live", is);
  if (source) channel?.postMessage({ kind: "live", text: is });
}
