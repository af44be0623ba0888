/** Block Kit's blocks as DOM nodes. */

import { chart } from "./charts.js";
import { dataTable } from "./datatables.js";
import { freshId, h, reconcile } from "./dom.js";
import { GROUPS, interactive } from "./elements.js";
import { picture } from "./files.js";
import { plain, textObject } from "./mrkdwn.js";
import { alert, card, carousel, container, contextActions, plan, taskCard } from "./newer.js";
import { markdown, richText, table } from "./richtext.js";

/** An image's address: a file of this workspace, or a public one. */
function imageAddress(element, surface) {
  const file = element.slack_file;
  if (!file) return /^(https?:)?\//i.test(element.image_url ?? "") ? element.image_url : "";
  const id = file.id ?? /\b(F[A-Z0-9]{5,})\b/.exec(file.url ?? "")?.[1] ?? "";
  return surface.api.fileUrl(id);
}

function imageBlock(block, surface) {
  const title = block.title && plain(block.title);
  const size = { width: block.image_width, height: block.image_height };
  return h(
    "figure",
    { class: "image-block" },
    title && h("figcaption", {}, title),
    picture(imageAddress(block, surface), block.alt_text ?? "", { title, ...size }),
  );
}

function smallImage(element, surface, className) {
  return h("img", { class: className, src: imageAddress(element, surface), alt: element.alt_text ?? "" });
}

/** The place of an element that no label stands beside. */
function fieldIn(block, element, fallback) {
  const label = plain(element.placeholder) || fallback || element.action_id;
  return { id: freshId("field"), blockId: block.block_id, label, labelled: false, dispatches: true };
}

function accessory(block, surface) {
  const { accessory: element } = block;
  if (!element) return null;
  if (element.type === "image") return smallImage(element, surface, "thumbnail");
  return h(
    "div",
    { class: "accessory" },
    interactive(element, fieldIn(block, element, plain(block.text).slice(0, 80)), surface),
  );
}

function section(block, surface) {
  const fields = block.fields?.map((field) => h("div", {}, textObject(field, surface.store)));
  const words = h(
    "div",
    { class: "section-words" },
    textObject(block.text, surface.store),
    fields && h("div", { class: "fields" }, fields),
  );
  return h("div", { class: "section" }, words, accessory(block, surface));
}

function context(block, surface) {
  const part = (element) =>
    element.type === "image" ? smallImage(element, surface, "context-image") : textObject(element, surface.store);
  return h("div", { class: "context" }, block.elements.map(part));
}

function actions(block, surface) {
  return h(
    "div",
    { class: "actions" },
    block.elements.map((element) => interactive(element, fieldIn(block, element), surface)),
  );
}

/** An input with its label and hint. */
function input(block, surface) {
  const { element, block_id: blockId } = block;
  const [id, labelId, hintId] = ["field", "label", "hint"].map(freshId);
  const field = {
    id,
    labelId,
    blockId,
    label: plain(block.label),
    labelled: true,
    describedBy: block.hint && hintId,
    required: !block.optional,
    dispatches: Boolean(block.dispatch_action),
  };
  const words = [plain(block.label), block.optional && h("span", { class: "optional" }, " (optional)")];
  const label = GROUPS.has(element.type)
    ? h("div", { class: "label", id: labelId }, words)
    : h("label", { class: "label", id: labelId, for: id }, words);
  return h(
    "div",
    { class: "input" },
    label,
    interactive(element, field, surface),
    block.hint && h("div", { class: "hint", id: hintId }, plain(block.hint)),
  );
}

/** The control of an input block that its error belongs to. */
function controlOf(node) {
  return node.querySelector(".text-input, .select-input, .choices, .file-input input");
}

/** Takes away the error of an input block, and what pointed at it. */
export function clearError(node) {
  node.classList.remove("has-error");
  node.querySelector(".field-error")?.remove();
  const control = controlOf(node);
  control?.removeAttribute("aria-invalid");
  control?.removeAttribute("aria-errormessage");
}

/** The first control of these blocks that was refused. */
export function refusedControl(host) {
  const control = host.querySelector('[aria-invalid="true"]');
  return control?.matches(".choices") ? control.querySelector("input") : control;
}

function showError(node, text) {
  const id = freshId("error");
  const error = h("div", { class: "field-error", id, role: "alert" }, text);
  const hint = node.querySelector(":scope > .input > .hint");
  node.classList.add("has-error");
  if (hint) hint.before(error);
  else node.firstElementChild.append(error);
  controlOf(node)?.setAttribute("aria-invalid", "true");
  controlOf(node)?.setAttribute("aria-errormessage", id);
}

/**
 * Shows errors beside their fields and takes the earlier ones away, without drawing anything anew.
 * @param {HTMLElement} host
 * @param {Object<string, string>} errors By block_id.
 */
export function showErrors(host, errors) {
  for (const node of host.children) {
    clearError(node);
    const text = errors[node.dataset.key];
    if (text) showError(node, text);
  }
}

/** How cards and containers show a picture and a button of theirs. */
function drawing(surface) {
  return {
    image: (element, className) => smallImage(element, surface, className),
    button: (block, element) => interactive(element, fieldIn(block, element), surface),
  };
}

function inContainer(surface) {
  return (blocks) => h("div", { class: "container-blocks" }, blocks.map((one) => drawBlock(one, surface)));
}

/** @type {Object<string, (block: Object, surface: import("./surface.js").Surface) => HTMLElement>} */
const BLOCKS = {
  section,
  context,
  actions,
  input,
  image: imageBlock,
  divider: () => h("hr"),
  header: (block) => h("h2", { class: "header" }, plain(block.text)),
  rich_text: (block, { store }) => richText(block, store),
  table: (block, { store }) => table(block, store),
  markdown: (block, { store }) => markdown(block, store),
  data_table: (block, { store }) => dataTable(block, store),
  data_visualization: chart,
  alert,
  card: (block, surface) => card(block, surface, drawing(surface)),
  carousel: (block, surface) => carousel(block, surface, drawing(surface)),
  container: (block, surface) => container(block, surface, drawing(surface), inContainer(surface)),
  context_actions: contextActions,
  task_card: taskCard,
  plan,
};

function unsupported(block) {
  return h("div", { class: "unsupported" }, `This part (${block.type}) can't be shown here.`);
}

function drawBlock(block, surface) {
  return h("div", { class: `block block-${block.type}` }, (BLOCKS[block.type] ?? unsupported)(block, surface));
}

/** Draws blocks into a host, leaving those that did not change alone. */
export function drawBlocks(host, surface) {
  const items = surface.blocks.map((block, index) => ({
    key: block.block_id ?? `block-${index}`,
    signature: JSON.stringify([block, surface.container]),
    render: () => drawBlock(block, surface),
  }));
  reconcile(host, items);
}
