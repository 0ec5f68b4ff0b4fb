// A menu that drops from a button. Arrows move in it, Esc and a click elsewhere close it.

import { make } from "./dom.js";
import { isComposing } from "./composing.js";

let openMenu = null;

/** Closes the menu that is open; answers whether there was one. */
export function closeMenu() {
  if (!openMenu) return false;
  const { button, list } = openMenu;
  openMenu = null;
  const inside = list.contains(document.activeElement);
  list.remove();
  button.setAttribute("aria-expanded", "false");
  if (inside) button.focus({ preventScroll: true });
  return true;
}

/** Makes `button` drop a menu; `items()` answers its nodes: `menuItem(…)`, or anything else to stand between. */
export function dropsMenu(button, items, { id = null, align = "end" } = {}) {
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    const was = openMenu?.button === button;
    closeMenu();
    if (was) return;
    const list = make("div", { class: "menu", role: "menu", id, "data-align": align }, items());
    button.parentElement.append(list);
    button.setAttribute("aria-expanded", "true");
    openMenu = { button, list };
    list.querySelector("[role^=menuitem]")?.focus({ preventScroll: true });
  });
}

/** One entry. `checked`: it is one of a choice. */
export function menuItem(text, run, { checked = null, id = null, kind = null, stays = false } = {}) {
  const role = checked === null ? "menuitem" : "menuitemradio";
  return make(
    "button",
    {
      type: "button",
      role,
      id,
      class: "menu-item",
      "data-kind": kind,
      "aria-checked": checked === null ? null : String(checked),
      onclick: () => (stays || closeMenu(), run()),
    },
    text,
  );
}

document.addEventListener("pointerdown", (event) => {
  if (openMenu && !openMenu.list.contains(event.target) && !openMenu.button.contains(event.target)) closeMenu();
});

document.addEventListener("keydown", (event) => {
  if (!openMenu || isComposing(event)) return;
  const entries = [...openMenu.list.querySelectorAll("[role^=menuitem]")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const at = entries.indexOf(document.activeElement);
    entries.at((at + step + entries.length) % entries.length)?.focus();
  } else if (event.key === "Tab") closeMenu();
});
