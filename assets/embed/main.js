// The suggestions as a frame in another desk: its chat in, the chosen words out. The token lives in this page's memory alone.

import "./words.js";
import { byId } from "../ui/dom.js";
import { Failure, call, inShop } from "../ui/net.js";
import { languages } from "../ui/signin.js";
import { onLanguage, say, sayAll } from "../ui/words.js";
import { Board } from "../panel/board.js";
import { suggestionsOf } from "../panel/api.js";
import { parentOrigin, talkWithParent } from "./parent.js";

const shop = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const AGAIN_MS = 3000;
const state = { waits: "desk", token: null, conversation: undefined, tell: () => {} };
const board = new Board(byId("host"), { verb: "put", use: handOver });

/** The desk around us puts the words in its box. */
async function handOver(text, script) {
  state.tell({ type: "xiaoer.use", text, suggestion_id: board.found ? null : script.id, conversation_id: state.conversation ?? null });
  return true;
}

function wait(what) {
  state.waits = what;
  render();
}

function render() {
  const { waits } = state;
  byId("wait").hidden = !waits;
  byId("host").hidden = Boolean(waits);
  if (!waits) return;
  byId("wait").dataset.kind = ["desk", "context"].includes(waits) ? "" : "bad";
  byId("wait-title").textContent = say(`wait.${waits}`);
  byId("wait-text").textContent = say(`wait.${waits}.text`, { origin: parentOrigin() ?? "", panel: `${location.origin}/panel`, shop });
}

/** An API that notices when the token is no good. */
function watched(api) {
  const watch = (f) => async (...given) => {
    try {
      return await f(...given);
    } catch (failure) {
      if (failure instanceof Failure && ["expired", "forbidden"].includes(failure.kind)) lose();
      throw failure;
    }
  };
  return { ...api, suggest: watch(api.suggest), scripts: watch(api.scripts) };
}

function lose() {
  state.token = null;
  wait("token");
}

function ready() {
  if (!state.token) return;
  wait(state.conversation === undefined ? "context" : null);
}

const on = {
  token(token) {
    state.token = token;
    board.connect(watched(suggestionsOf(shop, token)));
    ready();
  },
  context({ conversation, question }) {
    if (conversation !== state.conversation) board.forget();
    state.conversation = conversation;
    board.talkAbout(question);
    ready();
  },
};

async function allowedOrigins() {
  for (;;) {
    try {
      return (await call(`${inShop(shop)}/embed`, { quiet: true })).origins;
    } catch (failure) {
      if (failure.kind === "gone") return null;
      wait("offline");
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }
}

async function start() {
  byId("languages").replaceWith(languages());
  sayAll();
  onLanguage(render);
  if (window.parent === window) return wait("alone");
  render();
  const origins = await allowedOrigins();
  if (!origins) return wait("gone");
  const around = parentOrigin();
  wait(around && !origins.includes(around) ? "origin" : "desk");
  state.tell = talkWithParent(origins, on);
  return undefined;
}

start();
