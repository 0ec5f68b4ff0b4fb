// The calls of the playbook. Files go as `{path: text}`; null deletes the shop's file.

import { Failure, call, inShop } from "../ui/net.js";

/** A draft is compiled before it can be tried, and its cases are run before it comes in force. */
const WORK_MS = 60_000;
/** A week of chats takes its time. */
const REPLAY_MS = 180_000;

export function playbookOf(shop) {
  const root = `${inShop(shop)}/playbook`;
  const post = (what, body, more) => mine(patient(`${root}/${what}`, body, more));
  return {
    all: () => mine(call(root)),
    file: (path) => mine(call(`${root}/file?${new URLSearchParams({ path })}`)),
    lint: async (files, signal) => (await post("lint", { files }, { signal })).mistakes,
    amend: (amendments, files) => post("amend", { amendments, files }),
    ask: (files, messages, customer) => post("try", { files, messages, customer_id: customer || null }),
    replay: (files, signal) => post("replay", { files, days: 7 }, { signal, ms: REPLAY_MS }),
    publish: async (files, parent) => (await post("publish", { files, parent })).version,
    log: async () => (await mine(call(`${root}/log`))).versions,
  };
}

/** Who may not may have been signed out meanwhile: the shared call finds that, and whoever is here is asked to sign in. */
async function mine(answer) {
  try {
    return await answer;
  } catch (failure) {
    if (["expired", "forbidden"].includes(failure.kind)) call("/api/v1/me").catch(() => {});
    throw failure;
  }
}

const KINDS = { 401: "expired", 403: "forbidden", 404: "gone", 409: "conflict", 429: "busy", 503: "busy" };

/** A call that may take longer than others are given. */
async function patient(path, body, { signal, ms = WORK_MS } = {}) {
  const timeout = AbortSignal.timeout(ms);
  const response = await fetch(path, {
    method: "POST",
    headers: { "x-xiaoer": "1", "content-type": "application/json" },
    body: JSON.stringify(body),
    cache: "no-store",
    credentials: "same-origin",
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch((error) => {
    throw new Failure(error?.name === "AbortError" ? "aborted" : "offline");
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const kind = KINDS[response.status] ?? (response.status < 500 ? "refused" : "server");
  throw new Failure(kind, { status: response.status, problem: answer });
}
