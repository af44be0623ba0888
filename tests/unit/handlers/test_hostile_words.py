"""Whatever people type, each view and each letter shows it as they typed it: nothing in it is bold, an emoji, a link or a call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.usecases.stored import KINDS
from handlers import letters
from tests.makers.plenty import WIDTHS, Plenty
from tests.unit.handlers.test_plenty import MESSAGES, VIEWS, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TYPED = "*st4r* _l0w_ ~g0ne~ `t1ck` :tada: <!channel> <@U0MALLORY> <!subteam^S1> <https://l1nk|x> ://h.example\n> s4id"
LIVE = re.compile(
    r"\*st4r\*|_l0w_|~g0ne~|`t1ck`|:tada:|<!channel>|<@U0MALLORY>|<!subteam|<https://l1nk|://h\.example|^&gt; s4id",
    re.MULTILINE,
)
CODE = re.compile(r"`[^`\n]*`|```.*?```", re.DOTALL)
OURS = (
    "text lead before sentence Gate.text PhasePreview.effects PhasePreview.warnings UndoPreview.effects UndoPreview.warnings EditPreview.effects "
    "EditPreview.warnings ErasurePreview.warnings ErasureDone.token PieceVersion.refusal Verdict.reasons_up "
    "Verdict.reasons_down Verdict.warnings ContestStatus.deadline_text TroubleAlarm.what JobDropped.what FailedJob.what StarterMelody.idea HelpReply.sentence "
    "WayReply.command Card.warnings VerdictNote.reasons_up VerdictNote.reasons_down RefusalNote.sentence HomeSubmission.refusal VerdictNote.standing "
    "VerdictRenewed.standing VerdictRenewed.reasons_up VerdictRenewed.reasons_down FeedbackCard.standing FeedbackCard.reasons_up FeedbackCard.reasons_down OwnPlace.standing Linked.url "
    "RulesFixed.lines RulesReply.judged"
)
"""Sentences that the program makes, in which a use case has quoted people's words (``tests.architecture.test_peoples_words``)."""
OFFERED = "Announcement.words AnnouncementDraft.words RulesReply.text"
"""Their forms say that ``*bold*`` works: nothing in them calls or mentions all the same."""
OTHERS = dict.fromkeys(OURS.split(), "A sentence of ours") | dict.fromkeys(OFFERED.split(), "<!channel> <@U0MALLORY>")
SEEDS = range(2 * len(WIDTHS))


def texts(part: Any) -> Iterator[Any]:
    """All text objects in there."""
    if isinstance(part, dict):
        if part.get("type") in {"mrkdwn", "plain_text"}:
            yield part
        for inner in part.values():
            yield from texts(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from texts(inner)


def live(part: Any) -> list[str]:
    """What of people's words is more than words there."""
    found = [part] if isinstance(part, str) else [each["text"] for each in texts(part) if each["type"] == "mrkdwn"]
    emoji = [each["text"] for each in texts(part) if each["type"] == "plain_text" and each.get("emoji") is not False]
    return emoji + [text for text in found if "`t1ck`" in text or LIVE.search(CODE.sub("", text))]


@pytest.mark.parametrize("made", [*drawn(VIEWS), *drawn(MESSAGES)])
def test_views(made: Callable[..., Any]) -> None:
    """In all that is drawn."""
    for seed in SEEDS:
        assert [] == live(made(**Plenty(seed, TYPED, OTHERS).arguments(made))), seed


@pytest.mark.parametrize("kind", KINDS)
def test_letters(kind: str) -> None:
    """In all that is written, and in the notification of it."""
    for seed in SEEDS:
        letter = letters.draw(Plenty(seed, TYPED, OTHERS).value(KINDS[kind]))
        assert [] == live(letter.text) + live(letter.blocks) + live(letter.newer), seed
