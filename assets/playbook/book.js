// The playbook of one shop as it is edited: what is published, the draft over it, what is known of both.

import { playbookOf } from "./api.js";
import { Draft } from "./draft.js";
import { things, titleIn } from "./library.js";

export class Book {
  /** `shop` as in Me. `changed()` runs when the draft does. */
  constructor(shop, changed) {
    this.shop = shop;
    this.api = playbookOf(shop.id);
    this.draft = new Draft(shop.id, changed);
    this.head = { version: null, author: null, at: null, files: [] };
    /** By path: `{own, base}` as published. */
    this.texts = new Map();
    /** Paths that somebody published while they were changed here. */
    this.moved = new Set();
    this.list = [];
    this.titles = new Map();
  }

  get writable() {
    return this.shop.role === "manager";
  }

  /** Loads what is in force; holds the draft against it. Throws a Failure. */
  async load() {
    this.head = await this.api.all();
    this.texts.clear();
    this.relist();
    await Promise.all([...this.draft.files.keys()].map((path) => this.compare(path)));
  }

  /** The titles that are served follow a publication within a second. */
  async relabel() {
    this.head.files = (await this.api.all()).files;
    this.relist();
  }

  relist() {
    this.list = things(this.head.files, this.draft);
    for (const thing of this.list) thing.title ??= this.titles.get(thing.key) ?? null;
  }

  /** What new files call themselves, until the service says the same. */
  keepTitles() {
    for (const thing of this.list) this.titles.set(thing.key, titleIn(thing, this.draft) ?? thing.title);
  }

  async compare(path) {
    const { own } = await this.read(path);
    const file = this.draft.files.get(path);
    if (!file) return;
    this.moved.delete(path);
    if (own === file.was) return;
    if (own === file.text) this.draft.settle(path, own);
    else this.moved.add(path);
  }

  /** `{own, base}` as published; both null for a file that isn't there. */
  async read(path) {
    if (!this.texts.has(path)) this.texts.set(path, await this.fetch(path));
    return this.texts.get(path);
  }

  async fetch(path) {
    if (!this.head.files.some((file) => file.path === path)) return { own: null, base: null };
    try {
      const { own, base } = await this.api.file(path);
      return { own: own ?? null, base: base ?? null };
    } catch (failure) {
      if (failure.kind === "gone") return { own: null, base: null };
      throw failure;
    }
  }

  /** A file's text as it would be published. */
  textOf(path) {
    return this.draft.textOf(path, this.texts.get(path)?.own ?? null);
  }

  set(path, text) {
    this.draft.set(path, text, this.texts.get(path)?.own ?? null);
  }

  /** Mine or theirs, where both changed a file. */
  settle(path, mine) {
    this.moved.delete(path);
    if (mine) this.draft.settle(path, this.texts.get(path)?.own ?? null);
    else this.draft.forget(path);
  }

  thingOf(path) {
    return this.list.find((thing) => Object.values(thing.paths).includes(path)) ?? null;
  }
}
