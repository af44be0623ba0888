/** What Block Kit's elements stand on: a message, a modal or the Home tab, with what was filled in, and the way back to the app. */

import { h } from "./dom.js";
import { toast } from "./popups.js";

const TROUBLE = "This didn't work. Try again?";

/** Elements that have a state in `view.state.values`. */
const STATEFUL = new Set([
  "plain_text_input",
  "rich_text_input",
  "number_input",
  "email_text_input",
  "url_text_input",
  "file_input",
  "radio_buttons",
  "checkboxes",
  "static_select",
  "external_select",
  "users_select",
  "conversations_select",
  "channels_select",
  "multi_static_select",
  "multi_external_select",
  "multi_users_select",
  "multi_conversations_select",
  "multi_channels_select",
  "datepicker",
  "timepicker",
  "datetimepicker",
]);

/** What people filled in, by block and action. It outlives redrawing, as in Slack. */
export class Form {
  /** @param {string} [kept] Where the browser keeps it over a reload. */
  constructor(kept) {
    this.kept = kept;
    this.states = new Map(JSON.parse((kept && sessionStorage.getItem(kept)) || "[]"));
  }

  static key(blockId, actionId) {
    return `${blockId}\n${actionId}`;
  }

  get(blockId, actionId) {
    return this.states.get(Form.key(blockId, actionId));
  }

  set(blockId, actionId, state) {
    this.states.set(Form.key(blockId, actionId), state);
    if (this.kept) sessionStorage.setItem(this.kept, JSON.stringify([...this.states]));
  }

  /** `state.values` of the elements that these blocks hold now. */
  values(blocks) {
    const values = {};
    for (const block of every(blocks)) {
      for (const { type, action_id: actionId } of elementsOf(block)) {
        const state = STATEFUL.has(type) ? this.get(block.block_id, actionId) : undefined;
        if (state) values[block.block_id] = { ...values[block.block_id], [actionId]: state };
      }
    }
    return values;
  }
}

function elementsOf(block) {
  return [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])].filter(Boolean);
}

/** The blocks, and those that stand inside a container. */
function every(blocks) {
  return blocks.flatMap((block) => [block, ...every(block.child_blocks ?? [])]);
}

const FORMS = new Map();

let keptUnder = "";

/** The form of a message, a view or the Home tab; kept while the page lives. */
export function formOf(key) {
  if (!FORMS.has(key)) FORMS.set(key, new Form());
  return FORMS.get(key);
}

/** The form of a modal: a reload loses nothing of it. */
export function modalFormOf(viewId) {
  if (!FORMS.has(viewId)) FORMS.set(viewId, new Form(keptUnder + viewId));
  return FORMS.get(viewId);
}

/** Forgets a modal's form: it is closed. */
export function forgetForm(viewId) {
  FORMS.delete(viewId);
  sessionStorage.removeItem(keptUnder + viewId);
}

/** Begins with what a person filled in, as far as the modals are open still, and forgets the rest. */
export function useFormsOf(person, openIds) {
  FORMS.clear();
  keptUnder = `kantor-sandbox.form.${person}.`;
  const own = Object.keys(sessionStorage).filter((key) => key.startsWith(keptUnder));
  for (const key of own) if (!openIds.includes(key.slice(keptUnder.length))) sessionStorage.removeItem(key);
}

/**
 * @typedef {Object} Field One element's place.
 * @property {string} id
 * @property {string} blockId
 * @property {string} label What it is called where no <label> stands beside it.
 * @property {boolean} labelled Whether a <label> stands beside it.
 * @property {string} [labelId]
 * @property {string} [describedBy]
 * @property {boolean} [required]
 * @property {boolean} dispatches Whether a change is told to the app at once.
 */

/** Draws elements' values from a form and tells the app about actions. */
export class Surface {
  /**
   * @param {Object} parts
   * @param {import("./app.js").App} parts.app
   * @param {Object} parts.container As the sandbox's `action` takes it.
   * @param {Object[]} parts.blocks
   * @param {Form} parts.form
   * @param {string} [parts.channelId] Where it is shown.
   */
  constructor({ app, container, blocks, form, channelId }) {
    Object.assign(this, { app, store: app.store, api: app.api, container, blocks, form, channelId });
  }

  /** What an element holds: what was filled in, otherwise `initial`, which then counts as filled in. */
  read(field, element, initial) {
    const known = this.form.get(field.blockId, element.action_id);
    if (known) return known;
    this.form.set(field.blockId, element.action_id, { type: element.type, ...initial });
    return this.form.get(field.blockId, element.action_id);
  }

  /** Keeps what was filled in, and tells the app where the element does so. */
  write(field, element, state, node) {
    this.form.set(field.blockId, element.action_id, { type: element.type, ...state });
    if (field.dispatches) this.dispatch(field, element, state, node);
  }

  /** Tells the app about an action; where that fails, says so beside the element. */
  async dispatch(field, element, part, node) {
    node.setAttribute("aria-busy", "true");
    const answer = await this.api.act("action", {
      container: this.container,
      block_id: field.blockId,
      action_id: element.action_id,
      action: { type: element.type, ...part },
      state: { values: this.form.values(this.blocks) },
    });
    node.removeAttribute("aria-busy");
    if (!answer.ok) this.warn(node, answer.text ?? TROUBLE);
    else this.forgive(node);
  }

  /** Takes away what `warn` said. */
  forgive(node) {
    node.closest(".block")?.querySelector(".action-error")?.remove();
  }

  warn(node, text) {
    this.app.heard({ channel: this.container.channel, view_id: this.container.view_id, text });
    const host = node.closest(".block");
    if (!host) return toast(text);
    host.querySelector(".action-error")?.remove();
    host.append(h("div", { class: "action-error", role: "alert" }, text));
    return undefined;
  }

  /** Options of an external select; an Error with a text for the person where the app gives none. */
  async suggest(field, element, value) {
    const answer = await this.api.act("suggest", {
      container: this.container,
      block_id: field.blockId,
      action_id: element.action_id,
      value,
    });
    if (!answer.ok) throw new Error(answer.text ?? TROUBLE);
    if (answer.option_groups?.length) return answer.option_groups;
    return [{ options: answer.options ?? [] }];
  }
}
