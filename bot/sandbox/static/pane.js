/** The middle: a channel, a direct message, or the app with its Home and Messages tabs. */

import { Composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { acceptDrops } from "./drops.js";
import { Home } from "./home.js";
import { mrkdwn } from "./mrkdwn.js";
import { MessageLog } from "./messages.js";
import { avatar, smallSwitcher } from "./people.js";

const FACES = 4;

export class Pane {
  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.root = document.getElementById("pane");
    acceptDrops(this.root, () => this.composer && { composer: this.composer, title: app.placeTitle() });
  }

  /** Builds what belongs to the app's current place. */
  show() {
    const { app } = this;
    const { place, store } = app;
    const channel = store.channels.get(place.channelId);
    const onTab = document.activeElement?.matches(".tab");
    this.home = place.app && !place.messages ? new Home(app) : null;
    this.log = null;
    this.composer = null;
    if (!this.home && channel) this.openChannel(channel);
    this.offline = h("div", { class: "offline", role: "status", hidden: true });
    const parts = this.home ? [this.home.node, this.offline] : [this.log?.node, this.offline, this.composer?.node];
    const panel = parts.filter(Boolean);
    document.getElementById("jump").textContent = this.home ? "Jump to the Home tab" : "Jump to the newest message";
    this.header = h("header", { class: `pane-header ${place.app ? "with-tabs" : ""}` });
    this.headerSignature = null;
    this.root.replaceChildren(this.header, ...panel);
    this.update();
    const mayTakeFocus = !app.framed || document.hasFocus();
    if (onTab) this.header.querySelector('[aria-selected="true"]')?.focus();
    else if (mayTakeFocus && !matchMedia("(max-width: 700px)").matches) this.composer?.focus();
  }

  /** Takes the focus where it would otherwise be nowhere; on a phone no keyboard pops up. */
  focus() {
    if (this.app.framed && !document.hasFocus()) return;
    if (this.home) this.home.node.focus({ preventScroll: true });
    else if (matchMedia("(max-width: 700px)").matches) this.log?.node.focus({ preventScroll: true });
    else this.composer?.focus();
  }

  /** Takes the focus past all that stands before: to the newest message, whose buttons are the next that Tab meets. */
  jump() {
    const newest = this.log && [...this.log.node.querySelectorAll(".message")].at(-1);
    if (!newest) return this.focus();
    newest.tabIndex = -1;
    newest.scrollIntoView({ block: "nearest" });
    return newest.focus({ preventScroll: true });
  }

  /** Gives the focus back to the message whose thread was closed. */
  returnTo(ts) {
    const link = this.root.querySelector(`[data-ts="${CSS.escape(ts)}"] :is(.thread-link, .toolbar a)`);
    if (link) link.focus();
    else this.focus();
  }

  openChannel(channel) {
    const { app } = this;
    const name = app.placeTitle();
    this.log = new MessageLog(app, channel.id, name);
    this.composer = new Composer(app, channel.id, `Message ${name}`, this.log);
  }

  backButton() {
    return h(
      "a",
      {
        class: "icon-button back",
        href: "#",
        "aria-label": "Back to channels",
        onclick: (event) => (event.preventDefault(), this.app.showNav()),
      },
      icon("back"),
    );
  }

  appHeader() {
    const { store, place } = this.app;
    const tab = (name, href, current) =>
      h(
        "a",
        {
          role: "tab",
          class: "tab",
          href,
          "aria-selected": String(current),
          "aria-controls": current && !place.messages ? "app-panel" : null,
        },
        name,
      );
    const tabs = h(
      "div",
      { class: "tabs", role: "tablist", "aria-label": store.botName },
      tab("Home", "#app", !place.messages),
      tab("Messages", "#app/messages", place.messages),
    );
    const title = h(
      "div",
      { class: "pane-title" },
      avatar(store, store.bot.user_id),
      h("h1", {}, store.botName),
      h("span", { class: "app-tag" }, "App"),
    );
    return [this.backButton(), title, tabs];
  }

  channelHeader(channel) {
    if (!channel) return [this.backButton(), h("div", { class: "pane-title" }, h("h1", {}, "Nothing here"))];
    const { store } = this.app;
    const direct = store.isDirect(channel);
    const topic = channel.topic?.value || channel.purpose?.value;
    const title = h(
      "div",
      { class: "pane-title" },
      direct ? avatar(store, store.otherOf(channel)) : icon("hash"),
      h("h1", {}, store.title(channel)),
      topic && h("div", { class: "topic" }, mrkdwn(topic, store)),
    );
    return [this.backButton(), title, direct ? null : this.members(channel)].filter(Boolean);
  }

  members({ members }) {
    const { store } = this.app;
    const names = members.map((id) => store.personName(id)).join(", ");
    return h(
      "div",
      {
        class: "members",
        title: names,
        role: "img",
        "aria-label": `${members.length === 1 ? "1 member" : `${members.length} members`}: ${names}`,
      },
      h(
        "span",
        { class: "faces" },
        members.slice(0, FACES).map((id) => avatar(store, id)),
      ),
      String(members.length),
    );
  }

  updateHeader() {
    const { place, store } = this.app;
    const channel = store.channels.get(place.channelId);
    const signature = JSON.stringify([
      store.me.id,
      place,
      channel?.name,
      channel?.topic,
      channel?.purpose,
      channel?.members,
    ]);
    if (signature === this.headerSignature) return;
    this.headerSignature = signature;
    const face = smallSwitcher(store, (id) => this.app.become(id));
    const [back, title, ...rest] = place.app ? this.appHeader() : this.channelHeader(channel);
    this.header.replaceChildren(back, title, face, ...rest);
  }

  update() {
    if (this.header) this.updateHeader();
    this.home?.update();
    this.log?.update();
    this.updateOffline();
    this.markRead();
  }

  updateOffline() {
    const { store, place } = this.app;
    const channel = store.channels.get(place.channelId);
    const concerned = place.app || channel?.members?.includes(store.bot.user_id);
    const away = store.bot.connected === false && concerned;
    this.offline.hidden = store.online && !away;
    this.offline.textContent = store.online
      ? `${store.botName} is not connected right now. What you write reaches it when it is back.`
      : "Connection lost. Trying again…";
  }

  markRead() {
    const { store, place } = this.app;
    const channel = store.channels.get(place.channelId);
    const seen = this.log && document.visibilityState === "visible" && this.root.offsetParent !== null;
    if (seen && channel) store.markRead(channel);
  }
}
