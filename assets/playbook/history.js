// Who published what, and when.

import { make } from "../ui/dom.js";
import { openDialog } from "../ui/dialog.js";
import { moment } from "../ui/times.js";
import { failed, known, say } from "../ui/words.js";

/** Who put a version in force; `files`: the service itself, from the shop's folder. */
export const authorOf = ({ author }) => (author === "files" ? say("author.files") : (author ?? "—"));

/** The versions, the newest first. */
export const showHistory = (api, zone) =>
  openDialog({
    title: say("history.title"),
    id: "history",
    build: () => {
      const host = make("div", {}, make("p", { class: "empty busy" }, say("file.loading")));
      api.log().then(
        (versions) => host.replaceChildren(versions.length ? make("ol", { class: "versions" }, versions.map((one) => item(one, zone))) : make("p", { class: "empty" }, say("history.none"))),
        (failure) => host.replaceChildren(make("p", { class: "notice wrong" }, failed(failure))),
      );
      return host;
    },
  });

const item = (one, zone) =>
  make(
    "li",
    {},
    make("b", {}, authorOf(one)),
    make("span", {}, known(`history.${one.what}`) ? say(`history.${one.what}`) : one.what),
    one.current ? make("span", { class: "pill", "data-kind": "good" }, say("history.current")) : null,
    make("time", { datetime: new Date(one.at).toISOString() }, moment(one.at, Date.now(), zone)),
    make("code", {}, one.version.slice(0, 12)),
  );
