/** Building and reconciling DOM nodes. No other module touches markup: what people wrote only ever becomes text nodes. */

const SVG = "http://www.w3.org/2000/svg";

/** Icon outlines on a 20 x 20 grid, drawn with a 1.6 stroke. */
const ICONS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h14M2.5 12.5h14",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4l-6 6 6 6",
  send: "M3.5 4l13.5 6-13.5 6 2.5-6zM6 10h5",
  attach: "M15.5 9.5l-5.7 5.7a3.6 3.6 0 0 1-5.1-5.1l6.2-6.2a2.4 2.4 0 0 1 3.4 3.4l-6 6a1.1 1.1 0 0 1-1.6-1.6l5.2-5.2",
  reply: "M4 5.5A1.5 1.5 0 0 1 5.5 4h9A1.5 1.5 0 0 1 16 5.5v6a1.5 1.5 0 0 1-1.5 1.5H9l-4 3.5V13a1 1 0 0 1-1-1z",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6M8.8 9v4.5M11.2 9v4.5",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  down: "M5 8l5 5 5-5",
  updown: "M6.5 8 10 4.5 13.5 8M6.5 12l3.5 3.5 3.5-3.5",
  download: "M10 3v9M6 8.5l4 4 4-4M4 16h12",
  file: "M5 3h6.5L15 6.5V17H5zM11.5 3v3.5H15",
  note: "M8 15V5l7-1.5v9.5M8 15a2 1.6 0 1 1-4 0 2 1.6 0 0 1 4 0zM15 13a2 1.6 0 1 1-4 0 2 1.6 0 0 1 4 0z",
  check: "M4.5 10.5l3.7 3.7 7.3-8",
  warning: "M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.3v.01",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
};

/**
 * Makes an element.
 * @param {string} tag
 * @param {Object<string, *>} [props] `on…` adds a listener, `class` and `dataset` as named, booleans become bare attributes, null is left out.
 * @param {...(Node|string|number|null|false|undefined|Array)} children Strings become text nodes.
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/** Appends children, nested lists and strings included. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Text for screen readers only. */
export function hiddenText(text) {
  return h("span", { class: "visually-hidden" }, text);
}

let lastId = 0;

/** An id that no other element of this page has. */
export function freshId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

const SIGNATURES = new WeakMap();

/** What was taken out of the page -> a way to what stands there instead. */
const HEIRS = new WeakMap();
const CONTROLS = "a[href], button, input, select, textarea, summary";

/** What a control is called, what it does and what it holds: what is drawn anew is alike in that. */
function traits(control) {
  const name = control.getAttribute("aria-label") || (control.closest("label") ?? control).textContent;
  return { action: control.closest("[data-action]")?.dataset.action, name, value: control.value };
}

function alike(control, where) {
  const { action, name, value } = traits(control);
  const same = [...where.querySelectorAll(CONTROLS)].filter((other) => traits(other).action === action);
  const named = same.filter((other) => traits(other).name === name);
  return named.find((other) => other.value === value) ?? named[0] ?? (action ? same[0] : null) ?? null;
}

/** A control, or where its block was drawn anew, the one that took its place. @returns {?HTMLElement} */
export function heir(control) {
  if (!control || control.isConnected) return control;
  for (let node = control; node; node = node.parentElement)
    if (HEIRS.has(node)) return heir(alike(control, HEIRS.get(node)()));
  return null;
}

/**
 * Brings a parent's children in step with a list. A node whose signature is unchanged is left alone, so a sound that plays
 * goes on playing and a half-filled field keeps its focus; where one is drawn anew, the same control has the focus again.
 * @param {HTMLElement} parent
 * @param {{key: string, signature: string, render: () => HTMLElement}[]} items
 */
export function reconcile(parent, items) {
  const { activeElement: at } = document;
  const had = parent !== at && parent.contains(at);
  const wanted = new Map(items.map((item) => [item.key, item.signature]));
  const kept = new Map();
  for (const node of [...parent.children]) {
    const { key } = node.dataset;
    if (wanted.get(key) === SIGNATURES.get(node) && !kept.has(key)) kept.set(key, node);
    else {
      HEIRS.set(node, () => [...parent.children].find((child) => child.dataset.key === key) ?? parent);
      node.remove();
    }
  }
  let previous = null;
  for (const { key, signature, render } of items) {
    const node = kept.get(key) ?? render();
    node.dataset.key = key;
    SIGNATURES.set(node, signature);
    const place = previous ? previous.nextSibling : parent.firstChild;
    if (place !== node) parent.insertBefore(node, place);
    previous = node;
  }
  if (had && !parent.contains(document.activeElement))
    (heir(at) ?? parent.closest(".log, .home"))?.focus({ preventScroll: true });
}
