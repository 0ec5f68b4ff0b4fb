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
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Fills an element anew only if what it shows has changed, so that focus, selection and scrolling stay. */
export function fill(element, data, children) {
  const shown = JSON.stringify([document.documentElement.lang, data]);
  if (element.dataset.shown === shown) return false;
  element.dataset.shown = shown;
  element.replaceChildren(...[children()].flat(2).filter(Boolean));
  return true;
}

/** Sets a text, an attribute or `hidden` only if it differs: nothing is laid out for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/** A link to an address of the web, or null: `javascript:` and the like are no addresses. */
export function webAddress(text) {
  try {
    const url = new URL(String(text), location.origin);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

/** An `a` that opens beside the page and tells nobody where from; plain text if the address is none of the web. */
export function webLink(address, text = String(address), attributes = {}) {
  const url = webAddress(address);
  if (!url) return make("span", attributes, text);
  return make("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", ...attributes }, text);
}

const SVG = "http://www.w3.org/2000/svg";

/** A line drawing of 24 by 24 out of paths; decoration, so no reader speaks of it. */
export function drawing(paths, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", class: "drawing" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const path of [paths].flat()) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    svg.append(line);
  }
  return svg;
}
