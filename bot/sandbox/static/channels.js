/** Channels that are not there yet, for this person: making one, and finding one to join. */

import { freshId, h, icon } from "./dom.js";
import { ask, openDialog } from "./popups.js";

function membersText(count) {
  return count === 1 ? "1 member" : `${count} members`;
}

/** Asks for a new channel's name, and makes it. @param {import("./app.js").App} app */
export async function createChannel(app) {
  const id = freshId("field");
  const input = h("input", { class: "text-input", id, autocomplete: "off", placeholder: "for-example-ideas" });
  const body = h("div", { class: "input" }, h("label", { class: "label", for: id }, "Name"), input);
  if (!(await ask({ title: "Create a channel", body, yes: "Create", no: "Cancel" }))) return;
  const name = input.value.trim().toLowerCase().replace(/^#/, "").replace(/\s+/g, "-");
  if (name) await app.enterChannel("create_channel", { name, members: [app.store.me.id] });
}

/** One channel of the list, with the way in. */
function entry(channel, enter) {
  const { name, is_member: inside, is_private: secret, num_members: count } = channel;
  const about = [inside && "Joined", secret && "Private", membersText(count), channel.purpose?.value].filter(Boolean);
  const words = h(
    "span",
    { class: "menu-words" },
    h("strong", {}, `#${name}`),
    h("span", { class: "menu-detail" }, about.join(" · ")),
  );
  const label = `${inside ? "Open" : "Join"} #${name}`;
  return h(
    "li",
    {},
    words,
    h("button", { type: "button", class: "button", "aria-label": label, onclick: enter }, inside ? "Open" : "Join"),
  );
}

/** Shows all channels that this person may know of. @param {import("./app.js").App} app */
export async function browseChannels(app) {
  const answer = await app.act("browse");
  if (!answer.ok) return;
  const titleId = freshId("title");
  const list = h("ul", { class: "browse-list", "aria-live": "polite" });
  const enter = (channel) => () => {
    dialog.close();
    if (channel.is_member) location.hash = channel.id;
    else app.enterChannel("join", { channel: channel.id });
  };
  const show = () => {
    const words = search.value.trim().toLowerCase();
    const fitting = answer.channels.filter(({ name, purpose }) =>
      `#${name} ${purpose?.value}`.toLowerCase().includes(words),
    );
    const nothing = h("li", { class: "muted" }, "No channel fits.");
    list.replaceChildren(...(fitting.length ? fitting.map((channel) => entry(channel, enter(channel))) : [nothing]));
  };
  const search = h("input", {
    class: "text-input",
    type: "search",
    "aria-label": "Search channels",
    placeholder: "Search channels",
    oninput: show,
  });
  const close = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => dialog.close() },
    icon("close"),
  );
  const dialog = h(
    "dialog",
    { class: "question browse", "aria-labelledby": titleId },
    h("header", {}, h("h2", { id: titleId }, "Browse channels"), close),
    h("div", { class: "question-body" }, search, list),
  );
  show();
  openDialog(dialog);
  search.focus();
}
