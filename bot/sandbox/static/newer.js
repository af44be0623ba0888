/** The blocks of 2026 that hold other things: alerts, cards, containers, tasks, and small buttons below an answer. */

import { freshId, h } from "./dom.js";
import { link, plain, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const LEVELS = { default: "ℹ", info: "ℹ", warning: "⚠", error: "⛔", success: "✓" };
const STATES = { pending: "○", in_progress: "◐", complete: "✓", error: "✗" };

export function alert(block, { store }) {
  const level = block.level ?? "default";
  const sign = h("span", { class: "alert-sign", "aria-hidden": "true" }, LEVELS[level]);
  return h("div", { class: `alert alert-${level}`, role: "note" }, sign, textObject(block.text, store));
}

/** @param {{image: function, button: function}} draw How this surface shows a picture and a button. */
export function card(block, { store }, draw) {
  const words = (key) => block[key] && h("div", { class: `card-${key}` }, textObject(block[key], store));
  const head = h("div", { class: "card-head" }, block.icon && draw.image(block.icon, "card-icon"), h("div", {}, words("title"), words("subtitle")));
  const buttons = block.actions && h("div", { class: "actions" }, block.actions.map((one) => draw.button(block, one)));
  return h("article", { class: "card" }, block.hero_image && draw.image(block.hero_image, "card-hero"), head, words("body"), buttons);
}

export function carousel(block, surface, draw) {
  const cards = block.elements.map((one) => h("li", {}, card(one, surface, draw)));
  return h("ul", { class: "carousel", tabindex: "0", "aria-label": "Cards" }, cards);
}

/** @param {(blocks: Object[]) => HTMLElement} inside Draws the blocks within. */
export function container(block, { store }, draw, inside) {
  const title = block.rich_text_title ? richText(block.rich_text_title, store) : plain(block.title);
  const subtitle = block.subtitle && h("div", { class: "container-subtitle" }, textObject(block.subtitle, store));
  const head = [block.icon && draw.image(block.icon, "card-icon"), h("div", {}, h("div", { class: "container-title" }, title), subtitle)];
  const className = `container container-${block.width ?? "standard"}`;
  const body = inside(block.child_blocks);
  if (block.is_collapsible) {
    return h("details", { class: className, open: !block.default_collapsed }, h("summary", {}, head), body);
  }
  const id = freshId("container");
  const header = h("div", { class: `container-head ${block.has_header_divider ? "divided" : ""}`, id }, head);
  return h("section", { class: className, "aria-labelledby": id }, header, body);
}

export function taskCard(block, { store }) {
  const state = block.status.replaceAll("_", " ");
  const sources = block.sources?.length && h("div", { class: "task-sources" }, block.sources.map(({ url, text }) => link(url, text)));
  const more = [block.details && richText(block.details, store), block.output && richText(block.output, store), sources].filter(Boolean);
  const title = [
    h("span", { class: `task-state task-${block.status}`, role: "img", "aria-label": state, title: state }, STATES[block.status]),
    h("span", {}, block.title),
  ];
  if (!more.length) return h("div", { class: "task" }, h("div", { class: "task-title" }, title));
  return h("details", { class: "task", open: block.status === "in_progress" }, h("summary", { class: "task-title" }, title), more);
}

export function plan(block, surface) {
  const done = (block.tasks ?? []).filter(({ status }) => status === "complete").length;
  const head = h("div", { class: "plan-title" }, block.title, h("span", { class: "plan-count" }, ` ${done} of ${(block.tasks ?? []).length} done`));
  return h("section", { class: "plan" }, head, (block.tasks ?? []).map((task) => taskCard(task, surface)));
}

/** Thumbs and icons below an answer. */
export function contextActions(block, surface) {
  const press = (element, told) => (event) => surface.dispatch({ blockId: block.block_id }, element, told, event.currentTarget);
  const small = (label, sign, onclick) => h("button", { type: "button", class: "button small", "aria-label": label, title: label, onclick }, sign);
  const feedback = (element) =>
    [
      ["positive_button", "👍"],
      ["negative_button", "👎"],
    ].map(([key, sign]) => {
      const { text, value, accessibility_label: said } = element[key];
      return small(said ?? plain(text), sign, press(element, { text, value }));
    });
  const icon = (element) =>
    small(element.accessibility_label ?? plain(element.text), element.icon === "trash" ? "🗑" : plain(element.text), press(element, { value: element.value }));
  const shown = ({ visible_to_user_ids: only }) => !only?.length || only.includes(surface.store.meId);
  return h(
    "div",
    { class: "context-actions" },
    block.elements.filter(shown).map((element) => (element.type === "feedback_buttons" ? feedback(element) : icon(element))),
  );
}
