// How a number is counted: a mark beside its name, explained under the pointer, under the focus and under the finger.

import { make } from "../ui/dom.js";
import { known, say } from "../ui/words.js";

let tip = null;
let owner = null;

/** The mark for a key of `how.…`; nothing if there are no words. */
export function why(key, values = {}) {
  if (!known(`how.${key}`)) return null;
  const text = say(`how.${key}`, { hours: hoursInForce, ...values });
  const button = make("button", { type: "button", class: "why", "aria-label": say("how.label", { text }) }, "?");
  button.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && open(button, text));
  button.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && close());
  button.addEventListener("focus", () => open(button, text));
  button.addEventListener("blur", close);
  // A finger focuses on some browsers only.
  button.addEventListener("click", () => open(button, text));
  return button;
}

let hoursInForce = 72;

/** How long an answer has to last, as the explanations name it. */
export const setHours = (hours) => (hoursInForce = hours);

function open(button, text) {
  if (!tip) {
    tip = make("div", { class: "tip", role: "tooltip", hidden: true });
    document.body.append(tip);
  }
  owner = button;
  tip.textContent = text;
  tip.hidden = false;
  (button.closest("dialog") ?? document.body).append(tip);
  put(button);
}

/** Below the mark, or above it where the window ends. */
function put(button) {
  const at = button.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left + at.width / 2 - own.width / 2, innerWidth - own.width - 8));
  const below = at.bottom + 8 + own.height < innerHeight;
  tip.style.setProperty("left", `${left}px`);
  tip.style.setProperty("top", `${below ? at.bottom + 8 : Math.max(8, at.top - own.height - 8)}px`);
}

function close() {
  owner = null;
  if (tip) tip.hidden = true;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !owner) return;
  event.preventDefault();
  event.stopPropagation();
  close();
}, true);
addEventListener("scroll", close, true);
