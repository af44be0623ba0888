// A small app on bolt-js, unchanged from npm: the sandbox must be a Slack to it too.
// It tells on stdout, one JSON object a line, what it has been sent and what its calls were answered.
import bolt from '@slack/bolt';

const { App, LogLevel } = bolt;
const button = (text, action_id, value) => ({
  type: 'button', text: { type: 'plain_text', text }, action_id, value,
});
const input = (block_id, label, element) => ({
  type: 'input', block_id, label: { type: 'plain_text', text: label }, element: { action_id: block_id, ...element },
});
const option = (text, value) => ({ text: { type: 'plain_text', text }, value });

const modal = (channel) => ({
  type: 'modal',
  callback_id: 'piece',
  private_metadata: channel,
  notify_on_close: true,
  title: { type: 'plain_text', text: 'A piece' },
  submit: { type: 'plain_text', text: 'Send' },
  blocks: [
    input('title', 'Title', { type: 'plain_text_input', max_length: 40 }),
    input('bars', 'Bars', { type: 'number_input', is_decimal_allowed: false, min_value: '1', max_value: '64' }),
    input('day', 'Day', { type: 'datepicker', initial_date: '2026-11-22' }),
    input('player', 'Player', { type: 'users_select' }),
    input('mood', 'Mood', { type: 'radio_buttons', options: [option('Calm', 'calm'), option('Wild', 'wild')] }),
    input('parts', 'Parts', { type: 'checkboxes', options: [option('Flute', 'flute'), option('Harp', 'harp')] }),
    input('key', 'Key', { type: 'external_select', min_query_length: 1 }),
  ],
});

const message = (title) => ({
  text: `A piece: ${title}`,
  blocks: [
    { type: 'header', text: { type: 'plain_text', text: title } },
    { type: 'section', text: { type: 'mrkdwn', text: 'Press to *hear* it.' } },
    { type: 'actions', elements: [button('Hear', 'hear', title)] },
  ],
  metadata: { event_type: 'piece_posted', event_payload: { title } },
});

const tell = (what, facts) => process.stdout.write(`${JSON.stringify({ what, facts })}\n`);
const clientOptions = { slackApiUrl: process.env.SLACK_API_URL };
const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  ignoreSelf: false,
  logLevel: LogLevel.ERROR,
  clientOptions,
});

app.command('/kantor', async ({ command, ack, client }) => {
  await ack();
  tell('command', command);
  const opened = await client.views.open({ trigger_id: command.trigger_id, view: modal(command.channel_id) });
  tell('views.open', opened);
});

app.options('key', async ({ options, ack }) => {
  tell('options', options);
  await ack({ options: ['C major', 'C minor'].map((name) => option(name, name)) });
});

app.view('piece', async ({ view, ack, client }) => {
  const { title, bars, player } = view.state.values;
  if (title.title.value === 'Untitled') {
    await ack({ response_action: 'errors', errors: { title: 'Every piece has a name.' } });
    return;
  }
  await ack();
  tell('view_submission', view);
  const channel = view.private_metadata;
  const posted = await client.chat.postMessage({ channel, ...message(title.title.value) });
  tell('chat.postMessage', posted);
  const uploaded = await client.filesUploadV2({
    channel_id: channel,
    thread_ts: posted.ts,
    initial_comment: `${bars.bars.value} bars for <@${player.player.selected_user}>`,
    file_uploads: [{ file: Buffer.from('C D E F G A B c'), filename: 'scale.txt', title: 'Scale' }],
  });
  tell('filesUploadV2', uploaded);
});

app.view({ callback_id: 'piece', type: 'view_closed' }, async ({ body, ack }) => {
  await ack();
  tell('view_closed', body);
});

app.action('hear', async ({ action, body, ack, respond }) => {
  await ack();
  tell('action', { action, body });
  await respond({ response_type: 'ephemeral', replace_original: false, text: `La la la: ${action.value}` });
});

app.event('message', async ({ event, context }) => tell('message', { event, retry: context.retryNum ?? 0 }));

app.event('app_home_opened', async ({ event, client }) => {
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: `Hello <@${event.user}>` } }];
  tell('views.publish', await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } }));
});

app.error(async (error) => tell('error', { message: error.message, stack: error.stack }));

await app.start();
tell('started', {});
process.on('SIGTERM', async () => {
  await app.stop();
  process.exit(0);
});
