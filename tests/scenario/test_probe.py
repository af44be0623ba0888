"""``kantor probe``, whole, against the sandbox. What it would find at Slack nobody knows before somebody has run it there."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.cli import app
from bot.probe_command import MORE_EVENTS, Probing, manifest, samples, write
from bot.sandbox.client import Person, Sandbox
from bot.sandbox.server import SandboxServer
from bot.settings import Settings
from handlers.probe.questions import Patience
from handlers.probe.report import NOBODY, Report
from handlers.probe.views import Press
from tests.makers.stage import CHANNEL, MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BRISK = Patience(person=60, events=0.5, answers=(0.2, 4.0))


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[SandboxServer]:
    """A workspace whose app has the probe's own manifest."""
    (tmp_path / "probe.json").write_text(manifest(), encoding="utf-8")
    with SandboxServer(manifest=tmp_path / "probe.json") as server:
        yield server


def settings(slack: SandboxServer) -> Settings:
    """Of an operator beside that workspace."""
    tokens = {"slack_bot_token": SecretStr(slack.bot_token), "slack_app_token": SecretStr(slack.app_token)}
    return Settings(**tokens, slack_api_url=slack.api_url)  # type: ignore[arg-type]


def press(who: Person, step: str, action: str) -> None:
    """The button of the message that says which of the steps it is."""
    who.click(who.wait_for_message(CHANNEL, step), action)


def do_as_told(who: Person) -> None:
    """All that the probe asks of a person."""
    midi = samples().midi
    press(who, "Begin", Press.BEGIN)
    press(who, "1 of 7", f"{Press.HEARD}_plays")
    press(who, "2 of 7", f"{Press.HEARD}_plays")
    who.wait_for_message(CHANNEL, "3 of 7")
    who.upload(CHANNEL, "mine.mid", midi)
    press(who, "4 of 7", Press.OPEN)
    assert who.submit(who.wait_for_view("Which of them"), {Press.INPUT: ["1", "2"]})["ok"]
    press(who, "5 of 7", Press.OPEN)
    window = who.wait_for_view("A MIDI file")
    assert who.submit(window, {Press.INPUT: [who.attach(window, Press.INPUT, "mine.mid", midi)]})["ok"]
    press(who, "6 of 7", Press.OPEN)
    who.close(who.wait_for_view("Do not send"))
    press(who, "7 of 7", Press.OPEN)
    assert who.submit(who.wait_for_view("Answer 1"))["ok"]
    late = who.wait_for_view("Answer 2")
    assert not who.submit(late)["ok"]
    who.close(late)


def probed(slack: SandboxServer, patience: Patience, person: str | None = "ada") -> tuple[Report, list[str]]:
    """The report, and what the operator read meanwhile; the person does what is asked, where there is one."""
    told: list[str] = []
    with Sandbox(slack.base_url) as sandbox, ThreadPoolExecutor(1) as pool:
        running = pool.submit(Probing(settings(slack), CHANNEL, patience, told.append).run)
        if person:
            do_as_told(sandbox.person(person))
        return running.result(), told


def test_the_sandbox_is_as_the_probe_believes(slack: SandboxServer, tmp_path: Path) -> None:
    """Every question is asked and answered, nothing differs; nothing of anybody is in the report, and nothing of the probe's stays."""
    report, told = probed(slack, BRISK)
    assert [] == [each for each in report.answers if each.differs or each.found == NOBODY]
    questions = list(dict.fromkeys(each.question for each in report.answers))
    assert [
        "The line",
        "Tables in messages",
        "Files of the app",
        "Sound",
        "A MIDI file of a person's",
        "Pictures in windows",
        "A file in a window",
        "A window that is closed",
        "A late acknowledgement",
    ] == questions
    assert {"after 0.2 s": "taken", "after 4 s": "refused"} == {
        each.what: each.found for each in report.answers if each.question == questions[-1]
    }
    assert "file_shared, message/file_share" in {each.found for each in report.answers}
    assert len(told) > len(report.answers)

    write(report, tmp_path)
    written = (tmp_path / "report.md").read_text(encoding="utf-8") + (tmp_path / "report.json").read_text(
        encoding="utf-8"
    )
    assert report.as_json() in written
    assert [] == [
        word for word in ("U0", "C0", "T0", "mine.mid", "ada", "composers", "xoxb", "127.0.0.1") if word in written
    ]

    assert 0 == report.left
    with Sandbox(slack.base_url) as sandbox:
        ada = sandbox.person("ada")
        mine = [each["user"] for channel in (CHANNEL, ada.open_dm()) for each in ada.messages(channel)]
        assert {ada.id} == set(mine)


def test_what_differs_is_said_and_silence_is_no_difference(slack: SandboxServer) -> None:
    """To a workspace without data tables; nobody presses Begin; what was posted is taken away all the same."""
    with Sandbox(slack.base_url) as sandbox:
        sandbox.without_blocks("data_table")
    report, _ = probed(slack, Patience(person=0.2, events=0.1), person=None)
    assert [("data_table", "invalid_blocks", ("taken",))] == [
        (each.what, each.found, each.sandbox) for each in report.different
    ]
    assert NOBODY == report.answers[-1].found
    page = report.as_markdown()
    assert "1 unlike the sandbox's, 1 still open" in page
    assert "- Tables in messages, data_table: **invalid_blocks**, and the sandbox says taken" in page
    with Sandbox(slack.base_url) as sandbox:
        assert [] == sandbox.person("ada").messages(CHANNEL)


@pytest.mark.parametrize(
    ("arguments", "tokens", "said"),
    [
        ([], {}, "Name the channel by its id"),
        (["C0NOWHERE"], {}, "Slack says channel_not_found"),
        ([CHANNEL], {"SLACK_APP_TOKEN": ""}, "needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN"),
        ([CHANNEL], {"SLACK_APP_TOKEN": "xapp-other"}, "Are both tokens right"),
    ],
)
def test_what_cannot_be_is_a_sentence(
    slack: SandboxServer, arguments: list[str], tokens: dict[str, str], said: str
) -> None:
    """And no secret is in it."""
    there = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.api_url}
    result = CliRunner().invoke(app, ["probe", *arguments], env={**there, **tokens})
    assert 2 == result.exit_code
    assert said in result.output
    assert "xapp-" not in result.output


def test_the_probes_app_asks_for_no_more_than_kantors() -> None:
    """Its manifest is Kantor's with another name and more events of files; the scopes are the same."""
    result = CliRunner().invoke(app, ["probe", "--manifest"])
    told = json.loads(result.output)
    own = json.loads(MANIFEST.read_text(encoding="utf-8"))
    assert own["oauth_config"] == told["oauth_config"]
    events = [each["settings"]["event_subscriptions"]["bot_events"] for each in (told, own)]
    assert set(MORE_EVENTS) == set(events[0]) - set(events[1])
    assert "Kantor probe" == told["display_information"]["name"]
