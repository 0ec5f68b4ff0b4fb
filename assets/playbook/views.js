// What is in sight: on narrow screens one or two of the three columns; of the side its two tabs.

import { byId } from "../ui/dom.js";

/** tree, edit or side. */
export function selectView(view) {
  document.body.dataset.view = view;
  for (const button of byId("views").children) button.setAttribute("aria-pressed", String(button.dataset.view === view));
}

const TABS = ["base", "try"];

/** base or try. */
export function selectTab(tab) {
  for (const one of TABS) {
    const button = byId(`tab-${one}`);
    button.setAttribute("aria-selected", String(one === tab));
    button.tabIndex = one === tab ? 0 : -1;
    byId(one).hidden = one !== tab;
  }
}

for (const button of byId("views").children) button.addEventListener("click", () => selectView(button.dataset.view));
for (const tab of TABS) {
  byId(`tab-${tab}`).addEventListener("click", () => selectTab(tab));
  byId(`tab-${tab}`).addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = TABS.find((one) => one !== tab);
    selectTab(other);
    byId(`tab-${other}`).focus();
  });
}
