/** What people do with messages that are there: react to them, and edit their own. */

import { h, icon } from "./dom.js";
import { emoji } from "./emoji.js";
import { openMenu } from "./popups.js";

/** What the menu offers, the most used first. */
const OFFERED = ["+1", "heart", "tada", "eyes", "white_check_mark", "clap", "fire", "notes", "thinking_face", "-1"];

function react(log, message, name) {
  const mine = message.reactions?.some((one) => one.name === name && one.users.includes(log.store.me.id));
  log.app.act(mine ? "unreact" : "react", { channel: log.channelId, ts: message.ts, name });
}

/** The reactions below a message; a click joins in, or takes one's own away. */
export function reactions(log, message) {
  if (!message.reactions?.length) return null;
  const { store } = log;
  const pill = ({ name, count, users = [] }) => {
    const mine = users.includes(store.me.id);
    const said = `${users.map((id) => store.personName(id)).join(", ")} reacted with :${name}:`;
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: mine ? "mine" : "", title: said, "aria-pressed": String(mine), onclick: () => react(log, message, name) },
        emoji(name) ?? `:${name}:`,
        ` ${count ?? users.length}`,
      ),
    );
  };
  return h("ul", { class: "reactions", "aria-label": "Reactions" }, message.reactions.map(pill));
}

/** A menu of emoji. */
export function reactButton(log, message) {
  const entries = OFFERED.map((name) => ({ label: `${emoji(name)} :${name}:`, choose: () => react(log, message, name) }));
  const button = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Add reaction",
      title: "Add reaction",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: () => openMenu(button, "Add reaction", entries),
    },
    "☺",
  );
  return button;
}

/** Marked-up text as it was typed: names and channels in the place of ids. */
function asTyped(text, store) {
  return text
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id) => `@${store.personName(id)}`)
    .replace(/<(https?:[^|>]+)(?:\|[^>]*)?>/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function editor(log, message, article) {
  const content = article.querySelector(".content");
  const before = [...content.childNodes];
  const box = h("textarea", { class: "text-input", rows: "2", "aria-label": "Edit message" });
  box.value = asTyped(message.text, log.store);
  const stop = () => content.replaceChildren(...before);
  const save = async () => {
    const answer = await log.app.act("edit_message", { channel: log.channelId, ts: message.ts, text: box.value });
    if (answer?.ok !== false) stop();
  };
  const keys = (event) => {
    if (event.key === "Escape") stop();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    save();
  };
  box.addEventListener("keydown", keys);
  const press = (label, onclick, style = "") => h("button", { type: "button", class: `button ${style}`, onclick }, label);
  content.replaceChildren(box, h("div", { class: "actions" }, press("Save", save, "primary"), press("Cancel", stop)));
  box.focus();
}

/** "Edit message", on one's own words. */
export function editButton(log, message) {
  return h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Edit message",
      title: "Edit message",
      onclick: ({ currentTarget }) => editor(log, message, currentTarget.closest("article")),
    },
    "✎",
  );
}
