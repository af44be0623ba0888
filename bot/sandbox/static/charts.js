/** data_visualization blocks as drawings: bars, lines, areas and pies, with their numbers in a table for screen readers. */

import { append, h } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDE, HIGH, LEFT, BELOW, ABOVE] = [640, 280, 44, 44, 10];
const STEPS = 4;

function s(tag, props, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, String(value));
  return append(node, children);
}

function round(value) {
  return Math.round(value * 100) / 100;
}

/** Where the axis of values begins and ends: round numbers around all of them and zero. */
function scale(series) {
  const values = series.flatMap(({ data }) => data.map(({ value }) => value));
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const rough = (most - least || 1) / STEPS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough);
  const bottom = Math.floor(least / step) * step;
  const top = Math.max(Math.ceil(most / step) * step, bottom + step);
  return { bottom, top, step, y: (value) => ABOVE + ((top - value) / (top - bottom)) * (HIGH - ABOVE - BELOW) };
}

function grid({ bottom, top, step, y }) {
  const marks = Array.from({ length: Math.round((top - bottom) / step) + 1 }, (_, index) => bottom + index * step);
  return marks.map((mark) => [
    s("line", { class: mark === 0 ? "axis" : "grid", x1: LEFT, x2: WIDE, y1: y(mark), y2: y(mark) }),
    s("text", { class: "tick", x: LEFT - 8, y: y(mark) + 4, "text-anchor": "end" }, round(mark)),
  ]);
}

function labels(categories, slot) {
  // Where there is no room for the words, they lean.
  const leaning = categories.some((category) => category.length * 6.5 > slot);
  return categories.map((category, index) => {
    const [x, y] = [LEFT + (index + 0.5) * slot, HIGH - BELOW + 16];
    const lean = leaning ? { transform: `rotate(-20 ${x} ${y})`, "text-anchor": "end" } : { "text-anchor": "middle" };
    return s("text", { class: "tick", x, y, ...lean }, category);
  });
}

function valueOf({ data }, category) {
  return data.find(({ label }) => label === category)?.value ?? 0;
}

function bars(series, categories, slot, { y }) {
  const width = Math.min(56, (slot * 0.7) / series.length);
  return series.map((one, place) =>
    categories.map((category, index) => {
      const value = valueOf(one, category);
      const x = LEFT + (index + 0.5) * slot + (place - series.length / 2) * width;
      const [top, bottom] = [y(Math.max(0, value)), y(Math.min(0, value))];
      const bar = { class: `mark fill-${place + 1}`, x: x + 1, y: top, width: width - 2, height: bottom - top, rx: 3 };
      return [
        s("rect", bar, s("title", {}, `${category}, ${one.name}: ${value}`)),
        width > 26 && s("text", { class: "value", x: x + width / 2, y: top - 3, "text-anchor": "middle" }, value),
      ];
    }),
  );
}

function lines(series, categories, slot, { y }, filled) {
  return series.map((one, place) => {
    const points = categories.map((category, index) => [LEFT + (index + 0.5) * slot, y(valueOf(one, category))]);
    const path = points.map(([x, at], index) => `${index ? "L" : "M"}${x} ${at}`).join("");
    const ends = `L${points.at(-1)[0]} ${y(0)}L${points[0][0]} ${y(0)}Z`;
    return [
      filled && s("path", { class: `area fill-${place + 1}`, d: path + ends }),
      s("path", { class: `line stroke-${place + 1}`, d: path }),
      points.map(([cx, cy]) => s("circle", { class: `mark fill-${place + 1}`, cx, cy, r: 3.5 })),
    ];
  });
}

function onAxes(chart) {
  const { series, axis_config: axis } = chart;
  const measure = scale(series);
  const slot = (WIDE - LEFT) / axis.categories.length;
  const marks =
    chart.type === "bar"
      ? bars(series, axis.categories, slot, measure)
      : lines(series, axis.categories, slot, measure, chart.type === "area");
  return s(
    "svg",
    { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "drawing", "aria-hidden": "true" },
    grid(measure),
    marks,
    labels(axis.categories, slot),
  );
}

function slice(from, to) {
  const at = (part) => [100 + 90 * Math.sin(2 * Math.PI * part), 100 - 90 * Math.cos(2 * Math.PI * part)];
  const [[x1, y1], [x2, y2]] = [at(from), at(to)];
  return `M100 100L${x1} ${y1}A90 90 0 ${to - from > 0.5 ? 1 : 0} 1 ${x2} ${y2}Z`;
}

function pie({ segments }) {
  const whole = segments.reduce((sum, { value }) => sum + value, 0);
  let before = 0;
  const parts = segments.map(({ label, value }, index) => {
    const from = before;
    before += value / whole;
    const said = s("title", {}, `${label}: ${value}`);
    return segments.length === 1
      ? s("circle", { class: "mark fill-1", cx: 100, cy: 100, r: 90 }, said)
      : s("path", { class: `mark fill-${index + 1}`, d: slice(from, before) }, said);
  });
  return s("svg", { viewBox: "0 0 200 200", class: "drawing pie", "aria-hidden": "true" }, parts);
}

function legend(names) {
  const item = (name, index) => h("li", {}, h("span", { class: `swatch back-${index + 1}`, "aria-hidden": "true" }), name);
  return h("ul", { class: "legend" }, names.map(item));
}

/** The same in numbers, for whoever cannot see the drawing. */
function numbers(title, heads, rows) {
  const line = (tag, cells) =>
    h(
      "tr",
      {},
      cells.map((one) => h(tag, {}, one)),
    );
  return h(
    "div",
    { class: "visually-hidden" },
    h("table", {}, h("caption", {}, title), h("thead", {}, line("th", heads)), h("tbody", {}, rows.map((row) => line("td", row)))),
  );
}

/** @param {{title: string, chart: Object}} block */
export function chart(block) {
  const { title, chart: told } = block;
  if (told.type === "pie") {
    const whole = told.segments.reduce((sum, { value }) => sum + value, 0);
    const names = told.segments.map(({ label, value }) => `${label} · ${Math.round((100 * value) / whole)}%`);
    const rows = told.segments.map(({ label, value }) => [label, value]);
    return h("figure", { class: "chart" }, h("figcaption", {}, title), h("div", { class: "beside" }, pie(told), legend(names)), numbers(title, ["Part", "Value"], rows));
  }
  const { categories, x_label: across, y_label: up } = told.axis_config;
  const rows = categories.map((category) => [category, ...told.series.map((one) => valueOf(one, category))]);
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, title),
    up && h("div", { class: "axis-label" }, up),
    onAxes(told),
    across && h("div", { class: "axis-label across" }, across),
    told.series.length > 1 && legend(told.series.map(({ name }) => name)),
    numbers(title, [across ?? "Category", ...told.series.map(({ name }) => name)], rows),
  );
}
