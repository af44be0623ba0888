/** Block Kit's select menus and their Slack state shapes. */

import { Combobox, filtered } from "./combobox.js";
import { h } from "./dom.js";
import { avatar } from "./people.js";
import { plain, textObject } from "./mrkdwn.js";
import { confirmed } from "./popups.js";

const MIN_QUERY = 3;

/** How long somebody stops typing before the app is asked. */
const TYPING_MS = 150;

/** @returns {import("./combobox.js").Option} */
function optionOf(raw) {
  return {
    value: raw.value,
    label: plain(raw.text),
    detail: raw.description ? plain(raw.description) : undefined,
    raw,
  };
}

function groupsOf(element) {
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  return groups.map((group) => ({
    label: group.label ? plain(group.label) : undefined,
    options: group.options.map(optionOf),
  }));
}

function personOption(id, store) {
  return {
    value: id,
    label: store.personName(id),
    detail: store.users.get(id)?.real_name,
    node: () => avatar(store, id),
    raw: id,
  };
}

function channelOption(id, store) {
  const channel = store.channels.get(id);
  const label = channel && store.isDirect(channel) ? store.title(channel) : `#${store.channelName(id)}`;
  return { value: id, label, raw: id };
}

function allPeople(store) {
  return [...store.users.values()]
    .filter((user) => !user.deleted && user.id !== "USLACKBOT")
    .map((user) => personOption(user.id, store));
}

function conversations(element, store) {
  const include = element.filter?.include ?? ["public", "private", "im"];
  const fits = (channel) =>
    include.includes(store.isDirect(channel) ? "im" : channel.is_private ? "private" : "public");
  return [...store.channels.values()].filter(fits).map((channel) => channelOption(channel.id, store));
}

function publicChannels(_element, store) {
  return [...store.channels.values()]
    .filter((channel) => !store.isDirect(channel))
    .map((channel) => channelOption(channel.id, store));
}

/**
 * The families of selects: the word in their state's key, how an id or option reads, and where the options come from.
 * @type {Object<string, {noun: string, option: Function, load: Function}>}
 */
const FAMILIES = {
  static: { noun: "option", option: optionOf, load: (element) => (query) => filtered(groupsOf(element), query) },
  users: {
    noun: "user",
    option: personOption,
    load:
      (_element, { store }) =>
      (query) =>
        filtered([{ options: allPeople(store) }], query),
  },
  conversations: {
    noun: "conversation",
    option: channelOption,
    load:
      (element, { store }) =>
      (query) =>
        filtered([{ options: conversations(element, store) }], query),
  },
  channels: {
    noun: "channel",
    option: channelOption,
    load:
      (element, { store }) =>
      (query) =>
        filtered([{ options: publicChannels(element, store) }], query),
  },
  external: { noun: "option", option: optionOf, load: externalLoader },
};

function externalLoader(element, surface, field) {
  return async (query) => {
    if (query.length < (element.min_query_length ?? MIN_QUERY)) return [];
    const groups = await surface.suggest(field, element, query);
    return groups.map((group) => ({
      label: group.label ? plain(group.label) : undefined,
      options: group.options.map(optionOf),
    }));
  };
}

function initialOf(element, noun, multiple, surface) {
  const given = element[`initial_${noun}${multiple ? "s" : ""}`];
  const here = element.default_to_current_conversation ? surface.channelId : undefined;
  if (multiple) return given ?? (here ? [here] : []);
  return given ?? here ?? null;
}

/**
 * Draws a select of any family, for one or several choices.
 * @param {Object} element
 * @param {import("./surface.js").Field} field
 * @param {import("./surface.js").Surface} surface
 * @param {Object} attributes
 */
export function select(element, field, surface, attributes) {
  const multiple = element.type.startsWith("multi_");
  const family = FAMILIES[/(?:multi_)?(\w+)_select/.exec(element.type)[1]];
  const key = `selected_${family.noun}${multiple ? "s" : ""}`;
  const state = surface.read(field, element, { [key]: initialOf(element, family.noun, multiple, surface) });
  const box = new Combobox({
    attributes,
    multiple,
    clearable: field.labelled,
    most: element.max_selected_items,
    placeholder: plain(element.placeholder) || (multiple ? "Choose some" : "Choose one"),
    selected: [state[key] ?? []].flat().map((raw) => family.option(raw, surface.store)),
    load: family.load(element, surface, field),
    ...(family === FAMILIES.external && { least: element.min_query_length ?? MIN_QUERY, pause: TYPING_MS }),
    change: async (selected, node) => {
      if (!(await confirmed(element.confirm, (text) => textObject(text, surface.store)))) return false;
      const raws = selected.map(({ raw }) => raw);
      surface.write(field, element, { [key]: multiple ? raws : (raws[0] ?? null) }, node);
      return true;
    },
  });
  return h("div", { class: "select-host" }, box.node);
}
