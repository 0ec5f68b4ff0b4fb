// Puts the desk together.

// First: the desk says some of them in its own words.
import "/assets/ui/words-why.js";
import "./words-zh.js";
import "./words-en.js";
import "./words-promises.js";
import { byId, drawing } from "/assets/ui/dom.js";
import { onExpired } from "/assets/ui/net.js";
import { signedIn, signIn } from "/assets/ui/signin.js";
import { onLanguage, sayAll } from "/assets/ui/words.js";
import { emit, on, open, state } from "./state.js";
import { forgetOldDrafts } from "./drafts.js";
import { follow, resume } from "./live.js";
import { ICONS } from "./icons.js";
import { startAccount } from "./account.js";
import { startBox, submit } from "./box.js";
import { startChat } from "./chat.js";
import { startKeys } from "./keys.js";
import { startLines } from "./lines.js";
import { chooseProduct, writeCoupon } from "./links.js";
import { startMore } from "./more.js";
import { startInterim } from "./interim.js";
import { startNotify, startTitle } from "./notify.js";
import { startOrders } from "./orders.js";
import { startPanes } from "./panes.js";
import { newPromise } from "./promise-form.js";
import { startPromises } from "./promises.js";
import { startProof, togglePromise } from "./proof.js";
import { startQueue } from "./queue.js";
import { startSearch } from "./search.js";
import { startSuggestions } from "./suggestions.js";
import { startUndo } from "./undo.js";
import { startWhy } from "./why.js";

const door = byId("door");
let asking = false;

/** Nobody is signed in any more: the form lies over the desk, which stays as it is behind it. */
async function signInAgain() {
  if (asking || !state.me) return;
  asking = true;
  document.body.classList.add("locked");
  byId("desk").inert = true;
  const me = await signIn(door, { note: "failure.expired" });
  asking = false;
  if (me.id !== state.me.id) return location.reload();
  document.body.classList.remove("locked");
  byId("desk").inert = false;
  state.me = me;
  resume().catch(() => {});
}

function fromAddress() {
  const [shop, id] = location.hash.slice(1).split("/").map(decodeURIComponent);
  if (shop && id && state.me.shops.some((one) => one.id === shop)) open({ shop, id });
}

async function start() {
  sayAll();
  startTitle();
  for (const button of document.querySelectorAll("[data-icon]")) button.prepend(drawing(ICONS[button.dataset.icon]));
  state.me = await signedIn(door);
  byId("desk").hidden = false;
  forgetOldDrafts();
  startProof(submit);
  // Whoever measures the page comes last: then one layout is enough for another chat.
  for (const part of [
    startChat,
    startBox,
    startWhy,
    startSuggestions,
    startOrders,
    startMore,
    startUndo,
    startSearch,
    startQueue,
    startPromises,
    startInterim,
    startPanes,
    startNotify,
    startAccount,
    startKeys,
    startLines,
  ])
    part();
  byId("product").addEventListener("click", chooseProduct);
  byId("coupon").addEventListener("click", writeCoupon);
  byId("promise").addEventListener("click", () => togglePromise() || newPromise());
  onLanguage(() => sayAll());
  onExpired(signInAgain);
  on("expired", signInAgain);
  await follow();
  fromAddress();
  setInterval(() => emit("tick"), 1000);
  document.documentElement.dataset.ready = "1";
}

start();
