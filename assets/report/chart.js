// A chart, and behind it the table of what it shows.

import { make } from "../ui/dom.js";
import { language, say } from "../ui/words.js";

const HEIGHTS = { heat: [270, 500], heat_waits: [270, 500] };
/** Those of bars are as high as they have bars; the service draws no more than 15. */
const PER_BAR = [26, 42];

/** The picture's size, so that nothing jumps when it comes. `bars`: how many it will have. */
function sizes(name, bars, half) {
  const [wide, narrow] = bars === null ? (HEIGHTS[name] ?? [300, 280]) : PER_BAR.map((one) => 16 + one * Math.max(2, Math.min(15, bars)));
  return { width: half ? 470 : 960, height: wide, narrow };
}

/** `address(name, more)` says where the picture is; `behind`: the table; `half`: two stand side by side. */
export function chart({ name, address, span, behind = null, half = false, bars = null }) {
  const title = say(`chart.${name}`);
  const { width, height, narrow } = sizes(name, bars, half);
  const image = make("img", {
    src: address(name, half ? { shape: "half" } : {}),
    alt: say("chart.alt", { title, span, what: say(`chart.${name}.alt`) }),
    width,
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
    make("picture", {}, make("source", { media: "screen and (max-width: 700px)", srcset: address(name, { shape: "narrow" }), width: 380, height: narrow }), image),
    failed,
    behind ? make("details", { class: "behind" }, make("summary", {}, say("chart.table")), behind) : null,
  );
}

export const charted = (api, wanted) => (name, more = {}) => {
  const address = api.chart(name, wanted, language());
  return Object.keys(more).length ? `${address}&${new URLSearchParams(more)}` : address;
};
