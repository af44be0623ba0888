"""Commands and modals about the data of a contest, as plain values."""

from __future__ import annotations

import json

from bot.usecases.records.trails import TrailQuestion


def trail_page(value: str) -> TrailQuestion:
    """What the button to another page asks for."""
    contest_id, person, words, page = json.loads(value)
    return TrailQuestion(contest_id, person, words, int(page))


def wants_own(words: str) -> bool:
    """Whether ``/kantor erase ...`` is about the person themselves."""
    return words.casefold().split() in (["me"], ["my", "data"])
