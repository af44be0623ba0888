"""What is revealed, what a presenter has in hand, and what winners get."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.rules.awards import AwardKind
from bot.rules.ceremony import Act
from bot.usecases.messages import InContest, Message, Part


class Revealed(Part):
    """Who is called up."""

    title: str
    """Of the composition; empty for a judge."""
    user_id: str
    called: str
    """Their name, where no mention can stand."""
    prize: str = ""


class StepTold(Part):
    """One step of a ceremony."""

    act: Act
    heading: str
    """``Third place``, ``Golden ear``."""
    place: int = 0
    award: AwardKind | None = None
    winners: tuple[Revealed, ...] = ()
    below: str = ""
    """For what: a score, or what the award measures."""
    explained: str = ""
    """What the award is for."""


class Reveal(Message, InContest, kind="reveal", in_words="a step of the ceremony"):
    """A step, as the channel sees it."""

    step: StepTold
    pieces: int = 0
    composers: int = 0
    judges: int = 0
    """These three are told in the welcome."""
    rehearsal: bool = False


class CeremonyPause(Message, InContest, kind="ceremony_pause", in_words="the news of a pause", alarms=False):
    """The ceremony pauses, or goes on."""

    goes_on: bool
    rehearsal: bool = False


class Panel(Message, InContest, kind="presenter_panel", in_words="the presenter's panel"):
    """The presenter's buttons, and what to say: rewritten with each click."""

    ceremony_id: str
    turn: int
    rehearsal: bool
    channel_id: str
    at: int
    shown: int
    total: int
    paused: bool
    now: StepTold | None
    """What the presenter looks at; None before the first step."""
    following: StepTold | None
    """None after the last one."""
    program: tuple[str, ...] = ()
    """The headings of all steps, before the first one."""
    ended: bool = False


class ConsentAsked(Message, InContest, kind="consent_asked", in_words="the request to confirm the results"):
    """One organizer has confirmed the results; another has to."""

    by: str
    channel_id: str


class ResultsFile(Message, InContest, kind="results_file", in_words="the file of the results"):
    """The file whose SHA-256 was posted before."""

    sha256: str
    settled_at: datetime


class CertificateLetter(Message, InContest, kind="certificate", in_words="a certificate"):
    """A certificate, to print and to show."""

    honour: str
    title: str
    """Of the composition; empty for a judge."""
    alt_text: str


class PrizeWon(Message, InContest, kind="prize_won", in_words="the news of a prize"):
    """A prize for the winner, with a button for when it has come."""

    prize_id: str
    what: str
    honour: str
    organizers: tuple[str, ...]
    state: Literal["due", "received"] = "due"
