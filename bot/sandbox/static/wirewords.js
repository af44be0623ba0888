/** What a line of the wire is about, in one line of words. */

import { sizeText } from "./files.js";

/** Names of people and channels by id. */
const NAMES = new Map();
const ID = /\b[UCDG][A-Z0-9]{4,}\b/g;
const LONGEST = 160;

/** Reads who and what the ids are, as the workspace's first person sees them. */
export async function learnNames() {
  const state = await fetch("/sandbox/state?channel=none")
    .then((response) => response.json())
    .catch(() => ({}));
  const known = await fetch("/sandbox/act/browse", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ as: state.me?.id }),
  })
    .then((response) => response.json())
    .catch(() => ({}));
  for (const user of state.users ?? []) NAMES.set(user.id, user.profile?.display_name || user.name);
  for (const { id, name } of known.channels ?? []) NAMES.set(id, `#${name}`);
}

function valueOf(action) {
  const chosen = action.selected_option ?? action.selected_options ?? action.value;
  const one = [chosen ?? []].flat().map((option) => option.value ?? option);
  return one.join(", ") || action.selected_user || action.selected_date || action.selected_time;
}

/** @type {Object<string, (payload: Object) => Array>} By the type of the payload. */
const INTERACTIONS = {
  block_actions: ({ user, actions }) => [user?.id, actions?.[0]?.action_id, valueOf(actions?.[0] ?? {})],
  block_suggestion: ({ user, action_id: id, value }) => [user?.id, id, value && `“${value}”`],
  view_submission: ({ user, view }) => [user?.id, view?.title?.text ?? view?.callback_id],
  view_closed: ({ user, view }) => [user?.id, view?.title?.text ?? view?.callback_id],
};

function aboutDelivery({ payload = {} }) {
  if (payload.command) return [payload.user_id, payload.channel_id, `${payload.command} ${payload.text ?? ""}`];
  const { event } = payload;
  const words = event && (event.text || event.tab || event.file_id || event.message?.text);
  if (event) return [event.user?.id ?? event.user, event.channel?.id ?? event.channel, event.subtype, words];
  return INTERACTIONS[payload.type]?.(payload) ?? [];
}

/** A view comes as it is, or as JSON. */
function titleOf(view) {
  if (typeof view !== "string") return view?.title?.text ?? view?.type;
  try {
    return titleOf(JSON.parse(view));
  } catch {
    return view;
  }
}

function aboutCall({ channel, channel_id: channelId, user, user_id: userId, users, text, view, filename, length }) {
  const size = length && sizeText(Number(length));
  return [channel ?? channelId, user ?? userId ?? users, text || titleOf(view), filename, size];
}

/** @param {{kind: string, args: Object}} line */
export function summaryOf({ kind, args }) {
  const found = (kind === "delivery" ? aboutDelivery : aboutCall)(args ?? {});
  const words = found.filter((word) => typeof word === "string" && word.trim()).join(" · ");
  const fallback = args && Object.keys(args).length && kind !== "delivery" ? JSON.stringify(args) : "";
  return (words || fallback)
    .replaceAll("\n", " ")
    .slice(0, LONGEST)
    .replace(ID, (id) => NAMES.get(id) ?? id);
}
