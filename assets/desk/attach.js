// Pictures and links that go with a reply: pasted, dropped or chosen.

import { byId, make } from "/assets/ui/dom.js";
import { toast } from "/assets/ui/dialog.js";
import { shops } from "/assets/ui/net.js";
import { failed, say } from "/assets/ui/words.js";
import { emit, state } from "./state.js";
import { draftOf, setDraft } from "./drafts.js";
import { isPicture, shrunk } from "./pictures.js";

const MOST = 9;

export function attachAll() {
  const box = byId("box");
  const picker = byId("picture-file");
  box.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter(isPicture);
    if (!files.length) return;
    event.preventDefault();
    addPictures(files);
  });
  const chat = byId("chat");
  chat.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    chat.classList.add("dropping");
  });
  chat.addEventListener(
    "dragleave",
    (event) => chat.contains(event.relatedTarget) || chat.classList.remove("dropping"),
  );
  chat.addEventListener("drop", (event) => {
    chat.classList.remove("dropping");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    addPictures([...event.dataTransfer.files]);
  });
  byId("picture").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    addPictures([...picker.files]);
    picker.value = "";
  });
}

function addPictures(files) {
  const id = state.open?.id;
  if (!id || byId("box").disabled) return;
  if (files.some((file) => !isPicture(file))) toast(say("picture.kind"), { kind: "bad" });
  for (const file of files.filter(isPicture)) addPicture(state.open, file);
  byId("box").focus({ preventScroll: true });
}

function addPicture(chat, file) {
  if (draftOf(chat.id).attachments.length >= MOST) return toast(say("picture.many", { n: MOST }), { kind: "bad" });
  const one = { kind: "image", url: null, title: null, preview: URL.createObjectURL(file) };
  one.done = shrunk(file)
    .then((blob) => shops.upload(chat.shop, blob))
    .then(
      ({ url, kind }) => Object.assign(one, { url, kind: kind ?? "image" }),
      (failure) => {
        toast(say("picture.failed", { why: failed(failure) }), { kind: "bad" });
        remove(chat.id, one);
      },
    )
    .then(renderAttachments);
  add(chat.id, one);
}

/** A link to a product or a coupon: {kind, url, title}. */
export function addLink(link) {
  if (state.open) add(state.open.id, link);
  byId("box").focus({ preventScroll: true });
}

function add(id, one) {
  setDraft(id, { attachments: [...draftOf(id).attachments, one] });
  changed(id);
}

function remove(id, one) {
  if (one.preview) URL.revokeObjectURL(one.preview);
  setDraft(id, { attachments: draftOf(id).attachments.filter((other) => other !== one) });
  changed(id);
}

function changed(id) {
  renderAttachments();
  emit("attached", id);
}

/** Done when all pictures of a draft are up; false if one could not be. */
export async function uploaded(id) {
  const wanted = draftOf(id).attachments;
  await Promise.all(wanted.map((one) => one.done));
  return draftOf(id).attachments.length === wanted.length;
}

export function renderAttachments() {
  const id = state.open?.id;
  const all = id ? draftOf(id).attachments : [];
  byId("attached").hidden = all.length === 0;
  byId("attached").replaceChildren(...all.map((one) => chip(id, one)));
}

function chip(id, one) {
  const name = say(`thing.${one.kind}`);
  const shown =
    one.kind === "image"
      ? make("img", { src: one.preview ?? one.url, alt: name })
      : make("span", {}, `${name} · ${one.title ?? one.url}`);
  const off = make(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": say("attach.remove", { name: one.title ?? name }),
      onclick: () => remove(id, one),
    },
    "×",
  );
  return make("li", { class: one.url ? "attachment" : "attachment busy", "data-kind": one.kind }, shown, off);
}
