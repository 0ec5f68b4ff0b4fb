// What was changed and isn't published: in this browser until it is published or thrown away. No typed letter is lost.

const key = (shop) => `xiaoer.playbook.${shop}`;

export class Draft {
  /** `changed()` runs after every change, also one made in another window. */
  constructor(shop, changed) {
    this.shop = shop;
    this.changed = changed;
    /** By path: `{text, was}`; text null: to be deleted; was: what was published when the change began. */
    this.files = new Map();
    /** Whether the browser keeps it. */
    this.kept = true;
    this.load();
    this.heard = (event) => event.key === key(shop) && (this.load(), changed());
    addEventListener("storage", this.heard);
  }

  /** No longer the shop that is shown. */
  leave() {
    removeEventListener("storage", this.heard);
  }

  load() {
    try {
      this.files = new Map(Object.entries(JSON.parse(localStorage.getItem(key(this.shop)) ?? "{}").files ?? {}));
    } catch {
      this.kept = false;
    }
  }

  save() {
    try {
      if (this.files.size) localStorage.setItem(key(this.shop), JSON.stringify({ files: Object.fromEntries(this.files) }));
      else localStorage.removeItem(key(this.shop));
      this.kept = true;
    } catch {
      this.kept = false;
    }
    this.changed();
  }

  has(path) {
    return this.files.has(path);
  }

  /** A file's text as it would be published; `published` if it isn't changed. */
  textOf(path, published) {
    return this.files.has(path) ? this.files.get(path).text : published;
  }

  /** `published`: the text in force, null: none. A text that equals it is no change. */
  set(path, text, published) {
    const was = this.files.get(path)?.was ?? published;
    if (text === was) this.files.delete(path);
    else this.files.set(path, { text, was });
    this.save();
  }

  forget(path) {
    this.files.delete(path);
    this.save();
  }

  clear() {
    this.files.clear();
    this.save();
  }

  /** The change stands against another published text from now on. */
  settle(path, published) {
    const file = this.files.get(path);
    if (!file) return;
    if (file.text === published) this.files.delete(path);
    else file.was = published;
    this.save();
  }

  /** `[{path, text, was}]`; a new file that was emptied again is none. */
  get list() {
    const all = [...this.files].map(([path, file]) => ({ path, ...file }));
    return all.filter(({ text, was }) => was !== null || text?.trim());
  }

  /** As the service takes it. */
  get changes() {
    return Object.fromEntries(this.list.map(({ path, text }) => [path, text]));
  }

  get size() {
    return this.list.length;
  }
}
