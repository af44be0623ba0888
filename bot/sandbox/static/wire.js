/** The wire's log, for whoever builds an app: each delivery with its ack time, each call with its answer. Newest first, live. */

import { h, reconcile } from "./dom.js";
import { clock } from "./time.js";
import { learnNames, summaryOf } from "./wirewords.js";

const EVERY_MS = 700;
const SLOW_MS = 1000;
const LATE_SECONDS = 30;
const MOST_SHOWN = 400;
const ENDED_WELL = new Set(["done", "acked", "open"]);

/** Kinds as the server names them, by the page's own: its filter and its words. */
const KINDS = {
  delivery: { family: "delivery", word: "Delivery" },
  api: { family: "call", word: "Call" },
  response_url: { family: "call", word: "Response URL" },
  upload: { family: "file", word: "Upload" },
  download: { family: "file", word: "Download" },
};

/** @type {Map<number, Object>} */
const known = new Map();
const [form, pause, list] = ["form", "pause", "lines"].map((id) => document.getElementById(id));

function isTrouble(line) {
  return !ENDED_WELL.has(line.state) || line.answer?.ok === false;
}

/** "1.3 ms", "145 ms" */
function milliseconds(ms) {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** How it ended, in a word or two: "acked", "ok", "channel_not_found", "timed out". */
function outcome(line) {
  if (line.state === "open") return "waiting …";
  if (line.late_ms) return `acked too late, after ${milliseconds(line.late_ms)}`;
  if (line.answer?.error) return line.answer.error;
  return line.state === "done" ? "ok" : line.state.replaceAll("_", " ");
}

function part(title, value) {
  const text = value === null || value === undefined ? "nothing" : JSON.stringify(value, null, 2);
  return h("section", { "aria-label": title }, h("h2", {}, title), h("pre", { tabindex: "0" }, h("code", {}, text)));
}

function row(line) {
  const date = new Date(line.at * 1000);
  const seconds = String(date.getSeconds()).padStart(2, "0");
  const kind = KINDS[line.kind] ?? { family: "call", word: line.kind };
  const slow = line.ms >= SLOW_MS && "slow";
  const open = (event) => {
    const { currentTarget: node } = event;
    if (node.open && !node.querySelector(".line-parts"))
      node.append(h("div", { class: "line-parts" }, part("Sent", line.args), part("Answer", line.answer)));
  };
  const cell = (name, text) => h("span", { class: name }, text);
  return h(
    "li",
    {},
    h(
      "details",
      { class: "line", ontoggle: open },
      h(
        "summary",
        { class: [isTrouble(line) && "failed", slow].filter(Boolean).join(" ") },
        cell("line-time", `${clock(date)}:${seconds}`),
        cell(`line-kind kind-${kind.family}`, kind.word),
        cell("line-name", line.name),
        cell("line-words", summaryOf(line)),
        cell("line-outcome", outcome(line)),
        cell("line-ms", line.ms === null ? "" : milliseconds(line.ms)),
      ),
    ),
  );
}

function wanted() {
  const { kind, trouble, text } = Object.fromEntries(new FormData(form));
  const words = text.trim().toLowerCase();
  return (line) =>
    (!kind || (KINDS[line.kind]?.family ?? "call") === kind) &&
    (!trouble || isTrouble(line)) &&
    (!words || `${JSON.stringify(line)} ${summaryOf(line)}`.toLowerCase().includes(words));
}

/** "Acks: half within 12 ms, the slowest 145 ms" */
function acksText() {
  const times = [...known.values()].filter(({ kind, state }) => kind === "delivery" && state === "acked");
  const sorted = times.map(({ ms }) => ms).sort((one, other) => one - other);
  if (!sorted.length) return "Deliveries to your app and its calls, live";
  const [half, worst] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `Acks: half within ${milliseconds(half)}, the slowest ${milliseconds(worst)}`;
}

function show() {
  const lines = [...known.values()].filter(wanted()).sort((one, other) => other.n - one.n);
  const items = lines
    .slice(0, MOST_SHOWN)
    .map((line) => ({
      key: String(line.n),
      signature: `${line.at} ${line.state} ${line.ms} ${line.late_ms}`,
      render: () => row(line),
    }));
  reconcile(list, items);
  const filtered = lines.length < known.size;
  document.getElementById("empty").hidden = lines.length > 0;
  document.getElementById("empty").textContent = known.size
    ? "No line fits. Take something out of the filter."
    : "Nothing was sent yet. Do something in the workspace and watch.";
  document.getElementById("count").textContent =
    `${lines.length}${filtered ? ` of ${known.size}` : ""} ${known.size === 1 ? "line" : "lines"}`;
  document.getElementById("acks").textContent = acksText();
}

/** Whether a line can change: it has not ended, or its acknowledgement may still come late. */
function isOpen({ state, at, late_ms: late }) {
  return state === "open" || (state === "timed_out" && !late && Date.now() / 1000 - at < LATE_SECONDS);
}

/** Where to ask from: before the first line that has not ended, or before the newest, which shows whether it is still the same log. */
function since() {
  const open = [...known.values()].filter(isOpen).map(({ n }) => n);
  return Math.max(0, Math.min(...open, ...[...known.keys()].slice(-1)) - 1 || 0);
}

/** Whether the log was begun anew since it was read: its newest known line is gone, or another. */
function isAnother(answer, from) {
  if (!known.size) return false;
  return answer[0]?.n !== from + 1 || answer[0].at !== known.get(from + 1)?.at;
}

async function read() {
  const from = known.size ? since() : 0;
  const answer = await fetch(`/sandbox/control/log?since=${from}`)
    .then((response) => response.json())
    .catch(() => null);
  if (answer && isAnother(answer, from)) known.clear();
  else if (answer) {
    for (const line of answer) known.set(line.n, line);
    if (pause.getAttribute("aria-pressed") === "false") show();
  }
  setTimeout(read, EVERY_MS);
}

pause.addEventListener("click", () => {
  const paused = pause.getAttribute("aria-pressed") === "false";
  pause.setAttribute("aria-pressed", String(paused));
  pause.textContent = paused ? "Go on" : "Pause";
  if (!paused) show();
});
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
learnNames().then(read);
