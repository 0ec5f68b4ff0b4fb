// On a phone: queue, chat and side are one pane each.

import { byId, setAttribute } from "/assets/ui/dom.js";
import { on, open, state } from "./state.js";

const narrow = matchMedia("(max-width: 899px)");

export function startPanes() {
  byId("back").addEventListener("click", () => (history.state?.pane === "chat" ? history.back() : show("queue")));
  byId("to-side").addEventListener("click", () => show(document.body.dataset.pane === "side" ? "chat" : "side"));
  byId("from-side").addEventListener("click", () => show("chat"));
  on("open", (chat) => {
    if (!chat) return show("queue");
    // The phone's own way back leads to the queue.
    if (narrow.matches && document.body.dataset.pane === "queue") history.pushState({ pane: "chat" }, "");
    show("chat");
  });
  on("writing", () => narrow.matches && show("chat"));
  addEventListener("popstate", () => narrow.matches && show("queue"));
  show(state.open ? "chat" : "queue");
}

function show(pane) {
  if (pane === "queue" && narrow.matches) open(null);
  document.body.dataset.pane = pane;
  setAttribute(byId("to-side"), "aria-expanded", String(pane === "side"));
}
