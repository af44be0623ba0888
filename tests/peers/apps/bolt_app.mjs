/** A plain app on bolt-js: a modal by command and by shortcut, whose submission is told in the channel. */

import bolt from "@slack/bolt";

const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
});

const plain = (text) => ({ type: "plain_text", text });

async function ask({ ack, body, client }) {
  await ack();
  const element = { type: "plain_text_input", action_id: "words" };
  await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: "modal",
      callback_id: "asked",
      title: plain("Ask"),
      submit: plain("Send"),
      blocks: [{ type: "input", block_id: "words", label: plain("Words"), element }],
    },
  });
}

app.command("/ask", ask);
app.shortcut("ask", ask);
app.view("asked", async ({ ack, view, client }) => {
  await ack();
  await client.chat.postMessage({ channel: "C0COMPOSERS", text: `Asked: ${view.state.values.words.words.value}` });
});

await app.start();
