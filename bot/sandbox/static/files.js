/** Files in messages: pictures, sounds with a player, and cards for the rest. */

import { h, icon } from "./dom.js";
import { enlarge } from "./popups.js";

const UNITS = ["bytes", "kB", "MB", "GB"];

/** "12 kB" */
export function sizeText(bytes) {
  const power = bytes >= 1000 ? Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1) : 0;
  const size = bytes / 1000 ** power;
  return `${power && size < 10 ? size.toFixed(1) : Math.round(size)} ${UNITS[power]}`;
}

function extension(name) {
  return /\.([^.]+)$/.exec(name ?? "")?.[1]?.toLowerCase() ?? "";
}

const KINDS = {
  mid: "MIDI file",
  midi: "MIDI file",
  pdf: "PDF",
  txt: "Plain text",
  csv: "CSV",
  zip: "Zip archive",
  json: "JSON",
  py: "Python",
};

/** What a file is, for its card: "MIDI file". */
export function kindOf(file) {
  const ending = extension(file.name);
  return (
    KINDS[ending] ??
    (file.pretty_type && file.pretty_type !== "Binary" ? file.pretty_type : ending ? ending.toUpperCase() : "File")
  );
}

function isSound(file) {
  return file.mimetype?.startsWith("audio/") && !/midi?$/.test(file.mimetype);
}

/** A picture that can be enlarged. The frame has the picture's shape from the start, so nothing jumps when it arrives. */
export function picture(address, alt, { title, width, height } = {}) {
  const ratio = width && height ? `aspect-ratio: ${width} / ${height}; max-width: min(100%, ${width}px)` : null;
  const image = h("img", { src: address, alt, style: ratio, loading: "eager" });
  image.addEventListener("error", () => image.closest(".picture")?.classList.add("broken"));
  const button = h(
    "button",
    {
      type: "button",
      class: "picture",
      "aria-label": `Enlarge ${alt || title || "picture"}`,
      onclick: () => enlarge(address, alt, title),
    },
    image,
  );
  return button;
}

function imageFile(file, address) {
  const size = { width: file.original_w, height: file.original_h };
  return h(
    "figure",
    { class: "file file-image" },
    h("figcaption", { class: "file-name" }, file.title || file.name),
    picture(address, file.alt_txt || file.name, { ...size, title: file.name }),
  );
}

function soundFile(file, address) {
  const name = file.name;
  return h(
    "figure",
    { class: "file file-sound" },
    h("figcaption", { class: "file-name" }, icon("note"), name),
    h("audio", { controls: true, preload: "metadata", src: address, "aria-label": name }),
  );
}

function card(file, address) {
  const midi = kindOf(file) === "MIDI file";
  return h(
    "a",
    { class: "file file-card", href: address, download: file.name, title: `Download ${file.name}` },
    h("span", { class: `file-badge ${midi ? "midi" : ""}` }, icon(midi ? "note" : "file")),
    h(
      "span",
      { class: "file-words" },
      h("strong", {}, file.name),
      h("span", {}, [kindOf(file), file.size ? sizeText(file.size) : null].filter(Boolean).join(" · ")),
    ),
    icon("download"),
  );
}

/**
 * @param {Object} file Slack's file object.
 * @param {import("./api.js").Api} api
 */
export function fileNode(file, api) {
  if (file.mode === "tombstone" || file.deleted) return h("div", { class: "file file-gone" }, "This file was deleted.");
  const address = api.fileUrl(file.id);
  if (file.mimetype?.startsWith("image/")) return imageFile(file, address);
  return isSound(file) ? soundFile(file, address) : card(file, address);
}

/** What a file waiting to be sent looks like. */
export function fileChip(file, remove) {
  const preview =
    file instanceof Blob && file.type.startsWith("image/")
      ? h("img", { src: URL.createObjectURL(file), alt: "" })
      : icon(/midi|audio/.test(file.type) || /^midi?$/.test(extension(file.name)) ? "note" : "file");
  return h(
    "li",
    { class: "chip" },
    h("span", { class: "chip-preview" }, preview),
    h("span", { class: "chip-words" }, h("span", {}, file.name), h("span", {}, sizeText(file.size))),
    h(
      "button",
      { type: "button", class: "icon-button small", "aria-label": `Remove ${file.name}`, onclick: remove },
      icon("close"),
    ),
  );
}
