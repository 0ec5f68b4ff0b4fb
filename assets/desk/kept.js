// What the browser keeps for an agent: choices and drafts. Without storage they hold for the visit.

const memory = new Map();

export function keep(key, value) {
  const name = `xiaoer.desk.${key}`;
  memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // In memory, then.
  }
}

export function kept(key, otherwise = null) {
  const name = `xiaoer.desk.${key}`;
  try {
    const found = localStorage.getItem(name);
    if (found !== null) return JSON.parse(found);
  } catch {
    // In memory, then.
  }
  return memory.get(name) ?? otherwise;
}

/** The names of what is kept below a prefix. */
export function keptBelow(prefix) {
  const start = `xiaoer.desk.${prefix}`;
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(start))
      .map((name) => name.slice("xiaoer.desk.".length));
  } catch {
    return [];
  }
}

const CHOICES = { send: "enter", sound: false, notify: true };

/** An agent's choice: `send` is "enter" or "ctrl"; `sound`, `notify` are yes or no. */
export const choice = (name) => kept(`choice.${name}`, CHOICES[name]);
export const choose = (name, value) => keep(`choice.${name}`, value);
