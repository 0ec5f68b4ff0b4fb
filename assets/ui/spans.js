// Texts with something marked in them: evidence by bytes, hits by UTF-16 units, gaps that only a person can fill.

import { make } from "./dom.js";

const BYTES = new TextEncoder();
const TEXT = new TextDecoder();

/** The part of a text that a span means. Spans count UTF-8 bytes. */
export const cut = (text, { start, end }) => TEXT.decode(BYTES.encode(text).subarray(start, end));

/** A text with its evidence marked. Spans count UTF-8 bytes of the original and may overlap. */
export function highlighted(text, spans) {
  const bytes = BYTES.encode(text);
  return marked(spans, bytes.length, (from, to) => TEXT.decode(bytes.subarray(from, to)));
}

/** A title with its hits marked: `[[start, end], …]` in UTF-16 units. */
export function hits(text, pairs) {
  const spans = (pairs ?? []).map(([start, end]) => ({ start, end }));
  return marked(spans, text.length, (from, to) => text.slice(from, to));
}

function marked(spans, length, piece) {
  const parts = [];
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const from = Math.max(start, at);
    if (end <= from || end > length) continue;
    if (from > at) parts.push(piece(at, from));
    parts.push(make("mark", {}, piece(from, end)));
    at = end;
  }
  parts.push(piece(at, length));
  return parts;
}

const GAPS = /\{[^{}]*\}/g;

/** The places of a text that only a person can fill: `[{index, length}]`. */
export const gapsOf = (text) =>
  [...text.matchAll(GAPS)].map((found) => ({ index: found.index, length: found[0].length }));

/** A script with those places marked. */
export const gapped = (text) =>
  text.split(/(\{[^{}]*\})/).map((part) => (/^\{.*\}$/s.test(part) ? make("mark", { class: "gap" }, part) : part));
