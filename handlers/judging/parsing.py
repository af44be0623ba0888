"""What judges press and fill in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.usecases.judging.behalf import EnterRating
from bot.usecases.judging.ratings import KeepDraft, RateSubmission, RatingValues
from handlers.ids import Block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handlers.payloads import Sent, State

_SCORE = re.compile(r"[0-9]{1,3}(\.5)?")
_TEXTS = (Block.COMMENT.value, Block.PRIVATE_NOTE.value)


def rate(sent: Sent) -> RateSubmission:
    """The submitted rating."""
    ahead = tuple(sent.facts.get("ahead", "").split())
    round_ = sent.facts.get("round", "")
    return RateSubmission(sent.user_id, sent.facts["submission_id"], values(sent.state), ahead, round=round_)


def draft(sent: Sent, wish: str) -> KeepDraft:
    """A form that somebody is filling in: Slack tells us of each choice, and of each letter."""
    at = datetime.fromtimestamp(float(wish), UTC)
    return KeepDraft(sent.user_id, sent.facts["submission_id"], values(sent.state), at)


def on_behalf(sent: Sent) -> EnterRating:
    """The scores that an organizer writes down for a judge."""
    found = values(sent.state)
    given = RatingValues(found.scores, found.comment)
    judge, piece, round_ = sent.facts["judge"], sent.facts["submission_id"], sent.facts.get("round", "")
    return EnterRating(sent.user_id, judge, piece, given, sent.text(Block.REASON), round=round_)


def values(state: State) -> RatingValues:
    """What stands in the form: whatever else there is, is a criterion of the contest's own, called by its key."""
    given = _given(state.values)
    texts = {name: given.pop(name, "") for name in _TEXTS}
    return RatingValues({key: _score(score) for key, score in given.items() if _SCORE.fullmatch(score)}, **texts)


def _score(text: str) -> float:
    """As it is kept: what is whole is an int."""
    return float(text) if "." in text else int(text)


def _given(state: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The values by the ids of their elements: those of the blocks differ from piece to piece."""
    return {
        name: str((element.get("selected_option") or {}).get("value") or element.get("value") or "").strip()
        for block in state.values()
        for name, element in block.items()
    }
