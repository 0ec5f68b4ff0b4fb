// The contents: areas and folders that open, a filter, marks for what is the shop's own, changed, or wrong.

import { byId, make } from "../ui/dom.js";
import { say } from "../ui/words.js";
import { AREAS, byFolder, folderName, paths, titleOf } from "./library.js";

const KINDS = ["all", "own", "changed"];

export class Tree {
  /** `open(thing)` runs when one is chosen. */
  constructor({ open }) {
    Object.assign(this, { open, filter: "", kind: "all", opened: new Set(["area/questions", "area/facts"]), list: [], draft: null, wrong: new Map(), chosen: null });
    byId("filter").addEventListener("input", (event) => {
      this.filter = event.target.value.trim().toLowerCase();
      this.render();
    });
    byId("kinds").append(...KINDS.map((kind) => make("button", { type: "button", "data-kind": kind, "data-say": `tree.${kind}`, onclick: () => this.narrow(kind) })));
  }

  narrow(kind) {
    this.kind = kind;
    this.render();
  }

  /** `wrong`: by path, error or warning. */
  show({ list, draft, wrong, chosen }) {
    const another = chosen && chosen.key !== this.chosen?.key;
    Object.assign(this, { list, draft, wrong, chosen });
    this.render();
    if (another) byId("tree").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  fits(thing) {
    if (this.kind === "own" && !thing.own && !this.isChanged(thing)) return false;
    if (this.kind === "changed" && !this.isChanged(thing)) return false;
    if (!this.filter) return true;
    const titles = [titleOf(thing, this.draft), ...Object.values(thing.title ?? {}), ...paths(thing)];
    return titles.some((text) => text?.toLowerCase().includes(this.filter));
  }

  isChanged(thing) {
    return paths(thing).some((path) => this.draft.has(path));
  }

  render() {
    if (!this.draft) return;
    for (const button of byId("kinds").children) button.setAttribute("aria-pressed", String(button.dataset.kind === this.kind));
    const list = this.list.filter((thing) => this.fits(thing));
    const host = byId("tree");
    const at = host.scrollTop;
    const focus = document.activeElement?.closest?.("#tree") ? document.activeElement.dataset.key : null;
    host.replaceChildren(...AREAS.map((area) => this.area(area, list.filter((thing) => thing.area === area))).filter(Boolean));
    if (!list.length) host.append(make("p", { class: "empty" }, say("tree.none")));
    host.scrollTop = at;
    if (focus) host.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }

  area(area, list) {
    if (!list.length) return null;
    const inside = area === "questions" ? byFolder(list).map(([folder, some]) => this.folder(folder, some)) : [this.items(list)];
    return this.foldable(`area/${area}`, say(`area.${area}`), list, inside, "area");
  }

  folder(folder, list) {
    return this.foldable(`folder/${folder}`, folderName(folder), list, [this.items(list)], "folder");
  }

  foldable(key, name, list, inside, kind) {
    const narrowed = Boolean(this.filter) || this.kind !== "all";
    const holds = this.chosen && list.includes(this.chosen);
    const details = make(
      "details",
      { class: kind, open: narrowed || this.opened.has(key) || holds },
      make("summary", { "data-key": key }, make("span", {}, name), this.marksOf(list), make("small", {}, String(list.length))),
      inside,
    );
    details.addEventListener("toggle", () => {
      if (narrowed) return;
      if (details.open) this.opened.add(key);
      else this.opened.delete(key);
    });
    return details;
  }

  items(list) {
    const titled = list.map((thing) => [titleOf(thing, this.draft), thing]).sort(([a], [b]) => a.localeCompare(b, document.documentElement.lang));
    return make("ul", {}, titled.map(([title, thing]) => make("li", {}, this.item(title, thing))));
  }

  item(title, thing) {
    return make(
      "button",
      { type: "button", class: "thing", "data-key": thing.key, "aria-current": thing === this.chosen ? "true" : null, onclick: () => this.open(thing) },
      make("span", { class: "thing-title" }, title),
      this.marksOf([thing], thing.own),
    );
  }

  marksOf(list, own = false) {
    const changed = list.some((thing) => this.isChanged(thing));
    const wrong = list.some((thing) => paths(thing).some((path) => this.wrong.get(path) === "error"));
    const dot = (kind, key) => make("i", { class: "dot", "data-kind": kind, title: say(key) }, make("span", { class: "unseen" }, ` ${say(key)}`));
    return [wrong && dot("bad", "tree.wrong.tip"), changed && dot("due", "tree.changed.tip"), own && !changed && dot("good", "tree.own.tip")].filter(Boolean);
  }
}
