// Making elements. Text always goes in as text: the page's policy lets no string become markup.

/** `make("p", {class: "x", onclick: f}, "text", node)`; attributes that are null or false are left out. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "share") element.style.setProperty("--share", value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Fills an element anew only if what it shows has changed, so that focus, selection and scrolling stay. */
export function fill(element, data, children) {
  const shown = JSON.stringify([document.documentElement.lang, data]);
  if (element.dataset.shown === shown) return false;
  element.dataset.shown = shown;
  element.replaceChildren(...children().flat().filter(Boolean));
  return true;
}

/** Enter sends; with Shift it breaks the line; while an input method composes it belongs to that (229: Safari). */
export function sendOnEnter(area, form) {
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

const BYTES = new TextEncoder();
const TEXT = new TextDecoder();

/** The part of a text that a span means. */
export const cut = (text, { start, end }) => TEXT.decode(BYTES.encode(text).subarray(start, end));

/** A text with its evidence marked. Spans count UTF-8 bytes of the original and may overlap. */
export function highlighted(text, spans) {
  const bytes = BYTES.encode(text);
  const piece = (from, to) => TEXT.decode(bytes.subarray(from, to));
  const parts = [];
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const from = Math.max(start, at);
    if (end <= from || end > bytes.length) continue;
    if (from > at) parts.push(piece(at, from));
    parts.push(make("mark", {}, piece(from, end)));
    at = end;
  }
  parts.push(piece(at, bytes.length));
  return parts;
}
