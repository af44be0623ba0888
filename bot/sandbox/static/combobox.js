/** A select with search: one choice or several, in groups, loaded at once or as one types. By the ARIA combobox pattern. */

import { freshId, h, icon } from "./dom.js";
import { layerOf, place } from "./popups.js";

/**
 * @typedef {{value: string, label: string, detail?: string, node?: () => Node, raw: *}} Option
 * @typedef {{label?: string, options: Option[]}} Group
 */

function matches(option, query) {
  return `${option.label} ${option.detail ?? ""}`.toLowerCase().includes(query.toLowerCase().trim());
}

/** Leaves out the options that do not fit, and the groups that hold none. */
export function filtered(groups, query) {
  const fitting = groups.map((group) => ({
    ...group,
    options: group.options.filter((option) => matches(option, query)),
  }));
  return fitting.filter((group) => group.options.length);
}

export class Combobox {
  /**
   * @param {Object} settings
   * @param {Object} settings.attributes Of the text input: id, aria-label ...
   * @param {string} settings.placeholder
   * @param {Option[]} settings.selected
   * @param {boolean} settings.multiple
   * @param {number} [settings.most] How many may be chosen.
   * @param {boolean} settings.clearable
   * @param {number} [settings.least] How many letters `load` needs.
   * @param {number} [settings.pause] Milliseconds without typing before `load` is called.
   * @param {(query: string) => Group[]|Promise<Group[]>} settings.load May reject with an Error that people can read.
   * @param {(selected: Option[], node: HTMLElement) => void|Promise<boolean>} settings.change Answers false where the choice was taken back.
   */
  constructor(settings) {
    Object.assign(this, { most: Infinity, least: 0, pause: 0, ...settings });
    this.listId = freshId("options");
    this.active = -1;
    this.input = this.makeInput();
    this.chips = h("span", { class: "select-chips" });
    this.node = h("div", { class: `select ${this.multiple ? "multiple" : ""}` }, this.chips, this.input, icon("down"));
    this.node.addEventListener("pointerdown", (event) => this.onPress(event));
    this.show();
  }

  makeInput() {
    const own = {
      class: "select-input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
    };
    const state = { "aria-expanded": "false", "aria-haspopup": "listbox" };
    const input = h("input", { ...own, ...state, ...this.attributes });
    input.addEventListener("click", () => this.open());
    input.addEventListener("input", () => this.open(input.value));
    input.addEventListener("keydown", (event) => this.onKey(event));
    input.addEventListener("blur", () => this.onBlur());
    return input;
  }

  onPress(event) {
    if (event.target === this.input || event.target.closest("button")) return;
    event.preventDefault();
    this.input.focus();
    this.open();
  }

  /** Shows what is chosen. */
  show() {
    const { selected, multiple, input } = this;
    input.value = multiple ? "" : (selected[0]?.label ?? "");
    input.placeholder = multiple && selected.length ? "" : this.placeholder;
    this.chips.replaceChildren(...(multiple ? selected.map((option) => this.chip(option)) : []));
  }

  chip(option) {
    const remove = () => this.choose(option);
    return h(
      "span",
      { class: "token" },
      option.node?.(),
      option.label,
      h("button", { type: "button", "aria-label": `Remove ${option.label}`, onclick: remove }, icon("close")),
    );
  }

  async open(query = "") {
    this.query = query;
    if (!this.popup) this.makePopup();
    if (query && this.pause) await new Promise((go) => setTimeout(go, this.pause));
    if (this.query !== query) return;
    let trouble = "";
    const groups = await Promise.resolve(this.load(query)).catch((error) => ((trouble = error.message), []));
    if (!this.popup || this.query !== query) return;
    this.fill(groups, trouble || this.emptyText());
    place(this.popup, this.node, { wide: true });
  }

  makePopup() {
    this.popup = h("div", {
      class: "popup options",
      role: "listbox",
      id: this.listId,
      popover: "manual",
      "aria-multiselectable": this.multiple || null,
    });
    this.popup.addEventListener("pointerdown", (event) => event.preventDefault());
    layerOf(this.node).append(this.popup);
    this.popup.append(h("div", { class: "options-empty" }, "Searching …"));
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-controls", this.listId);
    if (!this.multiple) this.input.select();
    this.reposition = () => this.popup && place(this.popup, this.node, { wide: true });
    addEventListener("resize", this.reposition);
    addEventListener("scroll", this.reposition, true);
  }

  fill(groups, empty) {
    this.shown = groups.flatMap((group) => group.options);
    this.rows = this.shown.map((option) => this.row(option));
    const rows = [...this.rows];
    const sections = groups.map((group) => {
      const own = rows.splice(0, group.options.length);
      return group.label
        ? h("div", { role: "group", "aria-label": group.label }, h("div", { class: "options-label" }, group.label), own)
        : own;
    });
    const nothing = h("div", { class: "options-empty" }, empty);
    this.popup.replaceChildren(...(this.shown.length ? sections.flat() : [nothing]));
    this.activate(
      this.shown.length
        ? Math.max(
            0,
            this.shown.findIndex((option) => this.isChosen(option)),
          )
        : -1,
    );
  }

  emptyText() {
    if (this.query.length >= this.least) return "Nothing found";
    return this.least === 1 ? "Type to search" : `Type ${this.least} letters to search`;
  }

  row(option) {
    const chosen = this.isChosen(option);
    const words = h(
      "span",
      { class: "menu-words" },
      h("span", {}, option.label),
      option.detail && h("span", { class: "menu-detail" }, option.detail),
    );
    const onclick = () => this.choose(option);
    return h(
      "div",
      { class: "option", role: "option", id: freshId("option"), "aria-selected": String(chosen), onclick },
      option.node?.(),
      words,
      chosen && icon("check"),
    );
  }

  isChosen(option) {
    return this.selected.some(({ value }) => value === option.value);
  }

  activate(index) {
    this.active = index;
    this.rows.forEach((row, at) => row.classList.toggle("active", at === index));
    const row = this.rows[index];
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(option) {
    const chosen = this.isChosen(option);
    if (this.multiple && !chosen && this.selected.length >= this.most) return;
    const others = this.selected.filter(({ value }) => value !== option.value);
    const before = this.selected;
    if (this.multiple) this.selected = chosen ? others : [...others, option];
    else this.selected = [option];
    this.show();
    if (this.multiple && this.popup) this.open();
    else this.close();
    if (this.multiple || !chosen) this.tell(before);
  }

  async tell(before) {
    const kept = await this.change(this.selected, this.node);
    if (kept !== false) return;
    this.selected = before;
    this.show();
  }

  close() {
    this.popup?.remove();
    this.popup = null;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-controls");
    this.input.removeAttribute("aria-activedescendant");
    removeEventListener("resize", this.reposition);
    removeEventListener("scroll", this.reposition, true);
  }

  onBlur() {
    const emptied = this.clearable && !this.multiple && this.selected.length && !this.input.value;
    this.close();
    if (emptied) {
      const before = this.selected;
      this.selected = [];
      this.tell(before);
    }
    this.show();
  }

  onKey(event) {
    const { key } = event;
    if (key === "Backspace" && this.multiple && !this.input.value && this.selected.length)
      this.choose(this.selected.at(-1));
    if (!this.popup) {
      if (key === "ArrowDown" || key === "ArrowUp") this.open();
      else if (key !== "Enter") return;
    } else if (key === "ArrowDown") this.activate(Math.min(this.active + 1, this.rows.length - 1));
    else if (key === "ArrowUp") this.activate(Math.max(this.active - 1, 0));
    else if (key === "Enter" && this.shown?.[this.active]) this.choose(this.shown[this.active]);
    else if (key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
