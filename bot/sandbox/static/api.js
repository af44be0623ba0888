/** The wire to the sandbox server: its state, its acts, its stream. */

const UNREACHABLE = { ok: false, error: "unreachable", text: "The workspace can't be reached. Is it still running?" };

/** Seconds before the stream is opened again after it broke: first, and at most. */
const RETRY_SECONDS = { first: 0.5, most: 8 };

/** @returns {Promise<{ok: boolean, error?: string, text?: string}>} Never rejects: what went wrong comes as `ok: false` with a text. */
async function answerOf(request) {
  try {
    const response = await request;
    return await response.json();
  } catch {
    return UNREACHABLE;
  }
}

/** What one person may do, in the names of the sandbox's control API. */
export class Api {
  /** @param {string} person A user id such as "U0ADA". */
  constructor(person) {
    this.person = person;
  }

  /** All that this person can see. */
  state() {
    return answerOf(fetch(`/sandbox/state?as=${this.person}`));
  }

  /** Does something in this person's name, such as `act("say", {channel, text})`. */
  act(verb, body = {}) {
    const payload = JSON.stringify({ as: this.person, ...body });
    return answerOf(
      fetch(`/sandbox/act/${verb}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: payload }),
    );
  }

  /**
   * Uploads files, in one message or (without a channel) for a form's file input.
   * @param {{channel?: string, thread_ts?: string, text?: string}} place
   * @param {File[]} files
   */
  upload(place, files) {
    const form = new FormData();
    form.set("as", this.person);
    for (const [name, value] of Object.entries(place)) if (value) form.set(name, value);
    for (const file of files) form.append("files", file, file.name);
    return answerOf(fetch("/sandbox/act/upload", { method: "POST", body: form }));
  }

  /** The address of a file's bytes. */
  fileUrl(id) {
    return `/sandbox/files/${encodeURIComponent(id)}?as=${this.person}`;
  }
}

/** Live updates. After a break the whole state is read again, so nothing that happened meanwhile is missed. */
export class Stream {
  /**
   * @param {string} person
   * @param {{since: number, onEvent: (event: Object) => void, onBroken: () => void, onRetry: () => Promise<?number>}} hooks
   *   `onRetry` reads the state again and gives the number to go on from, or null where the server is still away.
   */
  constructor(person, hooks) {
    this.person = person;
    this.hooks = hooks;
    this.wait = RETRY_SECONDS.first;
    this.open(hooks.since);
  }

  open(since) {
    if (this.closed) return;
    this.source = new EventSource(`/sandbox/stream?as=${this.person}&since=${since}`);
    this.source.onopen = () => (this.wait = RETRY_SECONDS.first);
    this.source.onmessage = (message) => this.hooks.onEvent(JSON.parse(message.data));
    this.source.onerror = () => this.retry();
  }

  retry() {
    this.source.close();
    if (this.closed) return;
    this.hooks.onBroken();
    this.timer = setTimeout(async () => {
      const since = await this.hooks.onRetry();
      if (since === null) this.retry();
      else this.open(since);
    }, this.wait * 1000);
    this.wait = Math.min(this.wait * 2, RETRY_SECONDS.most);
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.source.close();
  }
}
