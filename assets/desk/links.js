// Product and coupon links: a dialog to choose or to write one.

import { fill, make, webAddress } from "/assets/ui/dom.js";
import { buttons, openDialog } from "/assets/ui/dialog.js";
import { shops } from "/assets/ui/net.js";
import { failed, inWords, say } from "/assets/ui/words.js";
import { state } from "./state.js";
import { addLink } from "./attach.js";

const known = new Map();

export async function chooseProduct() {
  const shop = state.open?.shop;
  if (!shop) return;
  const link = await openDialog({
    title: say("product.title"),
    id: "product-dialog",
    build: (close) => productBody(shop, close),
  });
  if (link) addLink(link);
}

function productBody(shop, close) {
  const find = make("input", {
    class: "input",
    type: "search",
    id: "product-find",
    autofocus: true,
    placeholder: say("product.find"),
    "aria-label": say("product.find"),
  });
  const list = make("ul", { class: "choices", id: "product-list" });
  const render = () => {
    const wanted = find.value.trim().toLowerCase();
    const products = known.get(shop) ?? [];
    const found = products.filter((one) => `${one.name?.zh} ${one.name?.en} ${one.id}`.toLowerCase().includes(wanted));
    fill(list, [found, known.has(shop)], () =>
      found.length
        ? found.map((one) => product(one, close))
        : [make("li", { class: "empty" }, say(known.has(shop) ? "product.none" : "loading"))],
    );
  };
  find.addEventListener("input", render);
  shops.products(shop).then(
    ({ products }) => {
      known.set(shop, products);
      render();
    },
    (failure) => list.replaceChildren(make("li", { class: "notice wrong" }, failed(failure))),
  );
  render();
  return [find, list, make("p", { class: "hint" }, say("product.other")), written("product", close)];
}

function product(one, close) {
  const title = inWords(one.name) ?? one.id;
  const url = one.url && webAddress(one.url);
  const pick = () => close({ kind: "product", url: url.href, title });
  return make(
    "li",
    {},
    make(
      "button",
      { type: "button", class: "choice", disabled: !url, onclick: pick },
      make("b", {}, title),
      make("small", {}, url ? url.host : say("product.no_link")),
    ),
  );
}

export async function writeCoupon() {
  if (!state.open) return;
  const link = await openDialog({
    title: say("coupon.title"),
    id: "coupon-dialog",
    build: (close) => written("coupon", close, true),
  });
  if (link) addLink(link);
}

/** A link by hand. */
function written(kind, close, autofocus = false) {
  const title = make("input", {
    class: "input",
    id: `${kind}-title-field`,
    maxlength: 80,
    required: true,
    autofocus,
    placeholder: say(`${kind}.name.hint`),
  });
  const url = make("input", {
    class: "input",
    id: `${kind}-url`,
    type: "url",
    required: true,
    inputmode: "url",
    placeholder: "https://",
  });
  const problem = make("p", { class: "notice wrong", role: "alert", hidden: true }, say("link.wrong"));
  const form = make(
    "form",
    { novalidate: true },
    make("label", { class: "field" }, make("span", {}, say("link.name")), title),
    make("label", { class: "field" }, make("span", {}, say("link.url")), url),
    problem,
    buttons(make("button", { type: "submit", class: "button strong" }, say("link.add"))),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const address = /^https?:\/\//i.test(url.value.trim()) ? webAddress(url.value.trim()) : null;
    problem.hidden = Boolean(address && title.value.trim());
    if (problem.hidden) close({ kind, url: address.href, title: title.value.trim() });
  });
  return form;
}
