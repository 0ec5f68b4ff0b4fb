// While an input method composes, every key is its own. The key that ends a composition may arrive after its end.

let composing = false;
let count = 0;

document.addEventListener(
  "compositionstart",
  () => {
    count += 1;
    composing = true;
  },
  true,
);
document.addEventListener(
  "compositionend",
  () => {
    const ended = count;
    // A new one may have begun before the tick is over.
    setTimeout(() => (composing = composing && count !== ended));
  },
  true,
);

/** Whether a key, or any other event, belongs to an input method. 229 is what browsers call its keys. */
export const isComposing = (event) => composing || event?.isComposing === true || event?.keyCode === 229;

/** Whether somebody types here: no bare key means anything else. */
export const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Enter submits; with Shift it breaks the line. */
export function sendOnEnter(area, form) {
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
