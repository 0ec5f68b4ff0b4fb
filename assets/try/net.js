// Calls. Every failure is one of few kinds, which the page has words for.

const shop = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const tryPath = `/try/${encodeURIComponent(shop)}`;
const apiPath = `/api/v1/shops/${encodeURIComponent(shop)}`;

/** kind: offline, busy, expired, conflict, gone, refused or server. */
export class Failure extends Error {
  constructor(kind, wait = 0) {
    super(kind);
    this.kind = kind;
    this.wait = wait;
  }
}

const KINDS = { 401: "expired", 404: "gone", 409: "conflict", 429: "busy", 503: "busy" };

async function call(path, { method = "GET", body, headers = {} } = {}) {
  const request = { method, headers: { ...headers }, signal: AbortSignal.timeout(15_000), cache: "no-store" };
  if (body !== undefined) {
    request.headers["content-type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new Failure("offline");
  }
  if (!response.ok) {
    const kind = KINDS[response.status] ?? (response.status < 500 ? "refused" : "server");
    throw new Failure(kind, Number(response.headers.get("retry-after")) || 0);
  }
  try {
    return response.status === 204 ? null : await response.json();
  } catch {
    throw new Failure("offline");
  }
}

const shown = (ticket) => ({ "x-xiaoer-ticket": ticket });
const of = (id) => `${apiPath}/conversations/${encodeURIComponent(id)}`;

export const page = {
  shop,
  about: () => call(`${tryPath}/about`),
  ticket: (as) => call(`${tryPath}/ticket`, { method: "POST", body: as ? { as } : {} }),
  say: (ticket, id, text) =>
    call(`${tryPath}/messages`, { method: "POST", headers: shown(ticket), body: { message_id: id, text } }),
  read: (ticket) => call(`${tryPath}/messages`, { headers: shown(ticket) }),
};

export const api = {
  latest: () => call(`${apiPath}/conversations`),
  waiting: () => call(`${apiPath}/conversations?state=waiting`),
  conversation: (id) => call(of(id)),
  act: (id, what) => call(`${of(id)}/${what}`, { method: "POST", body: what === "close" ? {} : undefined }),
  reply: (id, text, suggestion) =>
    call(`${of(id)}/reply`, { method: "POST", body: { text, suggestion_id: suggestion ?? null } }),
  shown: (suggestion) => call(`${apiPath}/suggestions/${encodeURIComponent(suggestion)}/shown`, { method: "POST" }),
  events: () => new EventSource(`${apiPath}/events`),
};
