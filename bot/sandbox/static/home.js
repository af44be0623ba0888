/** The app's Home tab. */

import { drawBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { Surface, formOf } from "./surface.js";

export class Home {
  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.blocks = h("div", { class: "blocks home-blocks" });
    this.empty = h("p", { class: "beginning" }, `${app.store.botName} has nothing to show here yet.`);
    this.node = h(
      "div",
      { class: "home", role: "tabpanel", id: "app-panel", "aria-label": "Home", tabindex: "0" },
      this.blocks,
      this.empty,
    );
  }

  update() {
    const { app } = this;
    const view = app.store.home;
    this.empty.hidden = Boolean(view?.blocks?.length);
    if (!view) return;
    if (this.surface?.container.view_id !== view.id) {
      this.surface = new Surface({
        app,
        container: { type: "view", view_id: view.id },
        blocks: [],
        form: formOf(view.id),
      });
    }
    this.surface.blocks = view.blocks ?? [];
    drawBlocks(this.blocks, this.surface);
  }
}
