// A chat as one row of things in time: lines, hand-offs, notes, transfers, and what is just being sent.

import { dayNumber } from "/assets/ui/times.js";

/** Older than the last so many stay folded. */
export const MOST = 150;
/** Lines of one speaker within so long are one speech. */
const SAME_MS = 180_000;

/**
 * The entries of a view, oldest first, each with a `key` of its own. `pending`: replies the service has not shown yet.
 * kind: line, day, handed, note, moved.
 */
export function timeline(view, pending, zone) {
  const known = new Set(view.lines.map((line) => line.reply_id).filter(Boolean));
  const marks = lastTurnSpans(view);
  const entries = [
    ...view.lines.map((line) => ({
      kind: "line",
      key: line.id ?? `${line.from} ${line.at}`,
      at: line.at,
      line,
      spans: marks.get(line) ?? [],
    })),
    // Before what the bot says about it, which bears the same time.
    ...handOffs(view).map((turn) => ({ kind: "handed", key: `turn ${turn.id}`, at: turn.at - 1, turn })),
    ...(view.notes ?? []).map((note) => ({ kind: "note", key: `note ${note.at} ${note.by}`, at: note.at, note })),
    ...(view.transfers ?? []).map((move) => ({ kind: "moved", key: `move ${move.at}`, at: move.at, move })),
  ];
  entries.sort((a, b) => a.at - b.at);
  const waiting = pending.filter((one) => !known.has(one.reply));
  entries.push(
    ...waiting.map((one) => ({
      kind: "line",
      key: one.key,
      at: one.line.at,
      line: one.line,
      spans: [],
      pending: one,
    })),
  );
  return withDays(entries, zone);
}

/** Every turn that handed off, unless the one before did for the same reason. */
function handOffs(view) {
  const turns = view.turns ?? [];
  return turns.filter(
    (turn, at) =>
      turn.decision === "hand_off" && !(turns[at - 1]?.decision === "hand_off" && turns[at - 1].rung === turn.rung),
  );
}

/** The customer's words of a turn, in order: spans count by their place. */
export const wordsOf = (view, turn) =>
  view.lines.filter((line) => line.from === "customer" && line.turn_id === turn.id);

/** Of the last turn: line → what in it gave the intents away. */
function lastTurnSpans(view) {
  const turn = view.turns?.at(-1);
  const marks = new Map();
  if (!turn) return marks;
  const { intents = [], slots = [], mentions = [] } = turn.understood ?? {};
  const spans = [
    ...intents.flatMap((one) => one.evidence.flatMap((piece) => piece.spans)),
    ...[...slots, ...mentions].map((one) => one.span),
  ];
  for (const [place, line] of wordsOf(view, turn).entries())
    marks.set(
      line,
      spans.filter((one) => one.message === place),
    );
  return marks;
}

/** Whether a line goes on from the one before: the time is said once. */
const goesOn = (before, { kind, line, at }) =>
  kind === "line" && before?.kind === "line" && before.line.from === line.from && at - before.at < SAME_MS;

/** Who speaks is said once, whatever stands between two of their lines. */
const isKnown = (spoke, { kind, line }) => kind === "line" && spoke === line.from;

function withDays(entries, zone) {
  const out = [];
  let before = null;
  let spoke = null;
  for (const entry of entries) {
    const today = dayNumber(entry.at, zone);
    if (today !== before) out.push({ kind: "day", key: `day ${today}`, at: entry.at });
    before = today;
    out.push({ ...entry, same: goesOn(out.at(-1), entry), known: isKnown(spoke, entry) });
    if (entry.line) spoke = entry.line.from;
  }
  return out;
}
