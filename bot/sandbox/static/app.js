/** The page's front door: who you are, where you are, and what ties the parts together. */

import { Api, Stream } from "./api.js";
import { useDraftsOf } from "./composer.js";
import { Modals } from "./modals.js";
import { Pane } from "./pane.js";
import { toast } from "./popups.js";
import { Sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { useFormsOf } from "./surface.js";
import { ThreadPane } from "./threads.js";

const REMEMBERED = "kantor-sandbox.person";
const FIRST_PERSON = ""; // whoever is the workspace's first

/** Whether this is one of two windows side by side. */
const framed = parent !== window;

/** A failure comes as an act's answer and on the stream: it is shown once within this time, by the answer where there is one. */
const REPEAT_MS = 4000;
const ANSWER_MS = 400;

function personOfAddress() {
  return new URLSearchParams(location.search).get("as") ?? localStorage.getItem(REMEMBERED) ?? FIRST_PERSON;
}

export class App {
  constructor() {
    this.store = new Store();
    this.framed = framed;
    /** @type {{app: boolean, messages: boolean, channelId: ?string, thread: ?string}} */
    this.place = { app: false, messages: false, channelId: null, thread: null };
    this.told = new Map();
    this.modals = new Modals(this);
    this.sidebar = new Sidebar(this);
    this.pane = new Pane(this);
    this.thread = new ThreadPane(this);
    this.store.subscribe((topics) => this.update(topics));
    addEventListener("hashchange", () => this.go());
    document.addEventListener("visibilitychange", () => this.pane.markRead());
    document.getElementById("jump").addEventListener("click", () => this.pane.jump());
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  // Who

  /** Becomes a person: reads all that they see, and follows it live. */
  async become(person) {
    this.stream?.close();
    this.modals.clear();
    this.api = new Api(person);
    const state = await this.api.state();
    if (!state.ok) return this.startAgain(person, state);
    person = this.api.person = state.me.id;
    this.rememberPerson(person, state.me);
    useDraftsOf(person);
    useFormsOf(
      person,
      (state.views ?? []).map(({ id }) => id),
    );
    history.replaceState(null, "", `?as=${person}${location.hash}`);
    this.store.channels = undefined;
    this.store.load(state);
    this.sidebar.build();
    this.follow();
    return this.go();
  }

  /** Side by side, the page around remembers who looks where. */
  rememberPerson(person, { name, profile }) {
    if (framed) parent.postMessage({ person, name: profile?.display_name || name }, location.origin);
    else localStorage.setItem(REMEMBERED, person);
  }

  startAgain(person, { error, text }) {
    const unknown = error !== "unreachable" && person !== FIRST_PERSON;
    if (!unknown) toast(text ?? "The workspace gave no answer. Reload the page to try again.");
    return unknown ? this.become(FIRST_PERSON) : undefined;
  }

  follow() {
    this.stream = new Stream(this.api.person, {
      since: this.store.seq,
      onEvent: (event) => this.take(event),
      onBroken: () => this.setOnline(false),
      onRetry: () => this.reload(),
    });
  }

  setOnline(online) {
    this.store.online = online;
    this.store.changed("bot");
  }

  /** Reads the whole state again. @returns {Promise<?number>} Its number, or null where the server is away. */
  async reload() {
    const { api } = this;
    const state = await api.state();
    if (!state.ok || api !== this.api) return null;
    this.store.load(state);
    this.setOnline(true);
    if (!this.store.channels.has(this.place.channelId) && !this.place.app) this.go();
    return state.seq;
  }

  take(event) {
    if (event.type === "notice") setTimeout(() => this.tell(event), ANSWER_MS);
    else if (!this.store.apply(event)) this.reload();
  }

  /** Remembers that a failure was shown, so that the same news on the stream is not shown again. */
  heard({ channel, view_id: viewId, text }) {
    this.told.set(`${channel ?? viewId} ${text}`, Date.now());
  }

  isHeard({ channel, view_id: viewId, text }) {
    return Date.now() - (this.told.get(`${channel ?? viewId} ${text}`) ?? 0) < REPEAT_MS;
  }

  /** Shows what Slack shows where the app failed. */
  tell(notice) {
    const { channel, view_id: viewId, text } = notice;
    if (this.isHeard(notice)) return;
    this.heard(notice);
    if (viewId && this.modals.open.has(viewId)) this.modals.notice(viewId, text);
    else if (channel && this.store.channels.has(channel)) this.store.tellHere(channel, text);
    else toast(text);
  }

  // Where

  /** The app's DM, where it was opened. */
  get appChannel() {
    return this.store.directWith(this.store.bot.user_id);
  }

  channelHref(channelId) {
    return channelId === this.appChannel?.id ? "#app/messages" : `#${channelId}`;
  }

  threadHref(channelId, ts) {
    return `${this.channelHref(channelId)}/${ts}`;
  }

  placeTitle() {
    const { channelId, app } = this.place;
    if (app) return this.store.botName;
    const channel = this.store.channels.get(channelId);
    if (!channel) return "Kantor Sandbox";
    return this.store.isDirect(channel) ? this.store.title(channel) : `#${channel.name}`;
  }

  /** Reads the place from the address: `#C0COMPOSERS/TS`, `#app`, `#app/messages/TS`. */
  readPlace() {
    const [name, ...rest] = decodeURIComponent(location.hash.slice(1)).split("/");
    if (name === "app") return this.appPlace(rest[0] === "messages", rest[1]);
    if (name && name === this.appChannel?.id) return this.appPlace(true, rest[0]);
    const all = [...this.store.channels.values()];
    const known = all.find((channel) => name && [channel.id, channel.name].includes(name)) ?? this.firstChannel(all);
    if (!known) return this.appPlace(false);
    return { app: false, messages: true, channelId: known.id, thread: known.id === name ? (rest[0] ?? null) : null };
  }

  appPlace(messages, thread = null) {
    return {
      app: true,
      messages,
      channelId: messages ? (this.appChannel?.id ?? null) : null,
      thread: messages ? thread : null,
    };
  }

  /** Where a person arrives: where the app works. */
  firstChannel(all) {
    const others = all.filter((channel) => channel !== this.appChannel);
    const withApp = others.filter(
      (channel) => !this.store.isDirect(channel) && channel.members?.includes(this.store.bot.user_id),
    );
    return withApp.find((channel) => !channel.is_general) ?? withApp[0] ?? others[0];
  }

  /** Shows what the address names. */
  async go() {
    const before = this.place;
    const place = this.readPlace();
    if (place.app && place.messages && !place.channelId) return this.writeTo(this.store.bot.user_id);
    this.place = place;
    document.body.dataset.pane = location.hash.length > 1 ? (place.thread ? "thread" : "main") : "nav";
    const moved =
      place.channelId !== before.channelId ||
      place.app !== before.app ||
      place.messages !== before.messages ||
      this.shownFor !== this.api;
    const arriving = !this.shownFor;
    this.shownFor = this.api;
    if (moved) this.pane.show();
    this.thread.show(place.channelId, place.thread);
    this.update(new Set(["channels", "views"]));
    if (place.app && moved) this.openHome();
    if (moved && !arriving && document.activeElement === document.body) this.pane.focus();
    return undefined;
  }

  openHome() {
    if (!this.place.messages) this.act("open_home");
  }

  /** Goes back to the list of channels, where the window is narrow. */
  showNav() {
    document.body.dataset.pane = "nav";
    history.replaceState(null, "", `${location.pathname}${location.search}`);
  }

  update(topics) {
    if (!this.api || !this.store.me) return;
    if (topics.has("channels") || topics.has("bot")) this.sidebar.update();
    if (topics.has("views")) this.modals.update();
    this.pane.update();
    this.thread.update();
  }

  onKey(event) {
    if (event.key === "Escape" && this.place.thread && !document.querySelector("dialog[open], .popup"))
      location.hash = this.channelHref(this.place.channelId);
  }

  // What

  /** Does something, and shows the text of a failure. */
  async act(verb, body = {}) {
    const answer = await this.api.act(verb, body);
    if (!answer.ok) toast(answer.text ?? `That didn't work (${answer.error}).`);
    return answer;
  }

  async upload(place, files) {
    const answer = await this.api.upload(place, files);
    if (!answer.ok) toast(answer.text ?? "This upload didn't work. Try again?");
    return answer;
  }

  /** Runs a slash command. Its failure is told in the channel. @returns {Promise<boolean>} */
  async command(channel, text) {
    const answer = await this.api.act("command", { channel, text });
    if (!answer.ok) this.tell({ channel, text: answer.text ?? `That didn't work (${answer.error}).` });
    return true;
  }

  /** Opens the direct messages with somebody. */
  async writeTo(userId) {
    const answer = await this.act("open_dm", { user: userId });
    if (!answer.ok) return;
    const id = answer.channel?.id ?? answer.channel;
    if (!this.store.channels.has(id)) await this.reload();
    const href = userId === this.store.bot.user_id ? "#app/messages" : `#${id}`;
    if (location.hash === href) await this.go();
    else location.hash = href;
  }

  /** Does what gives a channel (`create_channel`, `join`), and goes there. */
  async enterChannel(verb, body) {
    const answer = await this.act(verb, body);
    if (!answer.ok) return;
    await this.reload();
    location.hash = answer.channel.id;
  }
}

const app = new App();
app.become(personOfAddress());
