// The panel beside a desk that cannot be plugged in: signs in, chooses the shop, copies what is clicked.

import "./words.js";
import { byId, make } from "../ui/dom.js";
import { dropsMenu, menuItem } from "../ui/menu.js";
import { onExpired, session } from "../ui/net.js";
import { languages, signedIn } from "../ui/signin.js";
import { inWords, onLanguage, say, sayAll } from "../ui/words.js";
import { Board } from "./board.js";
import { copy } from "./copy.js";
import { canFloat, float } from "./float.js";
import { suggestionsOf } from "./api.js";

const KEPT = "xiaoer.panel.shop";
const host = byId("host");
const board = new Board(host, { verb: "copy", use: (text) => copy(text, host.ownerDocument) });
let me = null;
let opening = null;

/** Whoever opens it signs in here; the words in the box stay meanwhile. */
function open() {
  opening ??= enter().finally(() => (opening = null));
  return opening;
}

async function enter() {
  byId("top").hidden = host.hidden = true;
  byId("door").hidden = false;
  me = await signedIn(byId("door"));
  byId("door").hidden = true;
  byId("top").hidden = false;
  byId("no-shop").hidden = me.shops.length > 0;
  host.hidden = me.shops.length === 0;
  renderShops();
  if (me.shops.length) choose(byId("shop").value);
}

function renderShops() {
  if (!me) return;
  const select = byId("shop");
  const chosen = select.value || kept();
  select.replaceChildren(...me.shops.map((shop) => make("option", { value: shop.id }, inWords(shop.name) ?? shop.id)));
  if (me.shops.some((shop) => shop.id === chosen)) select.value = chosen;
  select.hidden = me.shops.length < 2;
  byId("shop-name").hidden = !select.hidden;
  byId("shop-name").textContent = inWords(me.shops[0]?.name) ?? say("brand");
}

function choose(shop) {
  try {
    localStorage.setItem(KEPT, shop);
  } catch {
    // Chosen anew at the next visit.
  }
  board.connect(suggestionsOf(shop));
  host.querySelector("#words").focus();
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

async function leave() {
  await session.signOut().catch(() => {});
  board.clear();
  open();
}

function toFloat() {
  const moved = (page) => {
    byId("afloat").hidden = page === document;
    if (page !== document) board.listenIn(page);
    host.querySelector("#words").focus();
  };
  // Closed by the person at the very moment, or not allowed: then it stays where it is.
  float(host, moved).catch(() => {});
}

byId("float").hidden = !canFloat();
byId("float").addEventListener("click", toFloat);
byId("languages").replaceWith(languages());
byId("shop").addEventListener("change", (event) => choose(event.target.value));
dropsMenu(byId("menu"), () => [
  make("p", { class: "menu-title" }, me?.name ?? ""),
  make("a", { class: "menu-item", role: "menuitem", href: "/desk", target: "_blank", rel: "noopener" }, say("panel.desk")),
  menuItem(say("signout"), leave, { id: "sign-out" }),
]);
onLanguage(renderShops);
onExpired(open);
sayAll();
open();
