// A shop's settings without what is edited on the server alone: channels, secrets, addresses. Each such block is one line
// here and comes back whole, even if that line was deleted.

import { sections } from "./blocks.js";

const LOCKED = new Set(["channels", "orders", "embeddings", "embed", "links", "extends", "group"]);
const MARK = /^# ⟦(\w+)⟧/u;

/** What stands for a locked block, with a remark for people. */
const mark = (key, remark) => `# ⟦${key}⟧ ${remark}`;

/** The text as it is edited, and the blocks it goes without. */
export function fold(text, remark) {
  const lines = text.split("\n");
  const locked = sections(text).filter((one) => LOCKED.has(one.key));
  const hidden = new Map(locked.map((one) => [one.key, lines.slice(one.start, one.end)]));
  for (const { key, start, end } of locked.reverse()) lines.splice(start, end - start, mark(key, remark));
  return { text: lines.join("\n"), hidden };
}

/** The whole file again. */
export function unfold(text, hidden) {
  const missing = new Map(hidden);
  const lines = text.split("\n").flatMap((line) => {
    const key = MARK.exec(line)?.[1];
    const block = missing.get(key);
    missing.delete(key);
    return block ?? [line];
  });
  if (missing.size === 0) return lines.join("\n");
  const body = lines.join("\n").replace(/\n*$/, "\n");
  return `${body}${[...missing.values()].map((block) => block.join("\n")).join("\n")}\n`;
}

/** Where a line of the whole file (from 1) stands in the edited text. */
export function foldedLine(text, hidden, line) {
  let whole = 0;
  const rows = text.split("\n");
  for (let at = 0; at < rows.length; at += 1) {
    whole += hidden.get(MARK.exec(rows[at])?.[1])?.length ?? 1;
    if (whole >= line) return at + 1;
  }
  return rows.length;
}
