/** Slack's own slash commands, the few that a workspace with one app needs. */

function personCalled(word, store) {
  const name = word.replace(/^@/, "").toLowerCase();
  return [...store.users.values()].find(
    (user) => !user.deleted && [user.name, store.personName(user.id)].some((known) => known.toLowerCase() === name),
  );
}

/** `/invite @kantor`: brings people or the app into this channel. */
async function invite(app, channel, words) {
  const people = words.map((word) => personCalled(word, app.store));
  if (!words.length || people.includes(undefined))
    return "Who should come? Write their name, such as `/invite @kantor`.";
  const answer = await app.api.act("invite", { channel, users: people.map(({ id }) => id) });
  return answer.ok ? null : answer.text;
}

async function leave(app, channel) {
  const answer = await app.api.act("leave", { channel });
  return answer.ok ? null : answer.text;
}

/** @type {Object<string, {command: string, usage_hint: string, description: string, run: Function}>} `run` gives what went wrong, or null. */
const COMMANDS = {
  "/invite": {
    command: "/invite",
    usage_hint: "@someone",
    description: "Bring somebody into this channel",
    run: invite,
  },
  "/leave": { command: "/leave", usage_hint: "", description: "Leave this channel", run: leave },
};

/** All of them, for the list of suggestions. */
export const builtins = Object.values(COMMANDS);

/** Runs a line where it is one of Slack's own commands. @returns {Promise<boolean>} Whether it was. */
export async function runBuiltin(app, channel, line) {
  const [name, ...words] = line.split(/\s+/);
  const known = COMMANDS[name];
  if (!known) return false;
  const trouble = await known.run(app, channel, words.filter(Boolean));
  if (trouble) app.store.tellHere(channel, trouble);
  return true;
}
