/** Modals: the stack of views that the app opened, with errors beside the fields. */

import { clearError, drawBlocks, refusedControl, showErrors } from "./blocks.js";
import { freshId, h, heir, icon } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { Surface, forgetForm, modalFormOf } from "./surface.js";

const TROUBLE = "We had some trouble connecting. Try again?";

/** One view as a dialog. */
class Modal {
  constructor(app, view) {
    Object.assign(this, { app, view });
    const container = { type: "view", view_id: view.id };
    this.surface = new Surface({ app, container, blocks: [], form: modalFormOf(view.id), channelId: app.place.channelId });
    this.build();
  }

  build() {
    const titleId = freshId("title");
    this.title = h("h1", { id: titleId });
    this.back = h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Back", onclick: () => this.close() },
      icon("back"),
    );
    const dismiss = h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => this.app.modals.closeAll() },
      icon("close"),
    );
    this.banner = h("div", { class: "modal-banner", role: "alert", hidden: true });
    this.body = h("div", { class: "modal-body", role: "group", "aria-labelledby": titleId, tabindex: "0" });
    this.body.addEventListener("input", ({ target }) => this.forgive(target));
    this.cancel = h("button", { type: "button", class: "button", onclick: () => this.close() });
    this.submitButton = h("button", { type: "submit", class: "button primary" });
    this.footer = h("footer", { class: "dialog-buttons" }, this.cancel, this.submitButton);
    const form = h(
      "form",
      { novalidate: true },
      h("header", {}, this.back, this.title, dismiss),
      this.banner,
      this.body,
      this.footer,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.node = h("dialog", { class: "modal", "aria-labelledby": titleId }, form);
    for (const kind of ["keydown", "pointerdown", "input"])
      this.node.addEventListener(kind, () => (this.touched = true));
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && (event.preventDefault(), this.close()));
    this.node.addEventListener("cancel", (event) => (event.preventDefault(), this.close()));
    document.body.append(this.node);
  }

  /** Shows a view's newest version; what was filled in stays. */
  update(view, depth) {
    const changed = view.hash !== this.view.hash;
    if (changed) showErrors(this.body, {});
    const isNew = changed && (this.submitted || plain(view.title) !== plain(this.view.title));
    if (changed) this.submitted = false;
    this.view = view;
    this.surface.blocks = view.blocks ?? [];
    this.title.textContent = plain(view.title);
    this.back.hidden = depth < 2;
    this.cancel.textContent = plain(view.close) || (view.submit ? "Cancel" : "Close");
    this.submitButton.textContent = plain(view.submit);
    this.submitButton.hidden = !view.submit;
    this.draw();
    if (isNew && this.node.open) this.begin();
  }

  /** Another form in the same dialog: its top shows, and its first field has the focus. */
  begin() {
    this.focusFirst({ preventScroll: true });
    this.body.scrollTop = 0;
  }

  /** Whether the focus is nowhere: what had it went away, or is hidden now. */
  get isLost() {
    const { activeElement: at } = document;
    return at === null || at === document.body || (this.node.contains(at) && at.closest("[hidden]") !== null);
  }

  /** Redraws what changed. The focus goes to the first field where nobody has begun to use the form, or where its field is gone. */
  draw() {
    drawBlocks(this.body, this.surface);
    if (this.node.open && (this.isLost || !this.touched)) this.focusFirst();
  }

  /** Takes a field's error away as soon as it is corrected. */
  forgive(target) {
    const node = target.closest(".has-error");
    if (node) clearError(node);
  }

  show() {
    if (this.node.open) return;
    this.node.showModal();
    this.focusFirst();
  }

  focusFirst(how) {
    const wanted = this.view.blocks?.find((block) => block.element?.focus_on_load);
    const host = wanted ? this.body.querySelector(`[data-key="${CSS.escape(wanted.block_id)}"]`) : this.body;
    const field = host?.querySelector(".text-input, .select-input, .choices input");
    (field ?? (this.view.submit ? this.submitButton : this.cancel)).focus(how);
  }

  notice(text) {
    this.app.heard({ view_id: this.view.id, text });
    this.banner.replaceChildren(icon("warning"), text);
    this.banner.hidden = false;
  }

  busy(on) {
    this.node.toggleAttribute("aria-busy", on);
    this.submitButton.setAttribute("aria-disabled", String(on)); // a disabled one would lose the focus
    this.submitButton.classList.toggle("loading", on);
  }

  async submit() {
    if (!this.view.submit || this.submitButton.ariaDisabled === "true") return;
    this.banner.hidden = true;
    this.busy(true);
    this.submitted = true;
    const answer = await this.app.api.act("submit", {
      view_id: this.view.id,
      state: { values: this.surface.form.values(this.surface.blocks) },
    });
    this.busy(false);
    showErrors(this.body, answer.errors ?? {});
    if (!answer.ok) this.submitted = false;
    refusedControl(this.body)?.focus();
    this.body.querySelector(".has-error")?.scrollIntoView({ block: "nearest" });
    if (!answer.ok && !Object.keys(answer.errors ?? {}).length) this.notice(answer.text || TROUBLE);
  }

  async close() {
    const answer = await this.app.api.act("close", { view_id: this.view.id });
    if (!answer.ok) this.notice(answer.text ?? TROUBLE);
  }

  remove() {
    this.node.close();
    this.node.remove();
  }
}

/** Keeps the open dialogs in step with the store's stack; only the top one shows. */
export class Modals {
  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.app = app;
    /** @type {Map<string, Modal>} */
    this.open = new Map();
  }

  update() {
    const { views } = this.app.store;
    const had = this.open.size > 0;
    if (!had) this.opener = document.activeElement;
    const ids = new Set(views.map(({ id }) => id));
    for (const [id, modal] of this.open) if (!ids.has(id)) this.drop(id, modal, true);
    views.forEach((view, index) => {
      if (!this.open.has(view.id)) this.open.set(view.id, new Modal(this.app, view));
      this.open.get(view.id).update(view, index + 1);
    });
    const top = views.at(-1)?.id;
    for (const [id, modal] of this.open) if (id !== top && modal.node.open) modal.node.close();
    this.open.get(top)?.show();
    if (had && !views.length && document.activeElement === document.body) this.giveBack();
  }

  /** The focus goes where it was when the first dialog opened, also where that was drawn anew meanwhile. */
  giveBack() {
    const back = heir(this.opener);
    if (back && back !== document.body) back.focus({ preventScroll: true });
    else this.app.pane.focus();
  }

  drop(id, modal, closed = false) {
    modal.remove();
    if (closed) forgetForm(id);
    this.open.delete(id);
  }

  /** Removes all dialogs, for another person. */
  clear() {
    for (const [id, modal] of this.open) this.drop(id, modal);
  }

  async closeAll() {
    for (const { id } of [...this.app.store.views].reverse()) await this.app.api.act("close", { view_id: id });
  }

  notice(viewId, text) {
    this.open.get(viewId)?.notice(text);
  }
}
