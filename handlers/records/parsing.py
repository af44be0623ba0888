"""Commands and modals about the data of a contest, as plain values."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.usecases.records.trails import TrailQuestion
from handlers import payloads
from handlers.ids import Block

if TYPE_CHECKING:
    from handlers.payloads import Payload

_MENTIONS = re.compile(r"<@[^>]*>")


@dataclass(frozen=True)
class TrailAsked:
    """``/kantor audit``, with or without a person or words of a title."""

    user_id: str
    channel_id: str
    trigger_id: str
    person: str
    words: str


@dataclass(frozen=True)
class EraseConfirmed:
    """The modal that erases somebody."""

    actor: str
    user_id: str
    typed_name: str


def trail(command: Payload) -> TrailAsked:
    """The command's first word is its own name; what follows says what it is about."""
    asked = payloads.asked(command)
    rest = asked.text.partition(" ")[2]
    person = next(iter(payloads.mentioned(rest)), "")
    words = " ".join(_MENTIONS.sub(" ", rest).split())
    return TrailAsked(asked.user_id, asked.channel_id, asked.trigger_id, person, words)


def trail_page(body: Payload) -> tuple[str, TrailQuestion]:
    """Who turned to which page."""
    pressed = payloads.pressed(body)
    contest_id, person, words, page = json.loads(pressed.value)
    return pressed.user_id, TrailQuestion(contest_id, person, words, int(page))


def chosen(body: Payload) -> tuple[str, str]:
    """Who chose whom."""
    return body["user"]["id"], payloads.State.of(body).text(Block.PERSON)


def wants_own(text: str) -> bool:
    """Whether ``/kantor erase ...`` is about the person themselves."""
    return text.casefold().split()[1:] in (["me"], ["my", "data"])


def erase(body: Payload) -> EraseConfirmed:
    """The confirmed preview."""
    typed = payloads.State.of(body).text(Block.TYPED_NAME)
    return EraseConfirmed(body["user"]["id"], payloads.facts(body)["user_id"], typed)
