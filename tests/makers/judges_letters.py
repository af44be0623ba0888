"""One of each message that judges, and organizers of judges, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.judging.letters import (
    ConflictNews,
    FlagAlarm,
    FlagSettled,
    JudgesNoMore,
    JudgeWelcome,
    JudgingDigest,
    OneScoreWord,
    PaceWord,
    PieceStands,
    PieceWithdrawn,
    PracticeInvitation,
    PracticeWaits,
    RatingEntered,
    RatingInvitation,
    RatingsDone,
    RatingsRestored,
    RatingStands,
    RatingsVoided,
    RecusalNews,
    Scored,
)

if TYPE_CHECKING:
    from bot.usecases.messages import Message


def judges_letters(text: str) -> list[Message]:
    """With these words wherever people's words go."""
    piece = {"submission_id": "s1", "alias": text}
    contest = {"contest_id": "c1", "contest_name": text}
    scored = (Scored(title=text, label=text),) * 6
    return [
        RatingInvitation(contest_name=text, **piece, alt_text=text, has_sound=True),
        RatingInvitation(contest_name=text, **piece, alt_text=text, has_sound=False, again=True, final=True),
        RatingStands(**piece),
        *(
            ConflictNews(
                contest_name=text, judge="U0JUDY", authors=("U0ADA",) * 20, reason="team", by="U0OLIVE", rated=rated, to_judge=to_judge
            )
            for rated, to_judge in ((0, False), (2, True))
        ),
        RatingsVoided(contest_id="c1", contest_name=text, judge="U0JUDY", by="U0OLIVE", reason=text, ratings=12),
        RatingsVoided(
            contest_id="c1", contest_name=text, judge="U0JUDY", by="U0OLIVE", reason=text, ratings=12, to_judge=True
        ),
        RatingsRestored(contest_name=text, judge="U0JUDY", by="U0OLIVE", ratings=1, judges_again=True),
        RatingsRestored(contest_name=text, judge="U0JUDY", by="U0OLIVE", ratings=1, judges_again=True, to_judge=True),
        *(
            PieceStands(submission_id="s1", alias=text, standing=standing, round="final", undo=undo, now_called=text)
            for standing in ("skipped", "flagged", "recused", "withdrawn", "replaced", "over")
            for undo in (False, True)
        ),
        PieceWithdrawn(contest_name=text, called=text, ratings=1, to_judge=True),
        PieceWithdrawn(contest_name=text, called=text, ratings=12, to_judge=False),
        RatingsDone(contest_name=text, total=12),
        JudgeWelcome(contest_name=text, channel_id="C0COMPOSERS", added_by="U0OLIVE", judging=False),
        JudgeWelcome(
            **contest, channel_id="C0COMPOSERS", added_by="U0OLIVE", judging=True, practice=True, tenets="\n".join([text[:400]] * 9)
        ),
        PracticeInvitation(**contest, title=text, alt_text=text, has_sound=True),
        PracticeInvitation(**contest, title=text, alt_text=text, has_sound=True, done=True),
        PracticeWaits(**contest),
        PracticeWaits(**contest, done=True),
        JudgesNoMore(contest_name=text),
        JudgesNoMore(contest_name=text, alias=text),
        JudgingDigest(**contest, left=3, total=12, practice=False, **piece),
        JudgingDigest(**contest, left=1, total=12, practice=True),
        PaceWord(**contest, done=1, total=12),
        OneScoreWord(**contest, score=3.5, ratings=12),
        FlagAlarm(contest_name=text, judge="U0JUDY", alias=text, name=text, what="copy", reason=text, mark_id="m1"),
        FlagSettled(contest_name=text, alias=text, note=text, comes_back=True),
        RecusalNews(contest_name=text, judge="U0JUDY", alias=text, reason=text, rated=1, counted=False),
        RecusalNews(contest_name=text, judge="U0JUDY", alias=None, reason=text, rated=7, counted=True),
        RatingEntered(
            contest_name=text, organizer="U0OLIVE", **piece, scores=scored, comment=text, reason=text, changed=True
        ),
        RatingEntered(
            contest_name=text, organizer="U0OLIVE", **piece, scores=scored, comment="", reason=text, changed=False, changeable=False
        ),
    ]  # fmt: skip
