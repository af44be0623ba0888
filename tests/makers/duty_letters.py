"""One of each letter about requests to help."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.rules.duties import Duty, Reminder, Standing
from bot.usecases.people.letters import Asking, DutyAnswered, DutyAsked, DutyReminder, DutyWithdrawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.usecases.messages import Message

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)


def asking(duty: Duty, words: str, *, pieces: int = 40, handed_in: int = 40, begins: datetime | None = AT) -> Asking:
    """What somebody is asked."""
    return Asking(
        request_id="r1", duty=duty, asked_by="U0OLIVE", asked_at=AT, channel_id="C0COMPOSERS", words=words, begins=begins,
        ends=AT if pieces else None, running=False, time_zone="Europe/Berlin", pieces=pieces, minutes=60, seconds=30.4,
        handed_in=handed_in, limit=3, finalists=15, blind=True,
    )  # fmt: skip


def duty_letters(text: str) -> Iterator[Message]:
    """With these words wherever people's words go."""
    for duty in Duty:
        for standing in Standing:
            for changeable in (True, False):
                yield DutyAsked(
                    contest_name=text, asking=asking(duty, text[:300]), standing=standing, why=text[:300], changeable=changeable
                )  # fmt: skip
            for reminder in Reminder:
                yield DutyReminder(
                    contest_name=text, asking=asking(duty, text), reminder=reminder, standing=standing, why=text
                )
        for pieces, handed_in in ((0, 0), (9, 0)):
            yield DutyAsked(contest_name=text, asking=asking(duty, "", pieces=pieces, handed_in=handed_in, begins=None))
        for accepted in (True, False):
            yield DutyAnswered(
                contest_name=text, channel_id="C0COMPOSERS", person="U0JUDY", duty=duty, accepted=accepted, why=text, changed=accepted,
                waiting=1, judges=3, needed=5,
            )  # fmt: skip
        yield DutyWithdrawn(contest_name=text, duty=duty, by="U0OLIVE")
