// A chart, and behind it the table of what it shows.

import { make } from "../ui/dom.js";
import { language, say } from "../ui/words.js";

/** `address(name, {narrow})` says where the picture is; `behind`: the table, or nothing. */
export function chart({ name, address, span, behind = null, wide = true, height = 320 }) {
  const title = say(`chart.${name}`);
  const image = make("img", {
    src: address(name),
    alt: say("chart.alt", { title, span, what: say(`chart.${name}.alt`) }),
    width: wide ? 960 : 470,
    height,
    decoding: "async",
    "data-chart": name,
  });
  const failed = make("p", { class: "empty", hidden: true }, say("chart.failed"));
  image.addEventListener("error", () => {
    image.hidden = true;
    failed.hidden = false;
  });
  return make(
    "figure",
    { class: "chart" },
    make("figcaption", {}, title),
    make("picture", {}, make("source", { media: "(max-width: 700px)", srcset: address(name, { narrow: 1 }), width: 480, height: 340 }), image),
    failed,
    behind ? make("details", { class: "behind" }, make("summary", {}, say("chart.table")), behind) : null,
  );
}

export const charted = (api, wanted) => (name, more = {}) => {
  const address = api.chart(name, wanted, language());
  return Object.keys(more).length ? `${address}&${new URLSearchParams(more)}` : address;
};
