/** What lies above the page: menus, lists of options, questions, enlarged pictures, passing notices. */

import { freshId, h, icon } from "./dom.js";

const MARGIN = 8;
const TOAST_MS = 7000;

/** Shows a popup under its anchor (above it where there is no room), in the top layer so that no dialog hides it. */
export function place(popup, anchor, { wide = false, above = false } = {}) {
  if (!popup.matches(":popover-open")) popup.showPopover();
  const box = anchor.getBoundingClientRect();
  if (wide) popup.style.minWidth = `${box.width}px`;
  const { offsetHeight: height, offsetWidth: width } = popup;
  const below = box.bottom + 4;
  const fitsBelow = !above && below + height + MARGIN <= innerHeight;
  const top = fitsBelow ? below : Math.max(MARGIN, box.top - height - 4);
  popup.style.top = `${top}px`;
  popup.style.left = `${Math.max(MARGIN, Math.min(box.left, innerWidth - width - MARGIN))}px`;
}

/** Where a popup has to stand in the document: inside of an open dialog, whose outside is inert; else in its part of the page. */
export function layerOf(anchor) {
  return anchor.closest("dialog") ?? anchor.closest("main, aside") ?? document.body;
}

/** Closes the one menu that is open. */
let closeMenu = () => {};

function moveFocus(items, step) {
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
}

/**
 * Opens a menu and closes it after a choice, Esc, or a click elsewhere.
 * @param {HTMLElement} anchor The button that the menu belongs to.
 * @param {string} label
 * @param {{label: string, detail?: string, node?: Node, href?: string, current?: boolean, danger?: boolean, choose?: () => void}[]} entries
 */
export function openMenu(anchor, label, entries) {
  const wasOpen = anchor.getAttribute("aria-expanded") === "true";
  closeMenu();
  if (wasOpen) return;
  const close = () => {
    closeMenu = () => {};
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    removeEventListener("pointerdown", outside, true);
  };
  const leave = () => {
    close();
    anchor.focus();
  };
  const outside = (event) => !menu.contains(event.target) && !anchor.contains(event.target) && close();
  const items = entries.map((entry) => menuItem(entry, leave));
  const menu = h("div", { class: "popup menu", role: "menu", "aria-label": label, popover: "manual" }, items);
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "Tab") {
      close();
      anchor.focus(); // from where Tab then goes on
    }
    if (event.key === "ArrowDown") moveFocus(items, 1);
    else if (event.key === "ArrowUp") moveFocus(items, -1);
    else if (event.key === "Home") items[0].focus();
    else if (event.key === "End") items.at(-1).focus();
    else if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
  });
  closeMenu = close;
  anchor.setAttribute("aria-expanded", "true");
  layerOf(anchor).append(menu);
  place(menu, anchor, { wide: true });
  items[0]?.setAttribute("tabindex", "0"); // a long menu can be scrolled by whoever has no mouse
  items[0]?.focus();
  addEventListener("pointerdown", outside, true);
}

function menuItem({ label, detail, node, href, current, danger, choose }, close) {
  const classes = ["menu-item", current && "current", danger && "danger"].filter(Boolean).join(" ");
  const words = h(
    "span",
    { class: "menu-words" },
    h("span", {}, label),
    detail && h("span", { class: "menu-detail" }, detail),
  );
  const onclick = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    close();
    choose?.();
  };
  const props = {
    class: classes,
    role: "menuitem",
    tabindex: "-1",
    href,
    onclick,
    "aria-current": current ? "true" : null,
  };
  return h(href ? "a" : "button", { ...props, type: href ? null : "button" }, node, words, current && icon("check"));
}

/** Opens a modal dialog that closes by Esc, and by a click beside it. */
export function openDialog(dialog) {
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * Asks a yes-or-no question.
 * @param {{title: string, body: Node|string, yes: string, no: string, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function ask({ title, body, yes, no, danger = false }) {
  return new Promise((resolve) => {
    const id = freshId("question");
    const decide = (answer) => () => {
      resolve(answer);
      dialog.close();
    };
    const enter = (event) => {
      if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
      event.preventDefault(); // otherwise the button that opened the dialog gets the focus, and is pressed
      decide(true)();
    };
    const dialog = h(
      "dialog",
      { class: "question", "aria-labelledby": id, onclose: () => resolve(false), onkeydown: enter },
      h("h2", { id }, title),
      h("div", { class: "question-body" }, body),
      h(
        "div",
        { class: "dialog-buttons" },
        h("button", { type: "button", class: "button", onclick: decide(false) }, no),
        h(
          "button",
          { type: "button", class: `button ${danger ? "danger" : "primary"}`, autofocus: true, onclick: decide(true) },
          yes,
        ),
      ),
    );
    openDialog(dialog);
    dialog.querySelector("input")?.focus();
  });
}

/** Asks what a Block Kit `confirm` object asks, where there is one. */
export async function confirmed(confirm, textObject) {
  if (!confirm) return true;
  const [title, yes, no] = [confirm.title, confirm.confirm, confirm.deny].map((object) => object?.text);
  return ask({
    title: title ?? "Are you sure?",
    body: textObject(confirm.text),
    yes: yes ?? "Yes",
    no: no ?? "Cancel",
    danger: confirm.style === "danger",
  });
}

/** Shows a picture as large as the window allows. */
export function enlarge(address, alt, title) {
  const close = () => dialog.close();
  const caption = title && h("figcaption", {}, title);
  const bar = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close", onclick: close },
    icon("close"),
  );
  const dialog = h(
    "dialog",
    { class: "lightbox", "aria-label": title || alt || "Picture" },
    bar,
    h("figure", {}, h("img", { src: address, alt }), caption),
  );
  openDialog(dialog);
}

/** Shows a passing notice. */
export function toast(text) {
  const node = h("div", { class: "toast" }, text);
  const area = document.getElementById("toasts");
  if ([...area.children].some((other) => other.textContent === text)) return;
  area.append(node);
  setTimeout(() => node.remove(), TOAST_MS);
}
