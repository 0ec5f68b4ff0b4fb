// Calls. Every failure is one of few kinds, which the pages have words for.

/** kind: offline, busy, expired, forbidden, conflict, gone, refused or server. `problem` is the answer's body, or {}. */
export class Failure extends Error {
  constructor(kind, { status = 0, wait = 0, problem = {} } = {}) {
    super(kind);
    this.kind = kind;
    this.status = status;
    /** Seconds to wait, if the service said. */
    this.wait = wait;
    this.problem = problem;
  }
}

const KINDS = { 401: "expired", 403: "forbidden", 404: "gone", 409: "conflict", 410: "gone", 429: "busy", 503: "busy" };
const expiry = new Set();

/** `f()` runs when a call finds that nobody is signed in any more. */
export const onExpired = (f) => expiry.add(f);

/**
 * One call. `body` goes as JSON, `raw` (a Blob) as it is. Answers the JSON, or null where there is none; throws a
 * Failure. `quiet` keeps a 401 to the caller.
 */
export async function call(path, { method = "GET", body, raw, headers = {}, signal, quiet = false } = {}) {
  const request = { method, headers: { "x-xiaoer": "1", ...headers }, cache: "no-store", credentials: "same-origin" };
  request.signal = signal ? AbortSignal.any([signal, AbortSignal.timeout(15_000)]) : AbortSignal.timeout(15_000);
  if (body !== undefined) {
    request.headers["content-type"] = "application/json";
    request.body = JSON.stringify(body);
  } else if (raw) {
    request.headers["content-type"] = raw.type;
    request.body = raw;
  }
  let response;
  try {
    response = await fetch(path, request);
  } catch (error) {
    throw new Failure(error?.name === "AbortError" ? "aborted" : "offline");
  }
  if (!response.ok) throw await failure(response, quiet);
  if (response.status === 204) return null;
  const text = await response.text().catch(() => "");
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure("server", { status: response.status });
  }
}

async function failure(response, quiet) {
  const { status } = response;
  const problem = await response.json().catch(() => ({}));
  const kind = KINDS[status] ?? (status < 500 ? "refused" : "server");
  if (kind === "expired" && !quiet) for (const f of expiry) f();
  return new Failure(kind, { status, problem, wait: Number(response.headers.get("retry-after")) || 0 });
}

const enc = encodeURIComponent;
const post = (path, body, more) => call(path, { method: "POST", body, ...more });

/** Below a shop, and below a conversation of it. */
export const inShop = (shop) => `/api/v1/shops/${enc(shop)}`;
export const inChat = (shop, id) => `${inShop(shop)}/conversations/${enc(id)}`;

/** Session and person. */
export const session = {
  me: () => call("/api/v1/me", { quiet: true }),
  ways: () => call("/api/v1/session/ways", { quiet: true }),
  signIn: (id, password) => post("/api/v1/session", { id, password }, { quiet: true }),
  demo: () => post("/api/v1/session", { demo: true }, { quiet: true }),
  signOut: () => call("/api/v1/session", { method: "DELETE", quiet: true }),
  password: (old, fresh) => post("/api/v1/me/password", { old, new: fresh }, { quiet: true }),
  state: (state) => post("/api/v1/me/state", { state }),
  invitation: (token) => call(`/api/v1/invitations/${enc(token)}`, { quiet: true }),
  accept: (token, body) => post(`/api/v1/invitations/${enc(token)}`, body, { quiet: true }),
};

/** The desk over all shops of whoever is signed in. */
export const desk = {
  all: () => call("/api/v1/desk"),
  events: () => new EventSource("/api/v1/events"),
};

/** One conversation. */
export const chats = {
  view: (shop, id, signal) => call(inChat(shop, id), { signal }),
  orders: (shop, id) => call(`${inChat(shop, id)}/orders`),
  take: (shop, id, over = false) => post(`${inChat(shop, id)}/take`, { over }),
  release: (shop, id) => post(`${inChat(shop, id)}/release`, {}),
  close: (shop, id, reason) => post(`${inChat(shop, id)}/close`, { reason }),
  transfer: (shop, id, to) => post(`${inChat(shop, id)}/transfer`, to),
  note: (shop, id, text) => post(`${inChat(shop, id)}/note`, { text }),
  flag: (shop, id, flag) => post(`${inChat(shop, id)}/flag`, { flag }),
  /** `key`: the same for every try of one reply, so that none goes out twice. */
  reply: (shop, id, reply, key) => post(`${inChat(shop, id)}/reply`, reply, { headers: { "idempotency-key": key } }),
  undo: (shop, id, reply) => post(`${inChat(shop, id)}/undo`, { reply_id: reply }),
  recall: (shop, id, reply) => post(`${inChat(shop, id)}/recall`, { reply_id: reply }),
  proofread: (shop, id, text, signal) => post(`${inChat(shop, id)}/proofread`, { text }, { signal }),
  promise: (shop, id, promise) => post(`${inChat(shop, id)}/promises`, promise),
};

export const suggestions = {
  shown: (shop, id) => post(`${inShop(shop)}/suggestions/${enc(id)}/shown`),
  dismiss: (shop, id) => post(`${inShop(shop)}/suggestions/${enc(id)}/dismiss`),
};

export const promises = {
  kept: (shop, id) => post(`${inShop(shop)}/promises/${enc(id)}/kept`),
  drop: (shop, id, why) => post(`${inShop(shop)}/promises/${enc(id)}/drop`, { why }),
  pass: (shop, id, to) => post(`${inShop(shop)}/promises/${enc(id)}/pass`, { to }),
};

export const scripts = {
  find: (shop, { q = "", language = "zh", conversation } = {}, signal) =>
    call(`${inShop(shop)}/scripts?${new URLSearchParams({ q, language, ...(conversation ? { conversation } : {}) })}`, {
      signal,
    }),
  own: (shop) => call(`${inShop(shop)}/scripts/own`),
  add: (shop, script) => post(`${inShop(shop)}/scripts`, script),
  change: (shop, id, script) => call(`${inShop(shop)}/scripts/${enc(id)}`, { method: "PUT", body: script }),
  remove: (shop, id) => call(`${inShop(shop)}/scripts/${enc(id)}`, { method: "DELETE" }),
  promote: (shop, id) => post(`${inShop(shop)}/scripts/${enc(id)}/promote`),
};

export const shops = {
  upload: (shop, blob) => call(`${inShop(shop)}/files`, { method: "POST", raw: blob }),
  products: (shop) => call(`${inShop(shop)}/products`),
};
