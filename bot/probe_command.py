"""``kantor probe``: asks the Slack of the settings what no document settles, and writes down where the sandbox says something else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from slack_sdk.errors import SlackApiError

from bot.errors import ConfigurationError
from bot.wiring import slack
from handlers.probe.hand import Hand
from handlers.probe.line import Line
from handlers.probe.questions import Patience, Probe, Samples
from handlers.probe.report import Report
from handlers.slack.clients import asking_client
from handlers.slack.errors import code
from handlers.slack.manifest import MANIFEST
from judge import melodies, midi, render, synth, writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.settings import Settings
    from handlers.probe.report import Answer

MORE_EVENTS = ("file_change", "file_created", "file_public", "file_shared")
"""What Kantor itself need not hear, and the probe wants to know of."""


def manifest() -> str:
    """The manifest of an app that is there for the probe alone: Kantor's, with more events of files, and a name of its own."""
    told = json.loads(MANIFEST.read_text(encoding="utf-8"))
    told["display_information"]["name"] = told["features"]["bot_user"]["display_name"] = "Kantor probe"
    events = told["settings"]["event_subscriptions"]
    events["bot_events"] = sorted({*events["bot_events"], *MORE_EVENTS})
    return json.dumps(told, indent=2)


def samples() -> Samples:
    """A melody as MIDI, picture and, where this machine has a synthesizer, sound."""
    data = writer.write(melodies.MELODIES[0].score)
    performance = midi.read(data)
    try:
        sound = synth.mp3(data, performance)
    except synth.SoundUnavailable:
        sound = None
    return Samples(data, render.piano_roll_png(performance, title=melodies.MELODIES[0].title), sound)


@dataclass(frozen=True)
class Probing:
    """One run.

    Args:
        settings: Whose Slack; both tokens are needed.
        channel: The id of a channel in which the app is.
        patience: How long is waited for people and events.
        tell: Takes what the operator reads meanwhile.
    """

    settings: Settings
    channel: str
    patience: Patience = Patience()  # noqa: RUF009 - it is frozen
    tell: Callable[[str], None] = print

    def run(self) -> Report:
        """Ask all questions, and take everything away again, also where it is stopped in between. Raises ConfigurationError."""
        tokens = (self.settings.slack_bot_token.get_secret_value(), self.settings.slack_app_token.get_secret_value())
        if not all(tokens):
            raise ConfigurationError(
                "The probe needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN: docs/slack.md shows where Slack has them."
            )
        client = asking_client(*slack(self.settings))
        with httpx.Client(timeout=30) as http:
            hand, line = Hand(client, http), Line(client, tokens[1])
            try:
                self._knock(hand, line)
                answers = self._asked(hand, line)
                return Report(datetime.now(UTC).date(), self._place(), answers, hand.clean())
            finally:
                hand.clean()
                line.hang_up()

    def _knock(self, hand: Hand, line: Line) -> None:
        try:
            hand.ask("conversations.info", channel=self.channel)
            if line.open():
                return
        except SlackApiError as error:
            raise ConfigurationError(
                f"Slack says {code(error)}. Are both tokens right, is {self.channel} the id of a channel, and was the app invited there?"
            ) from None
        raise ConfigurationError("Slack opened no connection. Try again, or look with kantor doctor.")

    def _asked(self, hand: Hand, line: Line) -> list[Answer]:
        """All answers; those there are where the operator presses Ctrl-C."""
        answers: list[Answer] = []
        try:
            for answer in Probe(hand, line, self.channel, samples(), self.patience, self.tell).answers():
                answers.append(answer)
                self.tell(f"  {answer.what}: {answer.found}" + (" (unlike the sandbox)" if answer.differs else ""))
        except KeyboardInterrupt:
            self.tell("Stopped: what was found so far is written down.")
        return answers

    def _place(self) -> str:
        host = urlsplit(self.settings.slack_api_url).hostname or ""
        return (
            "Slack"
            if host == "slack.com" or host.endswith(".slack.com")
            else "not Slack itself, but what stands in for it"
        )


def write(report: Report, folder: Path) -> None:
    """``report.md`` and ``report.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(report.as_markdown(), encoding="utf-8")
    (folder / "report.json").write_text(report.as_json(), encoding="utf-8")
