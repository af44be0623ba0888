/** Faces and names: coloured initials made by code, and the switcher between people. */

import { h, icon } from "./dom.js";
import { openMenu } from "./popups.js";

const COLOURS = 8;

function initials(name) {
  const words = name
    .replace(/[^\p{L}\p{N} ]/gu, "")
    .split(/\s+/)
    .filter(Boolean);
  return (
    words
      .slice(0, 2)
      .map((word) => word[0].toUpperCase())
      .join("") || "?"
  );
}

/**
 * @param {import("./store.js").Store} store
 * @param {string} id A user, or "USLACKBOT".
 * @param {string} [name] Where a message brings its own.
 */
export function avatar(store, id, name = store.personName(id)) {
  const isApp = id === store.bot.user_id;
  const colour = isApp ? "app" : (store.places.get(id) ?? 0) % COLOURS;
  const props = { class: `avatar avatar-${colour}`, "aria-hidden": "true" };
  return isApp ? h("span", props, icon("note")) : h("span", { ...props, dataset: { initials: initials(name) } });
}

/** "Demo participant", from "Ada (demo participant)". */
function roleOf(user) {
  const role = /\(([^)]+)\)/.exec(user.real_name ?? user.profile?.real_name ?? "")?.[1] ?? user.profile?.title ?? "";
  return role.charAt(0).toUpperCase() + role.slice(1);
}

function isSwitchable(user) {
  return !user.deleted && !user.is_bot && user.id !== "USLACKBOT";
}

/**
 * The button that shows who you are, with a menu of everybody you can be.
 * @param {import("./store.js").Store} store
 * @param {(id: string) => void} choose
 */
export function personSwitcher(store, choose) {
  const { me } = store;
  const entry = (user) => ({
    label: store.personName(user.id),
    detail: roleOf(user),
    node: avatar(store, user.id),
    href: `?as=${user.id}`,
    current: user.id === me.id,
    choose: () => choose(user.id),
  });
  const open = (event) =>
    openMenu(event.currentTarget, "Switch person", [...store.users.values()].filter(isSwitchable).map(entry));
  const name = store.personName(me.id);
  return h(
    "button",
    {
      type: "button",
      class: "switcher",
      "aria-label": `Switch person (you are ${name})`,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: open,
    },
    avatar(store, me.id),
    h("span", { class: "switcher-words", dataset: { role: roleOf(me) } }, h("strong", {}, name)),
    icon("updown"),
  );
}

/** The same as a mere face, for a header where there is no room. */
export function smallSwitcher(store, choose) {
  const button = personSwitcher(store, choose);
  button.className = "switcher-face";
  button.replaceChildren(avatar(store, store.me.id));
  return button;
}

/** A menu of people to write to. */
export function choosePerson(anchor, store, choose) {
  const others = [...store.users.values()].filter(
    (user) => !user.deleted && user.id !== "USLACKBOT" && user.id !== store.me.id,
  );
  openMenu(
    anchor,
    "New message to",
    others.map((user) => ({
      label: store.personName(user.id),
      detail: roleOf(user),
      node: avatar(store, user.id),
      choose: () => choose(user.id),
    })),
  );
}
