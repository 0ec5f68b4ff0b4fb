// What changed between two texts, line by line.

/** Beyond so many cells the middle is shown as taken out and put in, whole. */
const CELLS_AT_MOST = 4_000_000;
const AROUND = 2;

const linesOf = (text) => (text ? text.replace(/\n$/, "").split("\n") : []);

/** `[{kind: "same" | "out" | "in", text, before, after}]`; before and after are line numbers from 1. */
export function diff(before, after) {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const rows = a.slice(0, head).map((text) => ({ kind: "same", text }));
  rows.push(...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)));
  rows.push(...a.slice(a.length - tail).map((text) => ({ kind: "same", text })));
  return numbered(rows);
}

function middle(a, b) {
  const out = (text) => ({ kind: "out", text });
  const put = (text) => ({ kind: "in", text });
  if (a.length * b.length > CELLS_AT_MOST) return [...a.map(out), ...b.map(put)];
  const longest = lengths(a, b);
  const rows = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push({ kind: "same", text: a[i] });
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || longest[i + 1][j] >= longest[i][j + 1])) rows.push(out(a[i++]));
    else rows.push(put(b[j++]));
  }
  return rows;
}

/** How long the longest common run of lines is from (i, j) on. */
function lengths(a, b) {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  return table;
}

function numbered(rows) {
  let before = 0;
  let after = 0;
  return rows.map((row) => ({
    ...row,
    before: row.kind === "in" ? null : ++before,
    after: row.kind === "out" ? null : ++after,
  }));
}

/** The changed stretches with a few lines around each; what lies between them is left out. */
export function hunks(rows) {
  const near = rows.map((_, at) => rows.slice(Math.max(0, at - AROUND), at + AROUND + 1).some((row) => row.kind !== "same"));
  const found = [];
  rows.forEach((row, at) => {
    if (!near[at]) return;
    if (!near[at - 1]) found.push([]);
    found.at(-1).push(row);
  });
  return found;
}

/** How many lines came and went. */
export const counted = (rows) => ({
  put: rows.filter((row) => row.kind === "in").length,
  out: rows.filter((row) => row.kind === "out").length,
});
