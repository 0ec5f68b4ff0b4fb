// Who comes first. Pure: items in, order out.

export const TABS = ["all", "no_order", "unpaid", "paid", "after_sales", "other"];
const URGENCY = { high: 0, normal: 1, low: 2 };

const inTab = (item, tab) => tab === "all" || (item.tab ?? "other") === tab;
const older = (a, b) => a - b || 0;

function byUrgency(a, b) {
  const rank = (URGENCY[a.urgency] ?? 1) - (URGENCY[b.urgency] ?? 1);
  return rank || older(a.waiting_since ?? a.updated_at, b.waiting_since ?? b.updated_at) || (a.id < b.id ? -1 : 1);
}

/** Those that wait for an answer first, the longest wait on top; the others as they last moved. */
function byAnswer(a, b) {
  if (Boolean(a.since) !== Boolean(b.since)) return a.since ? -1 : 1;
  return (a.since ? older(a.since, b.since) : older(b.updated_at, a.updated_at)) || (a.id < b.id ? -1 : 1);
}

/** The three sections of the queue. */
export function sections(items, me, tab) {
  const shown = items.filter((item) => inTab(item, tab));
  const held = shown.filter((item) => item.state === "agent");
  return {
    waiting: shown.filter((item) => item.state === "waiting").sort(byUrgency),
    mine: held.filter((item) => item.holder?.id === me).sort(byAnswer),
    others: held.filter((item) => item.holder?.id !== me).sort(byAnswer),
  };
}

/** How many chats wait or are mine, by tab; others' count for nobody but themselves. */
export function counts(items, me) {
  const sum = Object.fromEntries(TABS.map((tab) => [tab, 0]));
  for (const item of items) {
    if (item.state !== "waiting" && item.holder?.id !== me) continue;
    sum.all += 1;
    sum[TABS.includes(item.tab) ? item.tab : "other"] += 1;
  }
  return sum;
}

/** More than 99 is many; the number never takes the name's place. */
export const capped = (n) => (n > 99 ? "99+" : String(n));

/** amber from 20 s, red from 180 s. */
export const heat = (ms) => (ms >= 180_000 ? "red" : ms >= 20_000 ? "amber" : "calm");
