// The words of a page in both languages, and how times are said in the shop's zone.

const KEPT = "xiaoer.language";
const tables = { zh: {}, en: {} };
const listeners = new Set();
let current = remembered();

function remembered() {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept === "zh" || kept === "en") return kept;
  } catch {
    // No storage: by the browser's own language.
  }
  return navigator.languages?.some((one) => one.toLowerCase().startsWith("zh")) ? "zh" : "en";
}

/** Adds a page's own words: `words({zh: {key: "…"}, en: {…}})`. */
export function words({ zh = {}, en = {} }) {
  Object.assign(tables.zh, zh);
  Object.assign(tables.en, en);
}

export const language = () => current;

/** Switches, remembers it, says every `data-say` anew and tells whoever listens. */
export function setLanguage(language) {
  current = language;
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // Then it holds for this visit.
  }
  sayAll();
  for (const f of listeners) f(language);
}

export const onLanguage = (f) => listeners.add(f);

/** `say("queue.waiting", {n: 3})`: the words of a key, its {…} filled in. An unknown key is said as it is. */
export function say(key, values = {}) {
  const text = tables[current][key] ?? tables.zh[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Whether there are words for a key. */
export const known = (key) => key in tables[current];

/** `{zh, en}` in the reader's language, or in whichever there is. */
export const inWords = (said) => said?.[current] ?? said?.zh ?? said?.en ?? Object.values(said ?? {})[0] ?? null;

const SAID = { say: null, hint: "placeholder", label: "aria-label", tip: "title" };

/** Says `data-say`, `data-hint` (placeholder), `data-label` (aria-label) and `data-tip` (title) below `root`. */
export function sayAll(root = document) {
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  for (const [name, attribute] of Object.entries(SAID))
    for (const element of root.querySelectorAll(`[data-${name}]`)) {
      const text = say(element.dataset[name]);
      if (attribute) element.setAttribute(attribute, text);
      else if (element.textContent !== text) element.textContent = text;
    }
  for (const button of root.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === current));
}

/** What went wrong, in words: a Failure's kind, or the guard's own. */
export const failed = (failure) => say(`failure.${failure?.kind ?? "server"}`);
