"""One of each letter about the course of a contest, with given words wherever people's words go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.usecases.contests.letters import (
    ContestNews,
    Countdown,
    FinalNote,
    FinalTakenBack,
    OrganizerWelcome,
    PhaseNews,
    PhaseUndone,
)
from bot.usecases.contests.settings import SETTINGS
from bot.usecases.judging.letters import JudgeReleased, JudgingGoesOn, JudgingHeld, RulesDocument, RulesFixed

if TYPE_CHECKING:
    from bot.usecases.messages import Message

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
ZONE = "Europe/Berlin"


def contest_letters(text: str, many: tuple[str, ...]) -> list[Message]:
    """All kinds, and the variants whose words differ."""
    phases = ("open", "judging", "final", "ceremony", "finished")
    undone = (
        ("draft", "open"),
        ("open", "judging"),
        ("judging", "final"),
        ("judging", "finished"),
        ("final", "finished"),
        ("judging", "ceremony"),
        ("ceremony", "finished"),
    )
    return [
        *(
            PhaseNews(
                contest_name=text, phase=phase, deadline=AT, time_zone=ZONE, limit=3, intake=intake, rounds=2, finalists=17
            )
            for phase in phases
            for intake in ("both", "dm", "channel")
        ),
        *(
            PhaseUndone(contest_name=text, phase=phase, undone=last, deadline=AT, time_zone=ZONE, in_time=in_time)
            for phase, last in undone
            for in_time in (True, False)
        ),
        ContestNews(
            contest_name=text, channel_id="C0COMPOSERS", changed=tuple(each.name for each in SETTINGS if each.news), deadline=AT, deadline_before=AT, time_zone=ZONE, limit=3, intake="dm",
            blind=True, rounds=2, finalists=15, winners=3, criteria=(text,) * 6,
        ),
        *(
            FinalNote(contest_name=text, channel_id="C0COMPOSERS", through=through, out=out, finalists=15, of=40)
            for through, out in ((many, many), ((text,), ()), ((), (text,)))
        ),
        *(
            Countdown(contest_name=text, minutes=minutes, deadline=AT, time_zone=ZONE, intake="both")
            for minutes in (60, 15, 1)
        ),
        *(
            RulesFixed(contest_name=text, version=version, sha256="5" * 64, lines=many[:9], channel_id="C0COMPOSERS")
            for version in (1, 2)
        ),
        RulesDocument(
            contest_name=text, hashes=tuple((number, "5" * 64) for number in range(5, 0, -1)), older=3
        ),
        OrganizerWelcome(contest_name=text, channel_id="C0COMPOSERS", added_by="U0OLIVE"),
        JudgeReleased(contest_name=text, by="U0OLIVE"),
        FinalTakenBack(contest_name=text),
        *(JudgingHeld(contest_name=text, pieces=pieces, final=final) for pieces, final in ((1, True), (3, False))),
        *(JudgingGoesOn(contest_name=text, pieces=pieces) for pieces in (1, 3)),
    ]  # fmt: skip
