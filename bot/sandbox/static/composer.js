/** Where messages are written: Enter sends, files by button, drop or paste, help for slash commands, @people and #channels. */

import { builtins, runBuiltin } from "./builtins.js";
import { freshId, h, icon } from "./dom.js";
import { fileChip } from "./files.js";
import { avatar } from "./people.js";
import { openMenu } from "./popups.js";

const MOST_SUGGESTIONS = 8;

/** Drafts by place; they survive looking elsewhere, and their words a reload. */
const DRAFTS = new Map();

let keptUnder = "";

/** Begins with what a person had written without sending it. */
export function useDraftsOf(person) {
  keptUnder = `kantor-sandbox.drafts.${person}`;
  DRAFTS.clear();
  const kept = JSON.parse(sessionStorage.getItem(keptUnder) ?? "[]");
  for (const [place, text] of kept) DRAFTS.set(place, { text, files: [] });
}

function keepDrafts() {
  const begun = [...DRAFTS].filter(([, { text }]) => text).map(([place, { text }]) => [place, text]);
  sessionStorage.setItem(keptUnder, JSON.stringify(begun));
}

export class Composer {
  /**
   * @param {import("./app.js").App} app
   * @param {string} channelId
   * @param {string} label The text box's name, "Message #composers".
   * @param {import("./messages.js").MessageLog} log Where what is sent appears.
   * @param {?string} threadTs
   */
  constructor(app, channelId, label, log, threadTs = null) {
    Object.assign(this, { app, store: app.store, channelId, log, threadTs });
    this.key = `${channelId} ${threadTs ?? ""}`;
    this.draft = DRAFTS.get(this.key) ?? { text: "", files: [] };
    DRAFTS.set(this.key, this.draft);
    this.listId = freshId("suggestions");
    this.build(label);
    this.showFiles();
    requestAnimationFrame(() => this.fit());
  }

  build(label) {
    this.box = h("textarea", {
      rows: 1,
      "aria-label": label,
      placeholder: label,
      value: this.draft.text,
      "aria-controls": this.listId,
      "aria-autocomplete": "list",
      enterkeyhint: "send",
    });
    this.box.addEventListener("input", () => this.onInput());
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    this.box.addEventListener("click", () => this.suggest());
    this.box.addEventListener("blur", () => this.hideSuggestions());
    this.box.addEventListener("paste", (event) => this.onPaste(event));
    this.chips = h("ul", { class: "chips", "aria-label": "Files to send" });
    this.input = h("input", { type: "file", multiple: true, class: "visually-hidden", "aria-label": "Attach files" });
    this.input.addEventListener("change", () => this.onChosen());
    this.send = h("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send"));
    this.popup = h("div", { class: "suggestions", id: this.listId, hidden: true });
    const attach = h("label", { class: "icon-button", title: "Attach files" }, this.input, icon("attach"));
    this.node = h(
      "form",
      { class: "composer" },
      this.popup,
      h("div", { class: "composer-box" }, this.box, this.chips, h("div", { class: "composer-bar" }, attach, this.shortcuts(), this.send)),
    );
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  /** The app's global shortcuts. */
  shortcuts() {
    const { app, store } = this;
    const known = store.shortcuts.filter(({ type }) => type === "global");
    if (!known.length) return null;
    const entries = known.map(({ name, description, callback_id }) => ({
      label: name,
      detail: `${store.botName}: ${description}`,
      choose: () => app.act("shortcut", { callback_id }),
    }));
    const button = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Shortcuts",
        title: "Shortcuts",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        onclick: () => openMenu(button, "Shortcuts", entries),
      },
      "⚡",
    );
    return button;
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, innerHeight * 0.4)}px`;
    this.send.classList.toggle("ready", Boolean(this.box.value.trim() || this.draft.files.length));
  }

  /** What the box holds; a reload loses nothing of it. */
  keep(text) {
    this.box.value = text;
    this.draft.text = text;
    keepDrafts();
  }

  onInput() {
    this.draft.text = this.box.value;
    keepDrafts();
    this.fit();
    this.suggest();
  }

  onChosen() {
    this.addFiles([...this.input.files]);
    this.input.value = "";
  }

  onPaste(event) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    this.addFiles(files);
  }

  addFiles(files) {
    this.draft.files.push(...files);
    this.showFiles();
    this.focus();
  }

  showFiles() {
    const remove = (file) => () => {
      this.draft.files.splice(this.draft.files.indexOf(file), 1);
      this.showFiles();
    };
    this.chips.replaceChildren(...this.draft.files.map((file) => fileChip(file, remove(file))));
    this.fit();
  }

  onKey(event) {
    const { key } = event;
    const open = this.options?.length && !this.popup.hidden;
    if (event.isComposing) return;
    if (open && key === "ArrowDown") this.activate(this.active + 1);
    else if (open && key === "ArrowUp") this.activate(this.active - 1);
    else if (!this.popup.hidden && key === "Escape") this.hideSuggestions();
    else if (open && (key === "Tab" || key === "Enter") && !this.isTyped(this.options[this.active]))
      this.take(this.options[this.active]);
    else if (key === "Enter" && !event.shiftKey) this.submit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether an option stands in the box already, so that Enter sends. */
  isTyped(option) {
    const typed = this.box.value.slice(option.from, this.box.selectionStart);
    return typed.trim().toLowerCase() === option.text.trim().toLowerCase();
  }

  // Suggestions

  suggest() {
    const { box } = this;
    const before = box.value.slice(0, box.selectionStart);
    const command = /^\/(\S*)(\s?)/.exec(box.value);
    const word = /(?:^|\s)([@#])([\p{L}\p{N}_-]*)$/u.exec(before);
    if (command && !this.threadTs && !word) this.suggestCommands(command[0].trim(), Boolean(command[2]));
    else if (word) this.offer(word[1] === "@" ? this.people(word[2]) : this.channels(word[2]));
    else this.hideSuggestions();
  }

  suggestCommands(typed, complete) {
    const fits = ({ command }) => (complete ? command === typed : command.startsWith(typed));
    const { commands, bot, botName } = this.store;
    const face = () => avatar(this.store, bot.user_id);
    const own = builtins.filter((entry) => fits(entry) && !commands.some(({ command }) => command === entry.command));
    const known = [
      ...commands.filter(fits).map((entry) => ({ ...entry, detail: `${botName}: ${entry.description}`, node: face })),
      ...own.map((entry) => ({ ...entry, detail: entry.description })),
    ];
    const option = ({ command, usage_hint: hint, detail, node }) => ({
      text: `${command} `,
      from: 0,
      label: command,
      hint,
      detail,
      node,
    });
    this.offer(known.map(option), complete);
  }

  people(query) {
    const start = query.toLowerCase();
    const fits = (user) =>
      !user.deleted &&
      user.id !== "USLACKBOT" &&
      [this.store.personName(user.id), user.name].some((name) => name?.toLowerCase().startsWith(start));
    return [...this.store.users.values()]
      .filter(fits)
      .map((user) =>
        this.word(`@${this.store.personName(user.id)}`, user.real_name, () => avatar(this.store, user.id)),
      );
  }

  channels(query) {
    const named = [...this.store.channels.values()].filter(({ name }) => name?.startsWith(query.toLowerCase()));
    return named.map(({ name }) => this.word(`#${name}`));
  }

  word(label, detail, node) {
    const start = this.box.value.slice(0, this.box.selectionStart).search(/[@#][\p{L}\p{N}_-]*$/u);
    return { text: `${label} `, from: start, label, detail, node };
  }

  /** Shows options, or (`passive`) only help for what is typed. */
  offer(options, passive = false) {
    const shown = options.slice(0, MOST_SUGGESTIONS);
    if (!shown.length) {
      this.hideSuggestions();
      return;
    }
    this.options = passive ? [] : shown;
    const rows = shown.map((option) => this.suggestion(option, passive));
    this.rows = rows;
    this.popup.replaceChildren(h("div", { role: passive ? "note" : "listbox", "aria-label": "Suggestions" }, rows));
    this.popup.hidden = false;
    if (!passive) this.activate(0);
  }

  suggestion(option, passive) {
    const onpointerdown = (event) => {
      event.preventDefault();
      this.take(option);
    };
    const words = h(
      "span",
      { class: "menu-words" },
      h("span", {}, h("strong", {}, option.label), option.hint && h("span", { class: "muted" }, ` ${option.hint}`)),
      option.detail && h("span", { class: "menu-detail" }, option.detail),
    );
    return h(
      "div",
      {
        class: "suggestion",
        role: passive ? null : "option",
        id: freshId("suggestion"),
        onpointerdown: passive ? null : onpointerdown,
      },
      option.node?.(),
      words,
    );
  }

  activate(index) {
    this.active = (index + this.rows.length) % this.rows.length;
    this.rows.forEach((row, at) => {
      row.classList.toggle("active", at === this.active);
      row.setAttribute("aria-selected", String(at === this.active));
    });
    this.box.setAttribute("aria-activedescendant", this.rows[this.active].id);
  }

  take(option) {
    const { box } = this;
    const rest = box.value.slice(
      option.from === 0 && option.text.startsWith("/") ? box.value.length : box.selectionStart,
    );
    box.value = box.value.slice(0, option.from) + option.text + rest;
    box.selectionStart = box.selectionEnd = box.value.length - rest.length;
    this.onInput();
  }

  hideSuggestions() {
    this.popup.hidden = true;
    this.options = [];
    this.box.removeAttribute("aria-activedescendant");
  }

  // Sending

  async submit() {
    const text = this.box.value.trim();
    const files = [...this.draft.files];
    if (!text && !files.length) return;
    const restore = { text: this.box.value, files };
    this.clear();
    this.log.toBottom();
    const done = await this.deliver(text, files);
    if (!done && !this.box.value) this.bringBack(restore);
  }

  clear() {
    this.keep("");
    this.draft.files.length = 0;
    this.hideSuggestions();
    this.showFiles();
  }

  bringBack({ text, files }) {
    this.keep(text);
    this.draft.files.push(...files);
    this.showFiles();
  }

  /** @returns {Promise<boolean>} Whether it has gone, or the person was told why not by the workspace. */
  async deliver(text, files) {
    const { app, channelId: channel, threadTs } = this;
    const place = { channel, thread_ts: threadTs ?? undefined };
    if (files.length) return this.upload(place, text, files);
    if (text.startsWith("/") && threadTs) return this.refuseCommand(text);
    if (text.startsWith("/")) return (await runBuiltin(app, channel, text)) || app.command(channel, text);
    const answer = await app.act("say", { ...place, text });
    return answer.ok;
  }

  refuseCommand(text) {
    this.store.tellHere(
      this.channelId,
      `\`${text.split(/\s/)[0]}\` is not supported in threads. Sorry!`,
      this.threadTs,
    );
    return true;
  }

  async upload(place, text, files) {
    this.node.setAttribute("aria-busy", "true");
    const answer = await this.app.upload({ ...place, text }, files);
    this.node.removeAttribute("aria-busy");
    return answer.ok;
  }
}
