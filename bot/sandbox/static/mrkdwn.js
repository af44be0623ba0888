/** Slack's mrkdwn, as DOM nodes: *bold*, _italic_, ~strike~, `code`, fences, > quotes, lists, links, mentions, emoji, dates. */

import { emoji, withEmoji } from "./emoji.js";
import { h } from "./dom.js";
import { exact, fillDate } from "./time.js";

/**
 * @typedef {Object} Names What ids are called; see `Store`.
 * @property {(id: string) => string} personName
 * @property {(id: string) => string} channelName
 * @property {string} [zone] The reader's time zone.
 * @property {string} [meId]
 */

const STYLES = { "*": "strong", _: "em", "~": "del" };
const TOKEN = /<([^<>\n]+)>|`([^`\n]+)`|:([a-z0-9_+'-]+):|(https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)'"\]])|([*_~])/gi;
const WORD = /[\p{L}\p{N}]/u;

/** Undoes Slack's three escapes. */
export function unescape(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** A link, where the address is one that may be followed; otherwise only its text. */
export function link(address, children) {
  if (!/^(https?:|mailto:|tel:)/i.test(address)) return h("span", {}, children);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children);
}

/** @param {Names} names */
export function personMention(id, names) {
  return h("span", { class: id === names.meId ? "mention mention-me" : "mention" }, `@${names.personName(id)}`);
}

/** @param {Names} names */
export function channelMention(id, names, label) {
  return h("a", { class: "mention", href: `#${id}` }, `#${label || names.channelName(id)}`);
}

/** `<!date^SECONDS^PATTERN^LINK|FALLBACK>` */
function dateNode(parts, fallback, names) {
  const [, seconds, pattern, address] = parts;
  if (!Number.isFinite(Number(seconds)) || !pattern) return fallback;
  const text = fillDate(Number(seconds), pattern, names.zone);
  const time = h("time", { title: exact(new Date(Number(seconds) * 1000), names.zone) }, text);
  return address ? link(address, time) : time;
}

/** What stands between < and >. */
function angled(body, names) {
  const [target, ...rest] = body.split("|");
  const label = unescape(rest.join("|"));
  if (/^@[UWB]/.test(target)) return personMention(target.slice(1), names);
  if (/^#[CGD]/.test(target)) return channelMention(target.slice(1), names, label);
  if (target.startsWith("!date^")) return dateNode(target.split("^"), label, names);
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, label || "@group");
  if (target.startsWith("!"))
    return h("span", { class: "mention mention-me" }, `@${label || target.slice(1).split("^")[0]}`);
  return link(unescape(target), label ? inline(rest.join("|"), names) : unescape(target).replace(/^mailto:/, ""));
}

/** The index of the mark that closes the one at `start`, or -1. */
function closing(text, start) {
  const mark = text[start];
  const before = text[start - 1] ?? " ";
  if (WORD.test(before) || before === mark || /\s/.test(text[start + 1] ?? " ") || text[start + 1] === mark) return -1;
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === "<") at = Math.max(at, text.indexOf(">", at));
    else if (text[at] === "`" && text.indexOf("`", at + 1) > 0) at = text.indexOf("`", at + 1);
    else if (text[at] === mark && at > start + 1 && !/\s/.test(text[at - 1]) && !WORD.test(text[at + 1] ?? " "))
      return at;
  }
  return -1;
}

/** One found token -> [node or null where it is only text, index after it]. */
function tokenNode(match, text, names) {
  const [whole, body, code, shortcode, address, mark] = match;
  const end = match.index + whole.length;
  if (body) return [angled(body, names), end];
  if (code) return [h("code", {}, unescape(code)), end];
  if (shortcode) return [emojiNode(shortcode), end];
  if (address) return [link(unescape(address), unescape(address)), end];
  const close = closing(text, match.index);
  if (close < 0) return [null, end];
  return [h(STYLES[mark], {}, inline(text.slice(match.index + 1, close), names)), close + 1];
}

/** @returns {?HTMLElement} */
export function emojiNode(name, character = emoji(name)) {
  return character
    ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, character)
    : null;
}

/** @returns {(Node|string)[]} */
function inline(text, names) {
  const nodes = [];
  const token = new RegExp(TOKEN);
  let plainFrom = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [node, end] = tokenNode(match, text, names);
    token.lastIndex = end;
    if (!node) continue;
    nodes.push(unescape(text.slice(plainFrom, match.index)), node);
    plainFrom = end;
  }
  nodes.push(unescape(text.slice(plainFrom)));
  return nodes.filter((node) => node !== "");
}

const QUOTE = /^(?:>|&gt;)\s?/;
const ITEM = /^(\s*)([•◦▪‣–-]|\d{1,3}[.)])\s+(.*)$/u;

/** One line: list items hang from their mark, which stays as it was written (as in Slack). */
function lineNode(line, names) {
  const item = ITEM.exec(line);
  if (!item) return inline(line, names);
  const depth = Math.min(Math.floor(item[1].length / 2), 4);
  return h(
    "span",
    { class: "item", style: `--depth: ${depth}` },
    h("span", { class: "item-mark" }, `${item[2]} `),
    h("span", {}, inline(item[3], names)),
  );
}

function isItem(node) {
  return node instanceof Element && node.className === "item";
}

/** Lines with breaks between them; list items are blocks and need none. */
function lines(rows, names) {
  const nodes = rows.map((row) => lineNode(row, names));
  return nodes.flatMap((node, index) =>
    index && !isItem(node) && !isItem(nodes[index - 1]) ? [h("br"), node].flat() : [node].flat(),
  );
}

/** Text outside of fences: quoted lines are gathered into one quote. */
function flow(text, names) {
  const nodes = [];
  const groups = [];
  for (const row of text.split("\n")) {
    const quoted = QUOTE.test(row);
    if (!groups.length || groups.at(-1).quoted !== quoted) groups.push({ quoted, rows: [] });
    groups.at(-1).rows.push(quoted ? row.replace(QUOTE, "") : row);
  }
  for (const { quoted, rows } of groups) {
    if (quoted) nodes.push(h("blockquote", {}, lines(rows, names)));
    else if (groups.length === 1 || rows.some((row) => row)) nodes.push(...lines(rows, names));
  }
  return nodes;
}

/**
 * @param {string} text
 * @param {Names} names
 * @returns {HTMLElement}
 */
export function mrkdwn(text, names) {
  const root = h("div", { class: "mrkdwn" });
  const parts = text.split(/```\n?([\s\S]+?)\n?```\n?/);
  parts.forEach((part, index) => {
    if (index % 2) root.append(h("pre", {}, h("code", {}, unescape(part))));
    else if (part) root.append(...flow(part.replace(/\n$/, ""), names));
  });
  return root;
}

/** A text object of Block Kit, or null. */
export function textObject(object, names) {
  if (!object) return null;
  return object.type === "mrkdwn" ? mrkdwn(object.text, names) : h("span", { class: "plain" }, plain(object));
}

/** A plain_text object's text; its `:shortcodes:` are emoji unless it says `emoji: false`. */
export function plain(object) {
  const text = unescape(object?.text ?? "");
  return object?.emoji === false ? text : withEmoji(text);
}
