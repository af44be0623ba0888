"""bolt-js as the sandbox's second client: a Node process, what it tells, and the steps that a person takes with it."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.sandbox.client import Sandbox
from bot.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(__file__).parent
CHANNEL = "C0COMPOSERS"
SECONDS = 20.0


class NodeApp:
    """A running Node script that tells what happens to it, one JSON object a line."""

    def __init__(self, node: str, script: str, server: SandboxServer) -> None:
        tokens = {"SLACK_BOT_TOKEN": server.bot_token, "SLACK_APP_TOKEN": server.app_token}
        environment = {**os.environ, **tokens, "SLACK_API_URL": server.api_url}
        self._told: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._ended = False
        self._process = subprocess.Popen(
            (node, script), cwd=FOLDER, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait(self, what: str, fits: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The facts of the first thing of this name that fits; AssertionError after 20 s, or where the script ends."""

        def found() -> list[dict[str, Any]]:
            return [one["facts"] for one in self._told if one["what"] == what and fits(one["facts"])]

        with self._news:
            self._news.wait_for(lambda: found() or self._ended, SECONDS)
            told = [json.dumps(one)[:300] for one in self._told[-5:]]
            assert found(), f"bolt-js told nothing like {what!r}; last it told {told}"
            return found()[0]

    def told(self, what: str) -> list[dict[str, Any]]:
        """The facts of everything of this name so far."""
        with self._news:
            return [one["facts"] for one in self._told if one["what"] == what]

    def stop(self) -> None:
        """SIGTERM; killed where that does not end it."""
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                self._told.append(json.loads(line))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


@dataclass
class Play:
    """The workspace, bolt-js in it, and what the steps hand on to each other."""

    slack: Sandbox
    app: NodeApp
    kept: dict[str, Any] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def raised(cls, node: str) -> Iterator[Play]:
        """A workspace with bolt-js connected to it by Socket Mode."""
        with SandboxServer() as server, Sandbox(server.base_url) as slack:
            app = NodeApp(node, "second_client.mjs", server)
            try:
                yield cls(slack, app)
            finally:
                app.stop()


def connects(play: Play) -> None:
    """It connects over Socket Mode."""
    play.app.wait("started")
    play.slack.wait_connected()


def opens_a_modal(play: Play) -> None:
    """It gets a slash command and opens a modal by its trigger."""
    ada = play.slack.person("ada")
    ada.command(CHANNEL, "/kantor new @ben")
    command = play.app.wait("command")
    assert "new <@U0BEN|ben>" == command["text"], command
    assert ("U0ADA", CHANNEL) == (command["user_id"], command["channel_id"]), command
    opened = play.app.wait("views.open")
    assert opened["ok"], opened
    assert opened["view"]["hash"], opened
    play.kept["view"] = ada.wait_for_view("A piece")
    assert opened["view"]["id"] == play.kept["view"]["id"]


def suggests_options(play: Play) -> None:
    """It is asked for the options of an external select."""
    options = play.slack.person("ada").suggest(play.kept["view"], "key", "C")
    assert ["C major", "C minor"] == [one["value"] for one in options], options
    assert "C" == play.app.wait("options")["value"]
    play.kept["key"] = options[0]


def refuses_a_field(play: Play) -> None:
    """It refuses one field of a submission, and the modal stays open."""
    answer = _submit(play, "Untitled")
    assert {"title": "Every piece has a name."} == answer["errors"], answer
    assert 1 == len(play.slack.person("ada").views())


def takes_a_submission(play: Play) -> None:
    """It gets the submission with the state of seven kinds of inputs."""
    answer = _submit(play, "Dawn")
    assert answer["ok"], answer
    values = play.app.wait("view_submission")["state"]["values"]
    state = {block: next(iter(actions.values())) for block, actions in values.items()}
    assert {"type": "plain_text_input", "value": "Dawn"} == state["title"]
    assert {"type": "number_input", "value": "8"} == state["bars"]
    assert {"type": "datepicker", "selected_date": "2026-11-22"} == state["day"]
    assert {"type": "users_select", "selected_user": "U0BEN"} == state["player"]
    assert "wild" == state["mood"]["selected_option"]["value"]
    assert ["harp"] == [one["value"] for one in state["parts"]["selected_options"]]
    assert "C major" == state["key"]["selected_option"]["value"]
    assert [] == play.slack.person("ada").views()


def posts_blocks(play: Play) -> None:
    """It posts a message with blocks and metadata, and everyone sees it."""
    posted = play.app.wait("chat.postMessage")
    assert posted["ok"], posted
    play.kept["message"] = play.slack.person("ben").wait_for_message(CHANNEL, "A piece: Dawn")
    assert posted["ts"] == play.kept["message"]["ts"]
    assert ["header", "section", "actions"] == [block["type"] for block in posted["message"]["blocks"]]
    stored = next(one for one in play.slack.all_messages(CHANNEL) if one["ts"] == posted["ts"])
    assert {"event_type": "piece_posted", "event_payload": {"title": "Dawn"}} == stored["metadata"]


def hears_itself(play: Play) -> None:
    """It gets the message event of its own post."""
    event = play.app.wait("message", lambda told: told["event"].get("text") == "A piece: Dawn")["event"]
    assert (play.kept["message"]["ts"], "U0KANTOR", "B0KANTOR") == (event["ts"], event["user"], event["bot_id"])
    assert "channel" == event["channel_type"]


def uploads_a_file(play: Play) -> None:
    """It uploads a file by filesUploadV2, which is shared in the thread a moment later."""
    uploaded = play.app.wait("filesUploadV2")["files"][0]["files"][0]
    assert "Scale" == uploaded["title"], uploaded
    shared = play.slack.person("ben").wait_for_message(CHANNEL, "8 bars for <@U0BEN>")
    assert play.kept["message"]["ts"] == shared["thread_ts"]
    assert [("scale.txt", "Scale")] == [(file["name"], file["title"]) for file in shared["files"]]
    assert b"C D E F G A B c" == play.slack.file_bytes(uploaded["id"])


def answers_a_button(play: Play) -> None:
    """It gets a button and answers it by its response URL."""
    ben = play.slack.person("ben")
    ben.click(play.kept["message"], "hear")
    told = play.app.wait("action")
    assert ("Dawn", "U0BEN") == (told["action"]["value"], told["body"]["user"]["id"]), told
    assert ben.wait_for_ephemeral(CHANNEL, "La la la: Dawn")["is_ephemeral"]
    assert [] == play.slack.person("ada").ephemerals(CHANNEL)


def publishes_a_home(play: Play) -> None:
    """It publishes an App Home when somebody opens it."""
    ada = play.slack.person("ada")
    ada.open_home()
    ada.wait_for_home("Hello <@U0ADA>")
    assert play.app.wait("views.publish")["ok"]


def hears_of_a_closed_modal(play: Play) -> None:
    """It hears that a modal was closed."""
    ada = play.slack.person("ada")
    ada.command(CHANNEL, "/kantor new")
    ada.close(ada.wait_for_view("A piece"))
    assert not play.app.wait("view_closed")["is_cleared"]


def comes_back(play: Play) -> None:
    """It comes back by itself after Slack's disconnect, and hears what was said meanwhile by the retry after a minute."""
    play.slack.disconnect()
    play.slack.person("ada").say(CHANNEL, "Anyone there?")
    play.slack.wait_connected()
    play.slack.advance(60)
    play.app.wait("message", lambda told: told["event"].get("text") == "Anyone there?")


def makes_no_error(play: Play) -> None:
    """It has met no error."""
    assert [] == play.app.told("error")
    calls = [line for line in play.slack.log() if line["kind"] == "api"]
    assert [] == [(line["name"], line["answer"]) for line in calls if not line["answer"]["ok"]]


STEPS = (
    connects,
    opens_a_modal,
    suggests_options,
    refuses_a_field,
    takes_a_submission,
    posts_blocks,
    hears_itself,
    uploads_a_file,
    answers_a_button,
    publishes_a_home,
    hears_of_a_closed_modal,
    comes_back,
    makes_no_error,
)


def _submit(play: Play, title: str) -> dict[str, Any]:
    filled = {"title": title, "bars": 8, "player": "U0BEN", "mood": "wild", "parts": ["harp"]}
    key = {"type": "external_select", "selected_option": play.kept["key"]}
    ada = play.slack.person("ada")
    return ada.submit(ada.wait_for_view("A piece"), {**filled, "key": key["selected_option"]})
