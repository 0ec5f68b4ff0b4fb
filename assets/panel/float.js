// The panel in a small window that stays above all others, where the browser has that: beside a desk that is a program of
// its own, the panel would vanish behind it.

const WIDTH = 380;
const HEIGHT = 700;

export const canFloat = () => "documentPictureInPicture" in window;

/** Moves `host` there until that window is closed. `moved(document)` runs with the document it is in, also on its return. */
export async function float(host, moved) {
  const view = await window.documentPictureInPicture.requestWindow({ width: WIDTH, height: HEIGHT });
  const { document: there } = view;
  for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
    const copy = there.createElement("link");
    copy.rel = "stylesheet";
    copy.href = link.href;
    there.head.append(copy);
  }
  there.documentElement.lang = document.documentElement.lang;
  there.title = document.title;
  there.body.className = document.body.className;
  const place = document.createComment("");
  host.replaceWith(place);
  there.body.append(host);
  moved(there);
  view.addEventListener("pagehide", () => {
    place.replaceWith(host);
    moved(document);
  });
}
