"""One of each message about files that came late, to the wrong place, twice, or not by their author's own hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.usecases.submissions.letters import (
    BeenAway,
    Card,
    ChannelArchived,
    CorrectionNote,
    ExtensionNote,
    FileGone,
    LateAlarm,
    LateDecision,
    LateReceipt,
    OpenContest,
    Receipt,
    SameFileAlarm,
    WrongPlace,
)

if TYPE_CHECKING:
    from bot.usecases.messages import Message

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)


def intake_letters(text: str, many: tuple[str, ...]) -> list[Message]:
    """With these words wherever people's words go."""
    contests = tuple(
        OpenContest(name=each, channel_id="C0COMPOSERS", intake=intake)
        for each in (text, *many)
        for intake in ("channel", "dm", "both")
    )
    alarm = LateAlarm(
        submission_id="s1", contest_name=text, author="U0ADA", name=text, uploaded_at=AT, seconds_late=61, version=2
    )
    return [
        Receipt(name=text, number=2, limit=3, version=2, standing=1, seconds_late=7),
        Card(
            title=text, name=text, bars=8, key="G major", meter="4/4", seconds=17.2, alt_text=text, has_sound=True,
            version=2, counting=3,
        ),
        LateReceipt(
            user_id="U0ADA", title=text, contest_name=text, deadline=AT, time_zone="Europe/Berlin", seconds_late=5, standing=1
        ),
        alarm,
        *(alarm.model_copy(update={"decided_by": "U0OLIVE", "accepted": accepted}) for accepted in (True, False)),
        *(
            LateDecision(user_id="U0ADA", title=text, contest_name=text, accepted=accepted, reason=text, standing=standing,
                ratings=3 if accepted and standing else 0)
            for accepted, standing in ((True, None), (True, 1), (False, 1), (False, None))
        ),
        *(WrongPlace(filename=text, channel_id="C0MUSIC", dm_only=dm_only, contests=contests) for dm_only in (True, False)),
        WrongPlace(filename=text, channel_id="C0MUSIC", dm_only=False, contests=contests[:1]),
        ExtensionNote(contest_name=text, until=AT, time_zone="Europe/Berlin", reason=text, granted_by="U0OLIVE"),
        *(FileGone(title=text, contest_name=text, late=late) for late in (True, False)),
        SameFileAlarm(contest_name=text, name=text, others=(text, *many)),
        SameFileAlarm(contest_name=text, name="", others=()),
        *(
            CorrectionNote(
                title=text, contest_name=text, corrected_by="U0OLIVE", reason=text, version=2, standing=standing,
                ratings=ratings,
            )
            for standing, ratings in ((1, 0), (1, 7), (None, 0))
        ),
        *(
            BeenAway(since=AT, until=AT + timedelta(minutes=minutes), taken=taken, direct=direct)
            for minutes, taken, direct in ((0, 1, True), (17, 0, True), (4000, 12, False))
        ),
        BeenAway(since=None, until=AT, taken=1, direct=True),
        *(ChannelArchived(contest_name=text, channel_id="C0MUSIC", archived_by=by) for by in ("U0CLEO", None)),
    ]  # fmt: skip
