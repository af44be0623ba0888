/** Files dropped onto a pane. */

import { h, icon } from "./dom.js";

/**
 * Lets files be dropped anywhere on a pane.
 * @param {HTMLElement} pane
 * @param {() => ?{composer: import("./composer.js").Composer, title: string}} target Where they go now.
 */
export function acceptDrops(pane, target) {
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const hide = () => pane.querySelector(":scope > .drop-overlay")?.remove();
  pane.addEventListener("dragover", (event) => {
    const aim = target();
    if (!aim || !carriesFiles(event)) return;
    event.preventDefault();
    if (!pane.querySelector(":scope > .drop-overlay"))
      pane.append(h("div", { class: "drop-overlay" }, h("span", {}, icon("attach"), `Drop to share in ${aim.title}`)));
  });
  pane.addEventListener("dragleave", (event) => !pane.contains(event.relatedTarget) && hide());
  pane.addEventListener("drop", (event) => {
    hide();
    const aim = target();
    if (!aim || !carriesFiles(event)) return;
    event.preventDefault();
    aim.composer.addFiles([...event.dataTransfer.files]);
  });
}
