"""What judges press and fill in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.usecases.judging.ratings import KeepDraft, RateSubmission, RatingValues
from handlers import payloads
from handlers.ids import Block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handlers.payloads import Payload

_TEXTS = (Block.COMMENT.value, Block.PRIVATE_NOTE.value)


def rate(body: Payload) -> RateSubmission:
    """The submitted rating."""
    known = payloads.facts(body)
    ahead = tuple(known.get("ahead", "").split())
    return RateSubmission(body["user"]["id"], known["submission_id"], values(body), ahead, round=known.get("round", ""))


def draft(body: Payload) -> KeepDraft:
    """A form that somebody is filling in: Slack tells us of each choice, and of each letter."""
    at = datetime.fromtimestamp(float(body["actions"][0]["action_ts"]), UTC)
    return KeepDraft(body["user"]["id"], payloads.facts(body)["submission_id"], values(body), at)


def values(body: Payload) -> RatingValues:
    """What stands in the form: whatever else there is, is a criterion of the contest's own, called by its key."""
    given = _given(body["view"]["state"]["values"])
    texts = {name: given.pop(name, "") for name in _TEXTS}
    return RatingValues({key: int(score) for key, score in given.items() if score.isdigit()}, **texts)


def _given(state: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The values by the ids of their elements: those of the blocks differ from piece to piece."""
    return {
        name: str((element.get("selected_option") or {}).get("value") or element.get("value") or "").strip()
        for block in state.values()
        for name, element in block.items()
    }
