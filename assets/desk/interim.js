// A promise comes due and the answer isn't there yet: the shop's own words that it is being worked on.

import { byId } from "/assets/ui/dom.js";
import { inWords } from "/assets/ui/words.js";
import { now, on, open, signed, state } from "./state.js";
import { area, put } from "./box.js";
import { customersLanguage, refresh, viewOf } from "./views.js";

/** So long before it is due a promise presses. */
export const AHEAD_MS = 5 * 60_000;

/** Whether a promise is due soon, or overdue. */
export const isPressing = (one) => one.state === "open" && (one.overdue || one.due - now() <= AHEAD_MS);

/** The shop's words in the customer's language; null while they aren't known. */
export function interimOf(chat) {
  const said = viewOf(chat.id)?.interim;
  const words = said && (said[customersLanguage(chat)] ?? inWords(said));
  return words ? signed(words) : null;
}

/** Opens the chat of a promise with the words in its box; they are sent by hand. */
export async function putInterim({ shop, conversation }) {
  const chat = { shop, id: conversation };
  open(chat);
  if (!interimOf(chat)) await refresh(chat).catch(() => {});
  const words = interimOf(chat);
  if (words && state.open?.id === chat.id && !area().value.includes(words)) put(words);
}

/** Beside the box, where it is seen: while a promise of this chat presses and nothing is written yet. */
export function startInterim() {
  byId("interim").addEventListener("click", () => {
    const one = pressing();
    if (one) putInterim(one);
  });
  for (const what of ["open", "promises", "tick", "restored"]) on(what, render);
  on("view", (id) => id === state.open?.id && render());
  area().addEventListener("input", render);
  render();
}

const pressing = () => state.open && viewOf(state.open.id)?.promises?.find(isPressing);

function render() {
  byId("interim").hidden = area().value.trim() !== "" || !pressing() || !interimOf(state.open);
}
