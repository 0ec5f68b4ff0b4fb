// The files as managers think of them: a question is an intent and its reply; campaigns, products and the shop's facts stand alone.

import { inWords, known, language, say } from "../ui/words.js";
import { grouped } from "./grouped.js";

const HAN = /\p{Script=Han}/u;
const STANDING = { shop: "facts", campaign: "campaigns", product: "products" };
/** Also the order in which they are shown. */
export const AREAS = ["facts", "questions", "campaigns", "products"];
const FOLDERS = ["logistics", "order", "payment", "offer", "product", "aftersale", "invoice", "shop", "talk", "system"];

const kindOf = (path) =>
  path.startsWith("intents/") ? "intent" : path.startsWith("replies/") ? "reply" : path.startsWith("campaigns/") ? "campaign" : path.startsWith("products/") ? "product" : "shop";

/** `logistics/track_parcel`: what an intent and its reply share. */
const nameOf = (path) => path.replace(/^(?:intents|replies)\//, "").replace(/\.ya?ml$/, "");

/** Things to edit, from the published files and the draft's new ones: `{key, area, folder, title, paths: {kind: path}, own}`. */
export function things(files, draft) {
  const found = new Map();
  const added = [...draft.files.keys()].filter((path) => !files.some((file) => file.path === path));
  const all = [...files, ...added.map((path) => ({ path, kind: kindOf(path), title: null, own: false }))];
  for (const file of all) {
    const kind = file.kind ?? kindOf(file.path);
    const question = kind === "intent" || kind === "reply";
    const key = question ? `questions/${nameOf(file.path)}` : file.path;
    const thing = found.get(key) ?? { key, area: question ? "questions" : STANDING[kind], folder: question ? folderOf(file.path) : null, title: null, paths: {}, own: false };
    thing.paths[kind] = file.path;
    thing.own ||= file.own;
    if (file.title && (kind !== "intent" || !thing.title)) thing.title = file.title;
    found.set(key, thing);
  }
  return [...found.values()];
}

const folderOf = (path) => {
  const parts = nameOf(path).split("/");
  return parts.length > 1 ? parts[0] : "system";
};

export const paths = (thing) => Object.values(thing.paths);

const fileName = (thing) => paths(thing)[0].split("/").at(-1);

/** In the reader's words; a title in Chinese alone gives way to the file's name for readers of English. */
export function titleOf(thing, draft) {
  const set = `title.${fileName(thing)}`;
  if (known(set)) return say(set);
  const title = inWords(titleIn(thing, draft) ?? thing.title) || null;
  const foreign = language() === "en" && HAN.test(title ?? "");
  return title && !foreign ? title : (title ?? spoken(thing));
}

const spoken = (thing) => fileName(thing).replace(/\.ya?ml$/, "").replaceAll("_", " ");

const TITLE = /^(?:title|name)\s*[:：]\s*(?:\{(?<both>.*)\}|(?<plain>[^\n#{]+))/mu;
const SAID = /\b(zh|en):\s*(?:"((?:[^"\\]|\\.)*)"|([^,}]+))/gu;

/** A new file says itself what it is called. */
export function titleIn(thing, draft) {
  for (const path of paths(thing).reverse()) {
    const found = TITLE.exec(draft.files.get(path)?.text ?? "")?.groups;
    if (found?.plain) return { zh: found.plain.trim() };
    if (found) return Object.fromEntries([...found.both.matchAll(SAID)].map(([, of, quoted, plain]) => [of, quoted?.replace(/\\(.)/gu, "$1") ?? plain.trim()]));
  }
  return null;
}

export const folderName = (folder) => (known(`folder.${folder}`) ? say(`folder.${folder}`) : folder);

/** Folders in the order in which customers come by them; a shop's own after them. */
export function byFolder(list) {
  const groups = grouped(list, (thing) => thing.folder);
  const rank = (folder) => (FOLDERS.includes(folder) ? FOLDERS.indexOf(folder) : FOLDERS.length);
  return [...groups].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}

/** What a key of a file is called: `shipped.lively` → 已发货 · 活泼. */
export function keyName(key) {
  const [name, ...tone] = key.split(".");
  const part = (of, word) => (known(`${of}.${word}`) ? say(`${of}.${word}`) : word);
  return [part("key", name), ...tone.map((one) => part("tone", one))].join(" · ");
}
