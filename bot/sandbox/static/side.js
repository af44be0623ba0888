/** Two people side by side: the page twice, each with its own switcher. The address remembers who: `/side?as=U0ADA&beside=U0JUDY`. */

import { h } from "./dom.js";

const PLACES = ["as", "beside"];
const address = new URLSearchParams(location.search);
/** @type {HTMLIFrameElement[]} */
let frames = [];

/** Who looks where nobody is named: the workspace's first two people. */
async function people() {
  const asked = PLACES.map((place) => address.get(place));
  const query = asked[0] ? `?as=${encodeURIComponent(asked[0])}&channel=none` : "?channel=none";
  const state = await fetch(`/sandbox/state${query}`)
    .then((response) => response.json())
    .catch(() => ({}));
  const first = state.me?.id ?? "";
  const others = (state.users ?? []).filter(({ id, deleted, is_bot: bot }) => !deleted && !bot && id !== first);
  return [first, asked[1] ?? others[0]?.id ?? first];
}

/** A window that shows the channel in which a person arrives, also where it is as narrow as a phone. */
function windowOf(person, place) {
  const src = `/?as=${encodeURIComponent(person)}#start`;
  return h("iframe", { src, title: `${place === "as" ? "Left" : "Right"} window`, allow: "autoplay" });
}

/** Keeps the address, so that a reload shows the same two. */
function remember(frame, { person, name }) {
  address.set(PLACES[frames.indexOf(frame)], person);
  history.replaceState(null, "", `?${address}`);
  frame.title = `${name}'s window`;
  frame.dataset.name = name;
  const names = frames.map(({ dataset }) => dataset.name).filter(Boolean);
  document.getElementById("who").textContent = names.join(" and ");
  document.title = `${names.join(" and ")} - Kantor Sandbox`;
}

addEventListener("message", ({ origin, source, data }) => {
  const frame = frames.find(({ contentWindow }) => contentWindow === source);
  if (origin === location.origin && frame && data?.person) remember(frame, data);
});
frames = (await people()).map((person, index) => windowOf(person, PLACES[index]));
document.getElementById("windows").append(...frames);
