// The desk around this frame. Heard only from the parent window and from an origin of the shop's list; told to that origin alone.

const MESSAGES_AT_MOST = 50;
const TEXT_AT_MOST = 8000;
const SIDES = new Set(["customer", "agent"]);

/** Where the parent is, as far as the browser says before it speaks. */
export function parentOrigin() {
  if (location.ancestorOrigins?.length) return location.ancestorOrigins[0];
  try {
    return document.referrer ? new URL(document.referrer).origin : null;
  } catch {
    return null;
  }
}

/** Listens to the parent. `on`: {token(text), context(context)}. Answers `tell(message)`. */
export function talkWithParent(origins, on) {
  const allowed = new Set(origins);
  let origin = null;
  addEventListener("message", (event) => {
    if (event.source !== window.parent || !allowed.has(event.origin)) return;
    const { type, token } = event.data ?? {};
    if (type === "xiaoer.token" && typeof token === "string" && token) on.token(token);
    else if (type === "xiaoer.context") on.context(contextOf(event.data));
    else return;
    origin = event.origin;
  });
  // That the frame is there is no secret, and who is around it isn't known for sure yet.
  window.parent.postMessage({ type: "xiaoer.ready" }, "*");
  return (message) => origin && window.parent.postMessage(message, origin);
}

const textOr = (value, other) => (typeof value === "string" && value ? value : other);

/** What another desk sends is taken apart: only what is known, and only what is of its kind. */
function contextOf(data) {
  const messages = (Array.isArray(data.messages) ? data.messages : [])
    .filter((one) => typeof one?.text === "string" && one.text.trim())
    .slice(-MESSAGES_AT_MOST)
    .map((one) => ({ from: SIDES.has(one.from) ? one.from : "agent", text: one.text.slice(0, TEXT_AT_MOST) }));
  const numbers = Array.isArray(data.order_numbers) ? data.order_numbers : [];
  return {
    conversation: textOr(data.conversation_id, null),
    question: {
      messages,
      customer_id: textOr(data.customer_id, null),
      order_numbers: numbers.filter((one) => typeof one === "string").slice(0, 20),
    },
  };
}
