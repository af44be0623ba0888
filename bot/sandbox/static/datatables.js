/** data_table blocks: pages, and an order that the reader chooses by the headings. */

import { h, hiddenText } from "./dom.js";
import { cell } from "./richtext.js";

const USUAL_PAGE = 5;

/** Words and numbers in one order: numbers by value, words as people sort them. */
function compare(one, other) {
  if (one.type === "raw_number" && other.type === "raw_number") return one.value - other.value;
  return String(one.text ?? "").localeCompare(String(other.text ?? ""), undefined, { numeric: true });
}

/** Which way a column is sorted next: up, down, and back to the app's own order. */
function next(sorted, column) {
  if (sorted?.column !== column) return { column, down: false };
  return sorted.down ? null : { column, down: true };
}

/** The part of a data table that changes when its reader turns a page or sorts. */
class DataTable {
  constructor(block, names) {
    const [head, ...rows] = block.rows;
    Object.assign(this, { head, rows, names, page: 0, sorted: null, size: block.page_size ?? USUAL_PAGE });
    this.rowHeader = block.row_header_column_index ?? 0;
    this.caption = block.caption;
    // One number makes a column of numbers: what has none there, a dash, stands below the others.
    this.numbers = head.map((_, column) => rows.some((row) => row[column].type === "raw_number"));
    this.node = h("div", { class: "data-table" });
    this.draw();
  }

  /** The rows in the order that was chosen. */
  ordered() {
    if (!this.sorted) return this.rows;
    const { column, down } = this.sorted;
    const order = [...this.rows].sort((one, other) => compare(one[column], other[column]));
    return down ? order.reverse() : order;
  }

  heading(content, column) {
    const sort = this.sorted?.column === column ? (this.sorted.down ? "descending" : "ascending") : "none";
    const sign = { descending: "▼", ascending: "▲", none: "" }[sort];
    const press = () => {
      this.sorted = next(this.sorted, column);
      this.page = 0;
      this.draw();
      this.node.querySelectorAll(".sorts")[column].focus();
    };
    return h(
      "th",
      { scope: "col", "aria-sort": sort, class: this.numbers[column] ? "number" : null },
      h(
        "button",
        { type: "button", class: "sorts", title: "Sort by this column", onclick: press },
        cell(content, this.names),
        h("span", { class: "sort-sign", "aria-hidden": "true" }, sign),
      ),
    );
  }

  row(cells) {
    return h(
      "tr",
      {},
      cells.map((content, column) => {
        const props = { class: this.numbers[column] ? "number" : null };
        return column === this.rowHeader
          ? h("th", { ...props, scope: "row" }, cell(content, this.names))
          : h("td", props, cell(content, this.names));
      }),
    );
  }

  pager(pages) {
    const turn = (step, label, sign) =>
      h(
        "button",
        {
          type: "button",
          class: "button turns",
          "aria-label": label,
          disabled: !(this.page + step in Array(pages).fill(0)),
          onclick: () => {
            this.page += step;
            this.draw();
            this.node.querySelector(`.turns[aria-label="${label}"]:enabled, .turns:enabled`)?.focus();
          },
        },
        sign,
      );
    const first = this.page * this.size + 1;
    const last = Math.min(first + this.size - 1, this.rows.length);
    return h(
      "div",
      { class: "pager" },
      h("span", { role: "status" }, `${first} to ${last} of ${this.rows.length}`),
      turn(-1, "Previous rows", "‹"),
      turn(1, "Next rows", "›"),
    );
  }

  draw() {
    const pages = Math.ceil(this.rows.length / this.size);
    const shown = this.ordered().slice(this.page * this.size, (this.page + 1) * this.size);
    const table = h(
      "table",
      {},
      h("caption", {}, hiddenText(this.caption)),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          this.head.map((content, column) => this.heading(content, column)),
        ),
      ),
      h(
        "tbody",
        {},
        shown.map((cells) => this.row(cells)),
      ),
    );
    this.node.replaceChildren(
      h("div", { class: "table-title", "aria-hidden": "true" }, this.caption),
      h("div", { class: "table-scroll", role: "region", "aria-label": this.caption, tabindex: "0" }, table),
      ...(pages > 1 ? [this.pager(pages)] : []),
    );
  }
}

/** @param {{rows: Object[][], caption: string, page_size?: number, row_header_column_index?: number}} block */
export function dataTable(block, names) {
  return new DataTable(block, names).node;
}
