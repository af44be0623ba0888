/** A log of messages: grouped by author, split by days, live. */

import { drawBlocks } from "./blocks.js";
import { freshId, h, hiddenText, icon, reconcile } from "./dom.js";
import { fileNode } from "./files.js";
import { mrkdwn, personMention } from "./mrkdwn.js";
import { editButton, reactButton, reactions } from "./ownwords.js";
import { avatar } from "./people.js";
import { ask, openMenu } from "./popups.js";
import { Surface, formOf } from "./surface.js";
import { clock, dateOf, dayKey, dayName, exact } from "./time.js";

/** Messages of one author within this many seconds share one heading. */
const GROUP_SECONDS = 300;
const NEAR_BOTTOM_PX = 80;
const SYSTEM = new Set([
  "channel_join",
  "channel_leave",
  "group_join",
  "group_leave",
  "channel_topic",
  "channel_purpose",
  "channel_name",
]);

function sameGroup(one, other) {
  if (!one || one.subtype !== other.subtype || one.is_ephemeral !== other.is_ephemeral || SYSTEM.has(other.subtype))
    return false;
  return (one.user ?? one.bot_id) === (other.user ?? other.bot_id) && Number(other.ts) - Number(one.ts) < GROUP_SECONDS;
}

function repliesText(count) {
  return count === 1 ? "1 reply" : `${count} replies`;
}

export class MessageLog {
  /**
   * @param {import("./app.js").App} app
   * @param {string} channelId
   * @param {string} label The log's accessible name.
   * @param {?string} threadTs Where it shows a thread.
   */
  constructor(app, channelId, label, threadTs = null) {
    Object.assign(this, { app, store: app.store, channelId, threadTs });
    this.readBefore = this.store.reads.get(channelId);
    this.list = h("div", { class: "log-list" });
    this.node = h("div", { class: "log", role: "log", "aria-label": label, tabindex: "0" }, this.list);
    this.atBottom = true;
    this.lastTop = 0;
    this.node.addEventListener("scroll", () => this.onScroll());
    new ResizeObserver(() => this.stick()).observe(this.list);
    new ResizeObserver(() => this.stick()).observe(this.node);
  }

  get channel() {
    return this.store.channels.get(this.channelId);
  }

  distance() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight;
  }

  /** Only who scrolls up leaves the bottom: it also moves away while pictures arrive. */
  onScroll() {
    const { scrollTop } = this.node;
    if (this.distance() < NEAR_BOTTOM_PX) this.atBottom = true;
    else if (scrollTop < this.lastTop) this.atBottom = false;
    this.lastTop = scrollTop;
  }

  stick() {
    if (this.atBottom) this.node.scrollTop = this.node.scrollHeight;
  }

  /** Follows the newest message again. */
  toBottom() {
    this.atBottom = true;
    this.stick();
  }

  update() {
    const { store, channel, threadTs } = this;
    if (!channel) return;
    const messages = threadTs ? store.threadOf(channel, threadTs) : store.timeline(channel);
    const replies = threadTs ? new Map() : store.replies(channel);
    const items = [];
    let previous = null;
    for (const message of messages) {
      items.push(...this.separators(previous, message, messages.length));
      const separated = items.at(-1)?.separator;
      items.push(this.item(message, !separated && sameGroup(previous, message), replies.get(message.ts) ?? []));
      previous = message;
    }
    if (!items.length) items.push(this.beginning());
    reconcile(this.list, items);
    this.stick();
  }

  beginning() {
    const name = this.store.title(this.channel);
    const text = this.store.isDirect(this.channel)
      ? `This is the start of your conversation with ${name}.`
      : `This is the start of #${name}.`;
    return { key: "beginning", signature: text, render: () => h("p", { class: "beginning" }, text) };
  }

  /** A day's heading, the line above what is new, and the count in a thread. */
  separators(previous, message, total) {
    const { zone } = this.store;
    const found = [];
    const day = dayKey(dateOf(message.ts), zone);
    const line = (key, className, text) =>
      found.push({
        key,
        separator: true,
        signature: text,
        render: () => h("div", { class: className, role: "separator", "aria-label": text }, h("span", {}, text)),
      });
    if (this.threadTs) {
      if (previous?.ts === this.threadTs) line("replies", "divider replies-line", repliesText(total - 1));
      return found;
    }
    if (!previous || dayKey(dateOf(previous.ts), zone) !== day)
      line(`day-${day}`, "divider", dayName(dateOf(message.ts), zone));
    if (this.isFirstNew(previous, message)) line("new", "divider new-line", "New");
    return found;
  }

  isFirstNew(previous, message) {
    if (!previous || Number(message.ts) <= Number(this.readBefore) || message.user === this.store.me.id) return false;
    if (this.firstNew === undefined) this.firstNew = message.ts;
    return this.firstNew === message.ts && Number(this.readBefore) > 0;
  }

  item(message, compact, replies) {
    const unread = replies.length > 0 && this.store.isThreadUnread(this.channel, message.ts, replies);
    return {
      key: message.ts,
      signature: JSON.stringify([message, compact, replies.map(({ ts, user }) => [ts, user]), unread]),
      render: () => this.article(message, compact, replies, unread),
    };
  }

  article(message, compact, replies, unread) {
    const { store } = this;
    const author = message.user ?? store.bot.user_id;
    const name = message.username ?? (message.user ? store.personName(message.user) : store.botName);
    const [nameId, timeId] = [freshId("author"), freshId("time")];
    const date = dateOf(message.ts);
    const time = h(
      "time",
      { id: timeId, class: "time", datetime: date.toISOString(), title: exact(date, store.zone) },
      clock(date, store.zone),
    );
    const isApp = author === store.bot.user_id || (message.bot_id && message.user === undefined);
    const heading = h(
      "header",
      { class: compact ? "visually-hidden" : "heading" },
      h("strong", { id: nameId, class: "author" }, name),
      isApp && h("span", { class: "app-tag" }, "App"),
      compact ? null : time,
    );
    const classes = [
      "message",
      compact && "compact",
      message.is_ephemeral && "ephemeral",
      SYSTEM.has(message.subtype) && "system",
    ]
      .filter(Boolean)
      .join(" ");
    return h(
      "article",
      { class: classes, "aria-labelledby": `${nameId} ${timeId}`, dataset: { ts: message.ts } },
      h("div", { class: "gutter" }, compact ? time : avatar(store, author, name)),
      h(
        "div",
        { class: "body" },
        message.is_ephemeral && h("div", { class: "only-you" }, icon("eye"), "Only visible to you"),
        heading,
        this.content(message),
        reactions(this, message),
        this.threadLink(message, replies, unread),
      ),
      this.toolbar(message),
    );
  }

  content(message) {
    const { store, app } = this;
    const parts = [];
    if (message.blocks?.length) parts.push(this.blocks(message, message.blocks));
    else if (message.subtype === "channel_join") parts.push(this.joined(message));
    else if (message.text) parts.push(mrkdwn(message.text, store));
    for (const attachment of message.attachments ?? []) parts.push(this.attachment(message, attachment));
    if (message.files?.length)
      parts.push(
        h(
          "div",
          { class: "files" },
          message.files.map((file) => fileNode(file, app.api)),
        ),
      );
    if (message.edited && !message.bot_id) parts.push(h("span", { class: "edited" }, "(edited)"));
    return h("div", { class: "content" }, parts);
  }

  /** "joined #composers.", "was added to #composers by Ben." */
  joined({ inviter }) {
    const name = `#${this.store.title(this.channel)}`;
    return inviter
      ? h("span", {}, `was added to ${name} by `, personMention(inviter, this.store), ".")
      : h("span", {}, `joined ${name}.`);
  }

  blocks(message, blocks) {
    const { app, channelId } = this;
    const type = message.is_ephemeral ? "ephemeral" : "message";
    const container = { type, channel: channelId, ts: message.ts };
    const host = h("div", { class: "blocks" });
    drawBlocks(host, new Surface({ app, container, blocks, form: formOf(`${channelId} ${message.ts}`), channelId }));
    return host;
  }

  attachment(message, attachment) {
    const text = attachment.text ?? attachment.fallback ?? "";
    const body = attachment.blocks ? this.blocks(message, attachment.blocks) : mrkdwn(text, this.store);
    const colour = /^#?[0-9a-f]{6}$/i.test(attachment.color ?? "") ? `#${attachment.color.replace("#", "")}` : null;
    return h(
      "div",
      { class: "attachment", style: colour && `--bar: ${colour}` },
      attachment.title && h("strong", {}, attachment.title),
      body,
    );
  }

  threadLink(message, replies, unread) {
    if (!replies.length) return null;
    const { store, app } = this;
    const people = [...new Set(replies.map(({ user }) => user ?? store.bot.user_id))].slice(0, 4);
    const last = dateOf(replies.at(-1).ts);
    return h(
      "a",
      { class: `thread-link ${unread ? "unread" : ""}`, href: app.threadHref(this.channelId, message.ts) },
      h(
        "span",
        { class: "faces" },
        people.map((id) => avatar(store, id)),
      ),
      h("strong", { class: "replies-count" }, repliesText(replies.length), unread && hiddenText(", new")),
      h(
        "span",
        { class: "muted" },
        h("span", { class: "wide-only" }, "Last reply "),
        `${dayName(last, store.zone).toLowerCase()} at ${clock(last, store.zone)}`,
      ),
    );
  }

  toolbar(message) {
    const { app, store } = this;
    if (message.is_ephemeral || SYSTEM.has(message.subtype)) return null;
    const reply =
      !this.threadTs &&
      h(
        "a",
        {
          class: "icon-button",
          href: app.threadHref(this.channelId, message.thread_ts ?? message.ts),
          "aria-label": "Reply in thread",
          title: "Reply in thread",
        },
        icon("reply"),
      );
    const mine = message.user === store.me.id;
    const remove =
      mine &&
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Delete message",
          title: "Delete message",
          onclick: () => this.remove(message),
        },
        icon("trash"),
      );
    const more = this.shortcuts(message);
    const edit = mine && message.text && editButton(this, message);
    return h("div", { class: "toolbar" }, reactButton(this, message), reply, more, edit, remove);
  }

  /** "More actions": the app's shortcuts for messages. */
  shortcuts(message) {
    const { app, store, channelId } = this;
    const known = store.shortcuts.filter(({ type }) => type === "message");
    if (!known.length) return null;
    const entries = known.map(({ name, description, callback_id }) => ({
      label: name,
      detail: `${store.botName}: ${description}`,
      choose: () => app.act("shortcut", { callback_id, channel: channelId, ts: message.ts }),
    }));
    const button = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "More actions",
        title: "More actions",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        onclick: () => openMenu(button, "More actions", entries),
      },
      "⋮",
    );
    return button;
  }

  async remove(message) {
    const sure = await ask({
      title: "Delete message",
      body: "Delete this message? This can't be undone.",
      yes: "Delete",
      no: "Cancel",
      danger: true,
    });
    if (sure) await this.app.act("delete_message", { channel: this.channelId, ts: message.ts });
  }
}
