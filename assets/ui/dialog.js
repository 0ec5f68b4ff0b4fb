// Dialogs, toasts and menus. The browser's own <dialog> keeps the focus inside and closes on Esc.

import { byId, make } from "./dom.js";
import { isComposing } from "./composing.js";
import { say } from "./words.js";

/**
 * Opens a dialog. `build(close)` answers its content; `close(value)` ends it. Answers what it was closed with, or null.
 * The focus goes back to where it was.
 */
export function openDialog({ title, id = null, wide = false, build }) {
  const before = document.activeElement;
  return new Promise((done) => {
    const heading = `${id ?? "dialog"}-title`;
    const dialog = make("dialog", { class: wide ? "dialog wide" : "dialog", id, "aria-labelledby": heading });
    let answer = null;
    const close = (value = null) => {
      answer = value;
      dialog.close();
    };
    const head = make(
      "header",
      { class: "dialog-head" },
      make("h2", { id: heading }, title),
      make(
        "button",
        { type: "button", class: "icon-button", "aria-label": say("dismiss"), onclick: () => close() },
        "×",
      ),
    );
    dialog.append(head, make("div", { class: "dialog-body" }, build(close)));
    // Esc that ends a composition closes nothing.
    dialog.addEventListener("cancel", (event) => isComposing(event) && event.preventDefault());
    // A press that began inside (marking a text) is no click beside it.
    let began = null;
    dialog.addEventListener("pointerdown", (event) => (began = event.target));
    dialog.addEventListener("click", (event) => event.target === dialog && began === dialog && close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
      done(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("[autofocus]")?.focus();
  });
}

/** Whether a dialog is open: then no key of the page means anything. */
export const dialogIsOpen = () => document.querySelector("dialog[open]") !== null;

/** A row of buttons at a dialog's foot. */
export const buttons = (...children) => make("div", { class: "dialog-foot" }, children);

/** Asks yes or no. */
export const sure = ({ title, text, yes }) =>
  openDialog({
    title,
    build: (close) => [
      make("p", {}, text),
      buttons(
        make("button", { type: "button", class: "button", onclick: () => close(false) }, say("cancel")),
        make(
          "button",
          { type: "button", class: "button strong", autofocus: true, onclick: () => close(true) },
          yes ?? say("ok"),
        ),
      ),
    ],
  });

/** Says something in passing. kind: good, bad, due. `action`: {text, run}, or several. Stays `ms`; 0: until it is closed. */
export function toast(text, { kind = "plain", action = null, ms = 5000 } = {}) {
  const host =
    byId("toasts") ??
    document.body.appendChild(make("div", { id: "toasts", class: "toasts", role: "status", "aria-live": "polite" }));
  const leave = () => box.remove();
  const box = make(
    "div",
    { class: "toast", "data-kind": kind },
    make("span", { class: "toast-text", title: text }, text),
    [action ?? []]
      .flat()
      .map(({ text: name, run }) =>
        make("button", { type: "button", class: "link", onclick: () => (leave(), run()) }, name),
      ),
    make("button", { type: "button", class: "icon-button", "aria-label": say("dismiss"), onclick: leave }, "×"),
  );
  host.append(box);
  while (host.childElementCount > 4) host.firstElementChild.remove();
  if (ms) setTimeout(leave, ms);
  return leave;
}
