/** The left side: who you are, channels, direct messages, the app, each with its unread mark. */

import { browseChannels, createChannel } from "./channels.js";
import { freshId, h, hiddenText, icon, reconcile } from "./dom.js";
import { avatar, choosePerson, personSwitcher } from "./people.js";
import { openMenu } from "./popups.js";

function badge({ count, urgent }) {
  if (urgent) return h("span", { class: "badge" }, urgent, hiddenText(" unread"));
  return count ? hiddenText(", unread") : null;
}

/** One line of the list. */
function entry({ key, href, title, mark, unread, current }) {
  const props = { class: `nav-link ${unread.count ? "unread" : ""}`, href, "aria-current": current ? "page" : null };
  return {
    key,
    signature: JSON.stringify([href, title, unread, current, mark.signature]),
    render: () => h("li", {}, h("a", props, mark.draw(), h("span", { class: "nav-title" }, title), badge(unread))),
  };
}

export class Sidebar {
  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    this.root = document.getElementById("sidebar");
  }

  /** Builds the frame for the person whose state was loaded. */
  build() {
    const { store } = this.app;
    [this.channels, this.directs, this.apps] = [0, 1, 2].map(() => h("ul", { class: "nav-list" }));
    const addChannel = h(
      "button",
      {
        type: "button",
        class: "icon-button small",
        "aria-label": "Add a channel",
        title: "Add a channel",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        onclick: ({ currentTarget }) =>
          openMenu(currentTarget, "Add a channel", [
            { label: "Create a channel", choose: () => createChannel(this.app) },
            { label: "Browse channels", choose: () => browseChannels(this.app) },
          ]),
      },
      icon("plus"),
    );
    const write = (event) => choosePerson(event.currentTarget, store, (id) => this.app.writeTo(id));
    const newMessage = h(
      "button",
      {
        type: "button",
        class: "icon-button small",
        "aria-label": "New message",
        title: "New message",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        onclick: write,
      },
      icon("plus"),
    );
    this.root.replaceChildren(
      h("header", { class: "team" }, h("strong", {}, store.team?.name ?? "Workspace")),
      personSwitcher(store, (id) => this.app.become(id)),
      h(
        "nav",
        { "aria-label": "Channels and messages" },
        this.group("Channels", this.channels, store.me.is_restricted ? null : addChannel),
        this.group("Direct messages", this.directs, newMessage),
        this.group("Apps", this.apps),
      ),
      this.app.framed ? "" : this.tools(),
    );
    this.update();
  }

  /** What the sandbox has and Slack has not. */
  tools() {
    const { me } = this.app.store;
    return h(
      "footer",
      { class: "sandbox-tools" },
      h("span", {}, "Sandbox"),
      h("a", { href: `/side?as=${me.id}`, title: "Two people side by side" }, "Side by side"),
      h("a", { href: "/wire", target: "_blank", title: "What the app and Slack tell each other" }, "The wire"),
    );
  }

  group(title, list, action = null) {
    const id = freshId("group");
    list.setAttribute("aria-labelledby", id);
    return h(
      "section",
      { class: "nav-group" },
      h("div", { class: "nav-heading" }, h("h2", { id }, title), action),
      list,
    );
  }

  update() {
    const { store } = this.app;
    const all = [...store.channels.values()];
    const isApp = (channel) => store.isDirect(channel) && store.otherOf(channel) === store.bot.user_id;
    const byTitle = (one, other) => store.title(one).localeCompare(store.title(other));
    const named = all.filter((channel) => !store.isDirect(channel)).sort(byTitle);
    const directs = all.filter((channel) => store.isDirect(channel) && !isApp(channel)).sort(byTitle);
    reconcile(
      this.channels,
      named.map((channel) => this.channelEntry(channel)),
    );
    reconcile(
      this.directs,
      directs.map((channel) => this.channelEntry(channel)),
    );
    reconcile(this.apps, store.bot.user_id ? [this.appEntry(all.find(isApp))] : []);
    const waiting = all.reduce((sum, channel) => sum + store.unread(channel).urgent, 0);
    document.title = `${waiting ? `(${waiting}) ` : ""}${this.app.placeTitle()} - ${store.personName(store.me.id)}`;
  }

  channelEntry(channel) {
    const { store } = this.app;
    const direct = store.isDirect(channel);
    const mark = direct
      ? { signature: "person", draw: () => avatar(store, store.otherOf(channel)) }
      : { signature: "channel", draw: () => icon("hash") };
    return entry({
      key: channel.id,
      href: `#${channel.id}`,
      title: store.title(channel),
      mark,
      unread: store.unread(channel),
      current: this.app.place.channelId === channel.id,
    });
  }

  appEntry(channel) {
    const { store } = this.app;
    const unread = channel ? store.unread(channel) : { count: 0, urgent: 0 };
    const connected = store.bot.connected !== false;
    const mark = {
      signature: `app ${connected}`,
      draw: () =>
        h(
          "span",
          { class: `presence ${connected ? "" : "away"}`, title: connected ? "" : "Not connected" },
          avatar(store, store.bot.user_id),
        ),
    };
    return entry({
      key: "app",
      href: unread.count ? "#app/messages" : "#app",
      title: store.botName,
      mark,
      unread,
      current: this.app.place.app,
    });
  }
}
