/** What the page knows: the workspace as one person sees it, kept in step by the stream. */

/**
 * @typedef {Object} Channel Slack's channel object, with
 * @property {string} id
 * @property {string[]} members
 * @property {Object[]} messages Thread replies included, in no certain order.
 * @property {Object[]} ephemerals
 */

const HIDDEN_SUBTYPES = new Set(["message_changed", "message_deleted", "tombstone"]);

function byTime(one, other) {
  return Number(one.ts) - Number(other.ts);
}

/** Puts a message into a list, in place of its earlier version. */
function put(list, message) {
  const at = list.findIndex(({ ts }) => ts === message.ts);
  if (at < 0) list.push(message);
  else list[at] = message;
}

function drop(list, ts) {
  const at = list.findIndex((message) => message.ts === ts);
  if (at >= 0) list.splice(at, 1);
}

/** Which message each channel was read up to, remembered by the browser for each person. */
class ReadMarks {
  constructor(person) {
    this.key = `kantor-sandbox.read.${person}`;
    this.marks = JSON.parse(localStorage.getItem(this.key) ?? "{}");
  }

  get(channel) {
    return this.marks[channel] ?? "0";
  }

  set(channel, ts) {
    this.marks[channel] = ts;
    localStorage.setItem(this.key, JSON.stringify(this.marks));
  }
}

/** The state, its questions, and the changes that the stream brings. Listeners are told once a turn, with all topics that changed. */
export class Store {
  constructor() {
    /** @type {((topics: Set<string>) => void)[]} */
    this.listeners = [];
    this.topics = new Set();
    this.online = true;
    this.localCount = 0;
  }

  /** @param {Object} state The server's answer to /sandbox/state. */
  load(state) {
    this.me = state.me;
    this.team = state.team;
    this.bot = state.bot ?? {};
    this.commands = state.commands ?? [];
    this.shortcuts = state.shortcuts ?? [];
    this.home = state.home ?? null;
    this.views = state.views ?? [];
    this.users = new Map(state.users.map((user) => [user.id, user]));
    /** Everybody's place in the list of people, which is also their colour. */
    this.places = new Map(state.users.map(({ id }, place) => [id, place]));
    const local = this.channels ?? new Map();
    this.channels = new Map(
      state.channels.map((channel) => [
        channel.id,
        { messages: [], ephemerals: [], members: [], ...channel, local: local.get(channel.id)?.local ?? [] },
      ]),
    );
    this.seq = state.seq;
    this.reads = new ReadMarks(state.me.id);
    this.changed("channels", "views", "home", "bot");
  }

  /** @param {(topics: Set<string>) => void} listener Topics: "channels", "views", "home", "bot". */
  subscribe(listener) {
    this.listeners.push(listener);
  }

  changed(...topics) {
    if (!this.topics.size) queueMicrotask(() => this.tell());
    for (const topic of topics) this.topics.add(topic);
  }

  tell() {
    const { topics } = this;
    this.topics = new Set();
    for (const listener of this.listeners) listener(topics);
  }

  /**
   * Takes in one event of the stream.
   * @returns {boolean} False where the page has to read the whole state again.
   */
  apply(event) {
    this.seq = event.seq ?? this.seq;
    const taker = TAKERS[event.type];
    return taker ? taker(this, event) !== false : true;
  }

  /** Shows a line by Slackbot that only this page knows, such as the failure of a command. */
  tellHere(channelId, text, threadTs) {
    const channel = this.channels.get(channelId);
    if (!channel) return;
    this.localCount += 1;
    const newest = Math.max(Date.now() / 1000, ...channel.messages.map(({ ts }) => Number(ts)));
    const ts = (newest + this.localCount / 1_000_000).toFixed(6);
    channel.local.push({ ts, text, user: "USLACKBOT", thread_ts: threadTs, is_ephemeral: true });
    this.changed("channels");
  }

  personName(id) {
    if (id === "USLACKBOT") return "Slackbot";
    const user = this.users.get(id);
    return user?.profile?.display_name || user?.profile?.real_name || user?.real_name || user?.name || id;
  }

  channelName(id) {
    return this.channels.get(id)?.name ?? "private channel";
  }

  get zone() {
    return this.me.tz;
  }

  get meId() {
    return this.me.id;
  }

  get botName() {
    return this.bot.user_id ? this.personName(this.bot.user_id) : this.bot.name;
  }

  isDirect(channel) {
    return Boolean(channel.is_im);
  }

  /** The other person of a DM. */
  otherOf(channel) {
    return channel.user ?? channel.members.find((id) => id !== this.me.id) ?? this.me.id;
  }

  /** What a channel is called for this person: "composers", or "Ben". */
  title(channel) {
    return this.isDirect(channel) ? this.personName(this.otherOf(channel)) : channel.name;
  }

  /** The DM with somebody, where it was opened before. */
  directWith(userId) {
    return [...this.channels.values()].find((channel) => this.isDirect(channel) && this.otherOf(channel) === userId);
  }

  everythingIn(channel) {
    const shown = channel.messages.filter(({ subtype }) => !HIDDEN_SUBTYPES.has(subtype));
    const own = [...channel.ephemerals, ...channel.local].map((message) => ({ ...message, is_ephemeral: true }));
    return [...shown, ...own].sort(byTime);
  }

  /** The messages of a channel's main view, oldest first. */
  timeline(channel) {
    return this.everythingIn(channel).filter(
      ({ ts, thread_ts: thread, subtype }) => !thread || thread === ts || subtype === "thread_broadcast",
    );
  }

  /** A thread's first message and its replies, oldest first. */
  threadOf(channel, threadTs) {
    return this.everythingIn(channel).filter(({ ts, thread_ts: thread }) => ts === threadTs || thread === threadTs);
  }

  /** @returns {Map<string, Object[]>} Replies by the ts of their thread. */
  replies(channel) {
    const threads = new Map();
    for (const message of this.everythingIn(channel)) {
      const { ts, thread_ts: thread } = message;
      if (thread && thread !== ts && !message.is_ephemeral)
        threads.set(thread, [...(threads.get(thread) ?? []), message]);
    }
    return threads;
  }

  isUnread(channel, message) {
    return (
      Number(message.ts) > Number(this.reads.get(channel.id)) &&
      message.user !== this.me.id &&
      message.user !== "USLACKBOT" &&
      message.subtype !== "channel_join"
    );
  }

  /** How many messages wait in a channel, and how many of them ask for attention (DMs and mentions). */
  unread(channel) {
    const waiting = this.timeline(channel).filter((message) => this.isUnread(channel, message));
    const mention = `<@${this.me.id}`;
    const urgent = this.isDirect(channel) ? waiting : waiting.filter(({ text }) => text?.includes(mention));
    return { count: waiting.length, urgent: urgent.length };
  }

  /** Whether a thread has replies by others that this person has not seen. */
  isThreadUnread(channel, threadTs, replies) {
    const mark = Number(this.reads.get(`${channel.id}/${threadTs}`));
    return replies.some(({ ts, user }) => Number(ts) > mark && user !== this.me.id);
  }

  markThreadRead(channel, threadTs) {
    const newest = this.threadOf(channel, threadTs).at(-1);
    const key = `${channel.id}/${threadTs}`;
    if (!newest || Number(newest.ts) <= Number(this.reads.get(key))) return;
    this.reads.set(key, newest.ts);
    this.changed("channels");
  }

  markRead(channel) {
    const newest = this.timeline(channel).at(-1);
    if (!newest || Number(newest.ts) <= Number(this.reads.get(channel.id))) return;
    this.reads.set(channel.id, newest.ts);
    this.changed("channels");
  }
}

function channelOf(store, event) {
  return store.channels.get(event.channel?.id ?? event.channel);
}

/** Changes one list of a channel; an unknown channel asks for the whole state. */
function inChannel(change) {
  return (store, event) => {
    const channel = channelOf(store, event);
    if (!channel) return false;
    change(channel, event);
    store.changed("channels");
    return true;
  };
}

function tsOf(event) {
  return event.message?.ts ?? event.ts ?? event.deleted_ts;
}

function takeViews(store, event) {
  const known = new Map([...store.views, event.view].filter(Boolean).map((view) => [view.id, view]));
  const stack = (event.stack ?? []).map((entry) => (typeof entry === "string" ? known.get(entry) : entry));
  if (stack.includes(undefined)) return false;
  store.views = stack;
  store.changed("views");
  return true;
}

function takeChannel(store, event) {
  const known = channelOf(store, event);
  if (!known || event.channel.members?.includes(store.me.id) === false) return false;
  Object.assign(known, event.channel, {
    messages: event.channel.messages ?? known.messages,
    ephemerals: event.channel.ephemerals ?? known.ephemerals,
  });
  store.changed("channels");
  return true;
}

/** @type {Object<string, (store: Store, event: Object) => boolean>} */
const TAKERS = {
  message: inChannel((channel, { message }) => put(channel.messages, message)),
  message_changed: inChannel((channel, { message }) => put(channel.messages, message)),
  message_deleted: inChannel((channel, event) => drop(channel.messages, tsOf(event))),
  ephemeral: inChannel((channel, { message }) => put(channel.ephemerals, message)),
  ephemeral_deleted: inChannel((channel, event) => drop(channel.ephemerals, tsOf(event))),
  view_opened: takeViews,
  view_updated: takeViews,
  view_closed: takeViews,
  channel: takeChannel,
  reset: () => false,
  home: (store, { view }) => {
    store.home = view;
    store.changed("home");
    return true;
  },
  bot: (store, { connected }) => {
    store.bot = { ...store.bot, connected };
    store.changed("bot");
    return true;
  },
};
