/** The wire's log, for whoever builds an app: each delivery with its ack time, each call with its answer. Newest first. */

import { h, reconcile } from "./dom.js";
import { clock } from "./time.js";

const EVERY_MS = 1000;
const SLOW_MS = 1000;
const MOST_SHOWN = 400;
const ENDED_WELL = new Set(["done", "acked", "open"]);

/** @type {Map<number, Object>} */
const known = new Map();
const filter = document.getElementById("filter");

function json(value) {
  if (value === null || value === undefined) return "";
  return h(
    "details",
    {},
    h("summary", {}, h("code", {}, JSON.stringify(value))),
    h("code", {}, JSON.stringify(value, null, 2)),
  );
}

function row(line) {
  const date = new Date(line.at * 1000);
  const seconds = String(date.getSeconds()).padStart(2, "0");
  const failed = !ENDED_WELL.has(line.state) || line.answer?.ok === false;
  const classes = [line.ms >= SLOW_MS && "slow", failed && "failed"].filter(Boolean).join(" ");
  const number = (text) => h("td", { class: "number" }, text);
  return h(
    "tr",
    { class: classes },
    h("td", {}, line.n),
    h("td", {}, `${clock(date)}:${seconds}`),
    h("td", {}, line.kind),
    h("td", {}, line.name),
    h("td", {}, json(line.args)),
    h("td", {}, json(line.answer)),
    number(line.ms ?? ""),
    h("td", {}, line.answer?.error ?? line.state),
  );
}

function show() {
  const wanted = filter.value.trim().toLowerCase();
  const fits = (line) => !wanted || JSON.stringify(line).toLowerCase().includes(wanted);
  const lines = [...known.values()].filter(fits).sort((one, other) => other.n - one.n);
  const items = lines
    .slice(0, MOST_SHOWN)
    .map((line) => ({ key: String(line.n), signature: `${line.state} ${line.ms}`, render: () => row(line) }));
  reconcile(document.getElementById("lines"), items);
  document.getElementById("count").textContent = lines.length === 1 ? "1 line" : `${lines.length} lines`;
}

/** Where to ask from: the first line that has not ended, or the newest. */
function since() {
  const open = [...known.values()].filter(({ state }) => state === "open").map(({ n }) => n - 1);
  return Math.max(0, open.length ? Math.min(...open) : known.size);
}

async function read() {
  const from = since();
  const answer = await fetch(`/sandbox/control/log?since=${from}`)
    .then((response) => response.json())
    .catch(() => null);
  if (answer) {
    for (const line of answer) known.set(line.n, line);
    show();
  }
  setTimeout(read, EVERY_MS);
}

filter.addEventListener("input", show);
read();
