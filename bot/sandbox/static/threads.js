/** The side pane with one thread. */

import { Composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { acceptDrops } from "./drops.js";
import { MessageLog } from "./messages.js";

export class ThreadPane {
  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.root = document.getElementById("thread");
    acceptDrops(this.root, () => this.composer && { composer: this.composer, title: "this thread" });
  }

  /** Shows a thread, or nothing. */
  show(channelId, threadTs) {
    const { app } = this;
    const channel = app.store.channels.get(channelId);
    const open = Boolean(channel && threadTs);
    const left = this.root.contains(document.activeElement) && this.log;
    this.root.hidden = !open;
    this.log = open ? new MessageLog(app, channelId, "Thread", threadTs) : null;
    this.composer = open ? new Composer(app, channelId, "Reply in thread", this.log, threadTs) : null;
    this.root.replaceChildren(...(open ? this.parts(channel) : []));
    this.update();
    if (open) this.composer.focus();
    else if (left) app.pane.returnTo(left.threadTs);
  }

  parts(channel) {
    const { app } = this;
    const title = app.store.isDirect(channel) ? app.store.title(channel) : `#${channel.name}`;
    const close = h(
      "a",
      { class: "icon-button", href: app.channelHref(channel.id), "aria-label": "Close thread", title: "Close thread" },
      icon("close"),
    );
    return [
      h(
        "header",
        { class: "pane-header" },
        h("div", { class: "pane-title" }, h("h2", {}, "Thread"), h("span", { class: "muted" }, title)),
        close,
      ),
      this.log.node,
      this.composer.node,
    ];
  }

  update() {
    this.log?.update();
    if (this.log?.channel && document.visibilityState === "visible")
      this.app.store.markThreadRead(this.log.channel, this.log.threadTs);
  }
}
