// One reply that can be used: a click uses it; a gap is filled, or the words changed, in place first.

import { drawing, make, webLink } from "../ui/dom.js";
import { isComposing } from "../ui/composing.js";
import { gapped, gapsOf, hits } from "../ui/spans.js";
import { say } from "../ui/words.js";

const DONE_MS = 1600;
const PENCIL = "M4 20l1-4L16.5 4.5a1.8 1.8 0 0 1 2.6 0l.4.4a1.8 1.8 0 0 1 0 2.6L8 19z";

export class Card {
  /** `script`: {id, text, title, use_when, avoid, images, score} or of the library {…, category, of, hits}; `verb`: copy or put. */
  constructor(script, number, verb, use) {
    Object.assign(this, { script, number, verb, use, warned: false });
    this.node = make("li", { class: "script", "data-number": number });
    this.show();
  }

  show() {
    const { script, number, verb } = this;
    const gaps = gapsOf(script.text).length > 0;
    const button = make(
      "button",
      { type: "button", class: "script-use", id: `card-${number}`, onclick: () => this.press() },
      make("span", { class: "script-head" }, number <= 9 ? make("kbd", { class: "digit", "aria-hidden": "true" }, String(number)) : null, this.heading(), this.rank()),
      make("span", { class: "script-text" }, gapped(script.text)),
      gaps ? make("span", { class: "hint due" }, say(verb === "copy" ? "card.gaps" : "card.gaps.put")) : null,
      this.remark("use.when", script.use_when),
      this.remark("avoid", script.avoid),
      make("span", { class: "done", hidden: true }),
    );
    const edit = make("button", { type: "button", class: "edit", title: say("card.edit"), "aria-label": `${say("card.edit")} ${number}`, onclick: () => this.edit() }, drawing(PENCIL, 15));
    const pictures = (script.images ?? []).map((address, at) => webLink(address, say("pictures", { n: at + 1 }), { class: "picture" }));
    this.node.replaceChildren(button, edit, ...(pictures.length ? [make("p", { class: "pictures" }, pictures)] : []));
    this.node.dataset.editing = "";
  }

  heading() {
    const { title, intent, hits: found, category } = this.script;
    const of = ["mine", "team"].includes(this.script.of) ? make("span", { class: "pill", "data-kind": "person" }, say(`of.${this.script.of}`)) : null;
    const words = make("b", {}, found ? hits(title ?? "", found) : (title ?? intent));
    return make("span", { class: "script-title" }, words, " ", of, category && !of ? make("small", {}, category) : null);
  }

  rank() {
    if (typeof this.script.score !== "number") return null;
    const n = Math.round(this.script.score * 100);
    return make("span", { class: "share", "aria-label": say("match.label", { n }) }, `${n}%`);
  }

  remark(key, text) {
    return text ? make("span", { class: "hint" }, make("b", {}, say(key)), " ", text) : null;
  }

  press() {
    if (this.node.dataset.editing === "yes") this.area.focus();
    else if (gapsOf(this.script.text).length) this.edit();
    else this.finish(this.script.text);
  }

  async finish(text) {
    if (!(await this.use(this.script, text))) return;
    this.show();
    const done = this.node.querySelector(".done");
    done.textContent = say(this.verb === "copy" ? "card.copied" : "card.put.done");
    done.hidden = false;
    this.node.dataset.done = "yes";
    setTimeout(() => {
      done.hidden = true;
      delete this.node.dataset.done;
    }, DONE_MS);
  }

  edit() {
    this.warned = false;
    this.area = make("textarea", { class: "input", rows: 3, id: `edit-${this.number}`, "aria-label": say("card.edit.label"), maxlength: 4000 });
    this.area.value = this.script.text;
    this.note = make("p", { class: "hint", role: "status" }, say(this.verb === "copy" ? "card.keys" : "card.keys.put"));
    const cancel = make("button", { type: "button", class: "button small", onclick: () => this.leave() }, say("cancel"));
    const go = make("button", { type: "submit", class: "button small strong" }, say(`card.do.${this.verb}`));
    const form = make("form", { class: "script-edit" }, this.area, this.note, make("div", { class: "script-foot" }, cancel, go));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.area.addEventListener("keydown", (event) => this.key(event, form));
    this.node.replaceChildren(form);
    this.node.dataset.editing = "yes";
    this.area.focus();
    if (!this.nextGap(0)) this.area.setSelectionRange(this.area.value.length, this.area.value.length);
  }

  key(event, form) {
    if (isComposing(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.leave();
    } else if (event.key === "Tab" && !event.shiftKey && this.nextGap(this.area.selectionEnd)) event.preventDefault();
  }

  /** Selects the next gap from a place on, or the first; answers whether there is one. */
  nextGap(from) {
    const gaps = gapsOf(this.area.value);
    const gap = gaps.find((one) => one.index >= from) ?? gaps[0];
    if (gap) this.area.setSelectionRange(gap.index, gap.index + gap.length);
    return Boolean(gap);
  }

  /** A gap never goes out by oversight: the first try selects it, the next takes the text as it stands. */
  submit() {
    const text = this.area.value.trim();
    if (!text) return this.leave();
    if (gapsOf(text).length && !this.warned) {
      this.warned = true;
      this.note.textContent = say("card.gap.left");
      this.note.classList.add("due");
      this.nextGap(0);
      this.area.focus();
      return undefined;
    }
    return this.finish(text);
  }

  leave() {
    this.show();
    this.node.querySelector("button").focus();
  }
}
