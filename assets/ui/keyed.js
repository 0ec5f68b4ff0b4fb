// A list whose nodes stay: what left is taken out, what is new put in, the rest patched and moved only if it must.

const KEPT = new WeakMap();

/** Shows `items` in `host`, in this order. `create(item)` makes a node once, `patch(node, item)` brings it up to date. */
export function keyed(host, items, keyOf, create, patch) {
  const nodes = KEPT.get(host) ?? new Map();
  const focused = host.contains(document.activeElement) ? document.activeElement : null;
  const wanted = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const node = nodes.get(key) ?? create(item);
    patch(node, item);
    wanted.set(key, node);
  }
  for (const [key, node] of nodes) if (!wanted.has(key)) node.remove();
  arrange(host, [...wanted.values()]);
  KEPT.set(host, wanted);
  // A node that moves loses the focus.
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

/** The node of a key, if it is shown. */
export const nodeOf = (host, key) => KEPT.get(host)?.get(key);

function arrange(host, wanted) {
  let next = host.firstChild;
  for (const [place, node] of wanted.entries()) {
    if (node === next) next = next.nextSibling;
    // One that sank: taking it out is one move, moving all the others up is many.
    else if (next?.nextSibling === node && next !== wanted[place + 1]) {
      const sunk = next;
      next = node.nextSibling;
      host.append(sunk);
    } else host.insertBefore(node, next);
  }
}
