"""Commands and modals about the data of a contest, as plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.usecases.records.trails import TrailQuestion
from handlers import payloads
from handlers.ids import Block

if TYPE_CHECKING:
    from handlers.payloads import Payload


@dataclass(frozen=True)
class EraseConfirmed:
    """The modal that erases somebody."""

    actor: str
    user_id: str
    typed_name: str


def trail_page(body: Payload) -> tuple[str, TrailQuestion]:
    """Who turned to which page."""
    pressed = payloads.pressed(body)
    contest_id, person, words, page = json.loads(pressed.value)
    return pressed.user_id, TrailQuestion(contest_id, person, words, int(page))


def chosen(body: Payload) -> tuple[str, str]:
    """Who chose whom."""
    return body["user"]["id"], payloads.State.of(body).text(Block.PERSON)


def wants_own(words: str) -> bool:
    """Whether ``/kantor erase ...`` is about the person themselves."""
    return words.casefold().split() in (["me"], ["my", "data"])


def erase(body: Payload) -> EraseConfirmed:
    """The confirmed preview."""
    typed = payloads.State.of(body).text(Block.TYPED_NAME)
    return EraseConfirmed(body["user"]["id"], payloads.facts(body)["user_id"], typed)
