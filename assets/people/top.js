// The top of the pages beside the desk: where one is, of which shop, in which language.

import "./words.js";
import { byId, make } from "../ui/dom.js";
import { dropsMenu, menuItem } from "../ui/menu.js";
import { session } from "../ui/net.js";
import { changePassword } from "../ui/password.js";
import { languages } from "../ui/signin.js";
import { inWords, onLanguage, say } from "../ui/words.js";

const KEPT = "xiaoer.shop";
const PAGES = ["desk", "report", "playbook", "people"];
const ADDRESSES = { report: "/desk/report" };

/** Fills `#top`. `choose(shop)` runs for the shop that is shown first and for every other chosen. `mayLeave()` is asked before. */
export class Top {
  constructor({ page, choose, mayLeave = () => true }) {
    Object.assign(this, { page, choose, mayLeave, shops: [], shop: null, me: null });
    this.select = make("select", { id: "shop", class: "input", "data-label": "top.shop" });
    this.select.addEventListener("change", () => this.pick(this.select.value));
    this.name = make("span", { class: "top-shop", id: "shop-name" });
    this.menu = make("button", { type: "button", id: "me", class: "button small" });
    const link = (one) => make("a", { href: ADDRESSES[one] ?? `/${one}`, "data-say": `top.${one}`, "data-page": one, "aria-current": one === page ? "page" : null });
    byId("top").replaceChildren(
      make("a", { href: "/desk", class: "mark", "data-label": "top.desk" }, make("img", { src: "/assets/ui/icon.svg", alt: "", width: 26, height: 26 })),
      (this.nav = make("nav", { class: "pages", "data-label": "top.nav" }, PAGES.map(link))),
      make("div", { class: "tools" }, this.select, this.name, languages(), make("span", { class: "drops" }, this.menu)),
    );
    dropsMenu(this.menu, () => [menuItem(say("password.title"), changePassword), menuItem(say("signout"), () => this.leave(), { id: "sign-out" })]);
    onLanguage(() => this.render());
  }

  /** Somebody is signed in; `shops` are those the page is for, `wanted` the id of the one to begin with, if any. */
  welcome(me, shops, wanted = null) {
    this.me = me;
    this.shops = shops;
    const kept = remembered();
    this.shop = shops.find((one) => one.id === (wanted ?? this.shop?.id ?? kept)) ?? shops[0] ?? null;
    this.render();
    if (this.shop) this.choose(this.shop);
  }

  async pick(id) {
    const next = this.shops.find((one) => one.id === id);
    if (!next || next === this.shop || !(await this.mayLeave())) return this.render();
    this.shop = next;
    remember(id);
    this.render();
    return this.choose(next);
  }

  async leave() {
    if (!(await this.mayLeave())) return;
    await session.signOut().catch(() => {});
    location.assign("/desk");
  }

  render() {
    const options = this.shops.map((one) => make("option", { value: one.id }, inWords(one.name) ?? one.id));
    this.select.replaceChildren(...options);
    this.select.value = this.shop?.id ?? "";
    this.select.hidden = this.shops.length < 2;
    this.name.hidden = !this.select.hidden;
    this.name.textContent = inWords(this.shop?.name) ?? "";
    this.menu.textContent = this.me?.name ?? "";
    this.menu.setAttribute("aria-label", say("top.me", { name: this.me?.name ?? "" }));
    this.menu.hidden = !this.me;
    const roles = new Set(this.me?.shops.map((one) => one.role));
    const leads = roles.has("lead") || roles.has("manager");
    const may = { desk: true, report: leads, playbook: leads, people: roles.has("manager") };
    for (const link of this.nav.children) link.hidden = !may[link.dataset.page] && link.dataset.page !== this.page;
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function remember(id) {
  try {
    localStorage.setItem(KEPT, id);
  } catch {
    // Chosen anew at the next visit.
  }
}
