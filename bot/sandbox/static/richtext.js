/** rich_text blocks, and the small tables and Markdown that newer clients show. */

import { h } from "./dom.js";
import { channelMention, emojiNode, link, mrkdwn, personMention } from "./mrkdwn.js";
import { fillDate } from "./time.js";

const WRAPPERS = { bold: "strong", italic: "em", strike: "del", code: "code" };

function styled(node, style) {
  return Object.entries(WRAPPERS).reduce((inner, [name, tag]) => (style?.[name] ? h(tag, {}, inner) : inner), node);
}

function glyph(element) {
  const points = element.unicode?.split("-").map((code) => Number.parseInt(code, 16));
  return emojiNode(element.name, points ? String.fromCodePoint(...points) : undefined) ?? `:${element.name}:`;
}

/** @type {Object<string, (element: Object, names: import("./mrkdwn.js").Names) => Node|string>} */
const INLINE = {
  text: (element) => element.text,
  link: (element) => link(element.url, element.text || element.url),
  emoji: glyph,
  user: (element, names) => personMention(element.user_id, names),
  channel: (element, names) => channelMention(element.channel_id, names),
  usergroup: () => h("span", { class: "mention" }, "@group"),
  broadcast: (element) => h("span", { class: "mention mention-me" }, `@${element.range}`),
  date: (element, names) => fillDate(element.timestamp, element.format, names.zone),
  color: (element) => h("code", {}, element.value),
};

function inlines(elements, names) {
  return (elements ?? []).map((element) => styled(INLINE[element.type]?.(element, names) ?? "", element.style));
}

function list(element, names) {
  const items = element.elements.map((item) => h("li", {}, inlines(item.elements, names)));
  return h(
    element.style === "ordered" ? "ol" : "ul",
    { style: `--depth: ${element.indent ?? 0}`, start: element.offset ? element.offset + 1 : null },
    items,
  );
}

const PARTS = {
  rich_text_section: (part, names) => h("div", { class: "rich-section" }, inlines(part.elements, names)),
  rich_text_list: list,
  rich_text_quote: (part, names) => h("blockquote", {}, inlines(part.elements, names)),
  rich_text_preformatted: (part, names) => h("pre", {}, h("code", {}, inlines(part.elements, names))),
};

/** @param {{elements: Object[]}} block */
export function richText(block, names) {
  return h(
    "div",
    { class: "mrkdwn rich" },
    (block.elements ?? []).map((part) => PARTS[part.type]?.(part, names)),
  );
}

/** What stands in one cell of a table. */
export function cell(content, names) {
  return content.type === "rich_text" ? richText(content, names) : String(content.text ?? content.value ?? "");
}

/** A table block; its first row is the heading. */
export function table(block, names) {
  const [head, ...rows] = block.rows ?? [];
  const align = (index) => `text-align: ${block.column_settings?.[index]?.align ?? "left"}`;
  const row = (tag, cells) =>
    h(
      "tr",
      {},
      cells.map((content, index) => h(tag, { style: align(index) }, cell(content, names))),
    );
  return h(
    "div",
    { class: "table-scroll", role: "region", "aria-label": "Table", tabindex: "0" },
    h(
      "table",
      {},
      head && h("thead", {}, row("th", head)),
      h(
        "tbody",
        {},
        rows.map((cells) => row("td", cells)),
      ),
    ),
  );
}

/** A Markdown line in mrkdwn's words. */
function toMrkdwn(text) {
  return text
    .replace(/\*\*(.+?)\*\*/g, "\u0001$1\u0001")
    .replace(/(^|\W)\*(\S(?:.*?\S)?)\*(?=\W|$)/g, "$1_$2_")
    .replaceAll("\u0001", "*")
    .replace(/~~(.+?)~~/g, "~$1~")
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, "<$2|$1>");
}

/** A markdown block, shown simply: headings, and the rest by way of mrkdwn. */
export function markdown(block, names) {
  const parts = (block.text ?? "").split(/^(#{1,6} .*)$/m).filter((part) => part.trim());
  const nodes = parts.map((part) =>
    /^#{1,6} /.test(part) ? h("h3", {}, part.replace(/^#+ /, "")) : mrkdwn(toMrkdwn(part.trim()), names),
  );
  return h("div", { class: "markdown" }, nodes);
}
