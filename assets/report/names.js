// What the things are called that figures are cut by.

import { inWords, known, say } from "../ui/words.js";
import { sayWeekday } from "./period.js";
import { state } from "./state.js";

/** The titles that the reports of this visit brought along: what a chip is called whose group is no more in the figures. */
const heard = new Map();

export function hear(report) {
  for (const [kind, groups] of Object.entries(report.cuts ?? {}))
    for (const group of groups) if (group.title) heard.set(`${kind} ${group.name}`, group.title);
}

/** A group's name in the reader's language. */
export function nameOf(kind, name, title = heard.get(`${kind} ${name}`)) {
  if (kind === "rung") return known(`why.${name}`) ? say(`why.${name}`) : name;
  if (kind === "weekday") return sayWeekday(name);
  if (kind === "hour") return `${String(name).padStart(2, "0")}:00–${String(name).padStart(2, "0")}:59`;
  if (kind === "version") return typeof title === "string" ? title : name.slice(0, 8);
  return (typeof title === "string" ? title : inWords(title)) ?? name;
}

/** An intent's title, as far as it was heard of. */
export const intentName = (id) => nameOf("intent", id, heard.get(`intent ${id}`) ?? heard.get(`script ${id}`));

/** Adds titles from elsewhere: `[[id, title], …]`. */
export const hearIntents = (all) => all.forEach(([id, title]) => title && heard.set(`intent ${id}`, title));

export const shopName = () => inWords(state.shop?.name) ?? state.shop?.id ?? "";
