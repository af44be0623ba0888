/** Block Kit's interactive elements other than selects, and the table of all of them. */

import { append, freshId, h, icon } from "./dom.js";
import { fileChip } from "./files.js";
import { mrkdwn, plain, textObject } from "./mrkdwn.js";
import { confirmed, openMenu } from "./popups.js";
import { select } from "./selects.js";
import { fromFields, toFields } from "./time.js";

/** Attributes that tie an element to its label and hint. */
function attributesOf(field) {
  return {
    id: field.id,
    "aria-label": field.labelled ? null : field.label,
    "aria-describedby": field.describedBy,
    "aria-required": field.required ? "true" : null,
  };
}

function safeUrl(address) {
  return /^https?:/i.test(address ?? "") ? address : null;
}

function ask(element, surface) {
  return confirmed(element.confirm, (text) => textObject(text, surface.store));
}

function button(element, field, surface) {
  const address = safeUrl(element.url);
  const press = async (event) => {
    const node = event.currentTarget;
    if (!(await ask(element, surface))) return;
    if (address) open(address, "_blank", "noopener");
    surface.dispatch(field, element, { text: element.text, value: element.value, style: element.style }, node);
  };
  const style = element.style ?? "";
  return h(
    "button",
    { type: "button", class: `button ${style}`, "aria-label": element.accessibility_label, onclick: press },
    plain(element.text),
  );
}

function overflow(element, field, surface) {
  const choose = (option, node) => async () => {
    if (!(await ask(element, surface))) return;
    if (safeUrl(option.url)) open(option.url, "_blank", "noopener");
    surface.dispatch(field, element, { selected_option: option }, node);
  };
  const show = ({ currentTarget: node }) =>
    openMenu(
      node,
      "More options",
      element.options.map((option) => ({
        label: plain(option.text),
        detail: option.description && plain(option.description),
        choose: choose(option, node),
      })),
    );
  return h(
    "button",
    {
      type: "button",
      class: "button icon-only",
      "aria-label": "More options",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: show,
    },
    icon("more"),
  );
}

/** Typed text: one line, several, numbers, addresses. */
function textInput(element, field, surface) {
  const number = element.type === "number_input";
  const state = surface.read(field, element, { value: element.initial_value ?? null });
  const dispatching = { ...field, dispatches: false };
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const tell = (node) => field.dispatches && surface.dispatch(field, element, { value: node.value || null }, node);
  const node = h(element.multiline ? "textarea" : "input", {
    ...attributesOf(field),
    class: "text-input",
    type: element.multiline ? null : "text",
    inputmode: number ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
    rows: element.multiline ? 4 : null,
    placeholder: plain(element.placeholder) || null,
    autocomplete: "off",
    value: state.value ?? "",
    oninput: () => {
      surface.write(dispatching, element, { value: node.value === "" ? null : node.value });
      if (triggers.includes("on_character_entered")) tell(node);
    },
    onkeydown: (event) => {
      if (event.key !== "Enter" || element.multiline || !field.dispatches || !triggers.includes("on_enter_pressed"))
        return;
      event.preventDefault();
      tell(node);
    },
  });
  return node;
}

/** Rich text, typed plainly: each line becomes a section. */
function richTextInput(element, field, surface) {
  const before = surface.read(field, element, { rich_text_value: element.initial_value ?? null });
  const text = (before.rich_text_value?.elements ?? [])
    .flatMap((part) => part.elements ?? [])
    .map((part) => part.text ?? "")
    .join("");
  const node = h("textarea", {
    ...attributesOf(field),
    class: "text-input",
    rows: 4,
    placeholder: plain(element.placeholder) || null,
    value: text,
  });
  node.addEventListener("input", () => {
    const section = { type: "rich_text_section", elements: [{ type: "text", text: node.value }] };
    surface.write({ ...field, dispatches: false }, element, {
      rich_text_value: node.value ? { type: "rich_text", elements: [section] } : null,
    });
  });
  return node;
}

/** A native picker of a date or a time. */
function picker(type, key, initial) {
  return (element, field, surface) => {
    const state = surface.read(field, element, { [key]: element[initial] ?? null });
    const node = h("input", { ...attributesOf(field), class: "text-input picker", type, value: state[key] ?? "" });
    node.addEventListener("change", async () => {
      if (await ask(element, surface)) surface.write(field, element, { [key]: node.value || null }, node);
    });
    return node;
  };
}

/** A day and an hour in the person's time zone, kept as seconds. */
function dateTimePicker(element, field, surface) {
  const { zone } = surface.store;
  const state = surface.read(field, element, { selected_date_time: element.initial_date_time ?? null });
  const given = state.selected_date_time ? toFields(state.selected_date_time, zone) : {};
  const write = () => {
    const whole = date.value && time.value;
    surface.write(
      field,
      element,
      { selected_date_time: whole ? fromFields(date.value, time.value, zone) : null },
      host,
    );
  };
  const own = { class: "text-input picker", "aria-describedby": field.describedBy, onchange: write };
  const date = h("input", {
    ...own,
    type: "date",
    id: field.id,
    "aria-label": `${field.label} date`,
    value: given.date ?? "",
  });
  const time = h("input", { ...own, type: "time", "aria-label": `${field.label} time`, value: given.time ?? "" });
  const host = h("div", { class: "date-time", role: "group", ...groupName(field) }, date, time);
  return host;
}

function groupName(field) {
  return field.labelId ? { "aria-labelledby": field.labelId } : { "aria-label": field.label };
}

function choiceText(object, surface) {
  return object.type === "mrkdwn" ? mrkdwn(object.text, surface.store) : plain(object);
}

/** Radio buttons or checkboxes: native inputs, each inside of its label. */
function choices(type) {
  const single = type === "radio";
  const key = single ? "selected_option" : "selected_options";
  return (element, field, surface) => {
    const initial = single ? (element.initial_option ?? null) : (element.initial_options ?? []);
    const chosen = [surface.read(field, element, { [key]: initial })[key] ?? []].flat().map(({ value }) => value);
    const name = freshId("choice");
    const write = async () => {
      if (!(await ask(element, surface))) return;
      const picked = element.options.filter((_option, index) => inputs[index].checked);
      surface.write(field, element, { [key]: single ? (picked[0] ?? null) : picked }, host);
    };
    const inputs = element.options.map((option) =>
      h("input", { type, name, value: option.value, checked: chosen.includes(option.value), onchange: write }),
    );
    const label = (option, index) => {
      const detail =
        option.description && h("span", { class: "choice-detail" }, choiceText(option.description, surface));
      return h("label", { class: "choice" }, inputs[index], h("span", {}, choiceText(option.text, surface), detail));
    };
    const host = h("div", {
      class: "choices",
      role: single ? "radiogroup" : "group",
      id: field.id,
      "aria-describedby": field.describedBy,
      ...groupName(field),
    });
    append(host, element.options.map(label));
    return host;
  };
}

function endingOf(name) {
  return name.split(".").at(-1).toLowerCase();
}

/** Files of a modal: uploaded as they are chosen, named in the state when they have arrived. */
function fileInput(element, field, surface) {
  const files = () => surface.form.get(field.blockId, element.action_id)?.files ?? [];
  const write = (list) => surface.write(field, element, { files: list }, host);
  surface.read(field, element, { files: [] });
  const most = element.max_files ?? 10;
  const accept = element.filetypes?.map((ending) => `.${ending}`).join(",");
  const take = async (chosen) => {
    const fitting = chosen.filter(
      ({ name }) => !element.filetypes?.length || element.filetypes.includes(endingOf(name)),
    );
    const room = fitting.slice(0, most - files().length);
    const refusal =
      fitting.length < chosen.length
        ? `Only these files fit here: ${element.filetypes.join(", ")}.`
        : `Only ${most === 1 ? "one file fits" : `${most} files fit`} here. Remove one to choose another.`;
    surface.forgive(host);
    if (room.length < chosen.length) surface.warn(host, refusal);
    if (!room.length) return;
    host.setAttribute("aria-busy", "true");
    const answer = await surface.api.upload({ view_id: surface.container.view_id, action_id: element.action_id }, room);
    host.removeAttribute("aria-busy");
    if (answer.ok) write([...files(), ...(answer.files ?? [answer.file])]);
    else surface.warn(host, answer.text ?? "This upload didn't work. Try again?");
    show();
  };
  const input = h("input", {
    ...attributesOf(field),
    type: "file",
    class: "visually-hidden",
    multiple: most > 1,
    accept,
    onchange: () => take([...input.files]).then(() => (input.value = "")),
  });
  const drop = h(
    "label",
    { class: "drop", for: field.id },
    icon("attach"),
    most > 1 ? "Choose files or drop them here" : "Choose a file or drop it here",
  );
  const list = h("ul", { class: "chips" });
  const host = h("div", { class: "file-input" }, input, drop, list);
  const show = () =>
    list.replaceChildren(
      ...files().map((file) =>
        fileChip({ ...file, type: file.mimetype ?? "" }, () => {
          write(files().filter(({ id }) => id !== file.id));
          surface.forgive(host);
          show();
          input.focus();
        }),
      ),
    );
  host.addEventListener("dragover", (event) => event.preventDefault());
  host.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    take([...event.dataTransfer.files]);
  });
  show();
  return host;
}

/** @type {Object<string, (element: Object, field: import("./surface.js").Field, surface: import("./surface.js").Surface) => HTMLElement>} */
const ELEMENTS = {
  button,
  overflow,
  plain_text_input: textInput,
  number_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  rich_text_input: richTextInput,
  datepicker: picker("date", "selected_date", "initial_date"),
  timepicker: picker("time", "selected_time", "initial_time"),
  datetimepicker: dateTimePicker,
  radio_buttons: choices("radio"),
  checkboxes: choices("checkbox"),
  file_input: fileInput,
};

/** Elements that are groups of controls: their label is no <label for>. */
export const GROUPS = new Set(["radio_buttons", "checkboxes", "datetimepicker"]);

/** Draws an interactive element, which bears the name of its action. */
export function interactive(element, field, surface) {
  const node = drawn(element, field, surface);
  node.dataset.action = element.action_id;
  return node;
}

function drawn(element, field, surface) {
  if (element.type.endsWith("_select")) return select(element, field, surface, attributesOf(field));
  const draw = ELEMENTS[element.type];
  return draw ? draw(element, field, surface) : h("span", { class: "unsupported" }, "This can't be shown here.");
}
