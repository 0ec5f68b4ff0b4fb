// The files' outer shape, by indentation alone, so that a file with mistakes can be read too: which block stands where,
// and how one is taken over from the general file.

/** Keys that may be written in Chinese. */
const CHINESE = { 关键词: "phrases", 同时含: "together", 整句: "whole", 排除: "unless", 例句: "examples", 应匹配: "should_match", 不应匹配: "should_not_match" };
const english = (key) => CHINESE[key] ?? key;

const TOP = /^([^\s#:：][^:：]*?)\s*[:：]/u;
const INNER = /^( {1,4})([^\s#:：-][^:：]*?)\s*[:：]/u;
const isFiller = (line) => /^\s*(?:#.*)?$/u.test(line);

/** Ends before the comments and blank lines that belong to what follows. */
function trimmed(lines, start, end) {
  let last = end;
  while (last > start + 1 && isFiller(lines[last - 1])) last -= 1;
  return last;
}

/** Top keys: `[{key, start, end}]`, lines from 0, the end exclusive. */
export function sections(text) {
  const lines = text.split("\n");
  const found = [];
  lines.forEach((line, at) => {
    const key = TOP.exec(line)?.[1];
    if (key) found.push({ key, start: at });
  });
  return found.map((one, place) => ({ ...one, end: trimmed(lines, one.start, found[place + 1]?.start ?? lines.length) }));
}

/** Blocks within languages: `zh` › `shipped`. A top key without blocks of its own is one with `inner: null`. */
export function blocks(text) {
  const lines = text.split("\n");
  return sections(text).flatMap(({ key, start, end }) => {
    const inner = [];
    let depth = null;
    for (let at = start + 1; at < end; at += 1) {
      const found = INNER.exec(lines[at]);
      if (!found || (depth !== null && found[1].length !== depth)) continue;
      depth = found[1].length;
      inner.push({ key, inner: english(found[2]), start: at });
    }
    if (!inner.length) return [{ key, inner: null, start, end }];
    return inner.map((one, place) => ({ ...one, end: trimmed(lines, one.start, inner[place + 1]?.start ?? end) }));
  });
}

/** Which line of the text holds a block already, from 0; -1: none. */
export function lineOf(text, { key, inner }) {
  const found = blocks(text).find((one) => one.key === key && (inner === null || one.inner === inner));
  return found ? found.start : -1;
}

/** The entries of a block: lines below its key, without notes. `[{line, text}]`, lines from 0. */
export function entries(text, { start, end }) {
  const lines = text.split("\n");
  const rows = [];
  for (let line = start + 1; line < end; line += 1) if (!isFiller(lines[line])) rows.push({ line, text: lines[line].trim() });
  return rows;
}

/** `text` with an entry at the end of a block, which is begun if need be: `{text, line}`, the line from 0. */
export function withEntry(text, { key, inner }, entry) {
  const found = blocks(text).find((one) => one.key === key && one.inner === inner);
  if (!found) {
    const begun = takeOver(text, `${key}:\n  ${inner}: |\n    ${entry}`, { key, inner, start: 1, end: 3 });
    return { text: begun.text, line: begun.end - 1 };
  }
  const lines = text.split("\n");
  const deep = /^ */.exec(lines[found.start + 1] ?? "")[0].length || 4;
  lines.splice(found.end, 0, `${" ".repeat(deep)}${entry}`);
  return { text: lines.join("\n"), line: found.end };
}

/** `text` with a block of `from` put at its place: `{text, start, end}`, lines from 0. */
export function takeOver(text, from, block) {
  const piece = from.split("\n").slice(block.start, block.end);
  const lines = text ? text.replace(/\n+$/, "").split("\n") : [];
  const home = sections(lines.join("\n")).find((one) => one.key === block.key);
  const added = block.inner === null || home ? piece : [`${block.key}:`, ...piece];
  const at = block.inner !== null && home ? home.end : lines.length;
  lines.splice(at, 0, ...added);
  return { text: `${lines.join("\n")}\n`, start: at + (added.length - piece.length), end: at + added.length };
}
