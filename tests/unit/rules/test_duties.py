"""What people are asked to do: how a request stands, what judging takes, and when somebody is reminded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.duties import Answer, Duty, Effort, Reminder, Standing, effort, is_over, reminder, standing
from bot.rules.phases import Phase

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duty", "phase", "answer", "withdrawn", "judges", "expected"),
    [
        (Duty.JUDGE, Phase.OPEN, None, False, False, Standing.WAITING),
        (Duty.JUDGE, Phase.OPEN, None, False, True, Standing.APPOINTED),
        (Duty.JUDGE, Phase.OPEN, Answer.DECLINED, False, True, Standing.APPOINTED),
        (Duty.JUDGE, Phase.OPEN, Answer.DECLINED, False, False, Standing.DECLINED),
        (Duty.JUDGE, Phase.OPEN, Answer.ACCEPTED, False, True, Standing.ACCEPTED),
        (Duty.JUDGE, Phase.OPEN, Answer.ACCEPTED, False, False, Standing.LEFT),
        (Duty.JUDGE, Phase.FINISHED, Answer.ACCEPTED, False, True, Standing.ACCEPTED),
        (Duty.JUDGE, Phase.FINISHED, None, False, False, Standing.OVER),
        (Duty.JUDGE, Phase.FINAL, None, False, False, Standing.WAITING),
        (Duty.SPEAKER, Phase.OPEN, None, False, False, Standing.WAITING),
        (Duty.SPEAKER, Phase.FINISHED, None, False, False, Standing.OVER),
        (Duty.PRESENTER, Phase.OPEN, Answer.ACCEPTED, False, False, Standing.ACCEPTED),
        (Duty.PRESENTER, Phase.OPEN, Answer.ACCEPTED, True, False, Standing.WITHDRAWN),
        (Duty.JUDGE, Phase.FINISHED, None, True, True, Standing.WITHDRAWN),
    ],
)
def test_how_a_request_stands(  # noqa: PLR0917 - a table
    duty: Duty,
    phase: Phase,
    answer: Answer | None,
    withdrawn: bool,
    judges: bool,
    expected: Standing,
) -> None:
    """It follows from what was answered, from what organizers did meanwhile, and from where the contest is."""
    assert expected is standing(duty, phase, answer, withdrawn=withdrawn, judges=judges)


def test_judges_are_needed_until_the_judging_ends_and_others_until_all_is_over() -> None:
    """Who presents and who speaks is needed after the last rating."""
    assert [False, False, False, False, True] == [is_over(Duty.JUDGE, phase) for phase in _course()]
    assert [False, False, False, False, True] == [is_over(Duty.SPEAKER, phase) for phase in _course()]


def _course() -> tuple[Phase, ...]:
    return Phase.DRAFT, Phase.OPEN, Phase.JUDGING, Phase.FINAL, Phase.FINISHED


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((40, 0, 5, 30, None), Effort(40, 60)),
        ((40, 0, 5, 30, 20), Effort(40, 60)),  # where all hear all there is no limit
        ((60, 3, 6, 30, None), Effort(30, 45)),
        ((60, 3, 6, 30, 30), Effort(20, 30)),
        ((60, 3, 6, 30, None, 30), Effort(35, 53)),
        ((4, 3, 1, 30, None), Effort(4, 6)),
        ((5, 3, 2, 30, None), Effort(5, 8)),
        ((0, 3, 2, 30, 30), Effort(0, 0)),
        ((0, 0, 0, 30, None), Effort(0, 0)),
    ],
)
def test_what_judging_takes(given: tuple[int, int, int, float, float | None], expected: Effort) -> None:
    """A minute and a half for a piece of half a minute; nobody hears a piece twice, or for longer than they have time."""
    assert expected == effort(*given)


@pytest.mark.parametrize(
    ("stands", "asked", "begins", "hour", "sent", "expected"),
    [
        (Standing.WAITING, 47, None, 12, (), None),
        (Standing.WAITING, 48, None, 12, (), Reminder.WAITS),
        (Standing.WAITING, 48, None, 12, (Reminder.WAITS,), None),
        (Standing.WAITING, 480, None, 8, (), None),
        (Standing.WAITING, 480, None, 18, (), None),
        (Standing.WAITING, 480, 24, 12, (), Reminder.SOON),
        (Standing.WAITING, 480, 24, 12, (Reminder.SOON,), Reminder.WAITS),
        (Standing.WAITING, 480, 25, 12, (Reminder.WAITS,), None),
        (Standing.WAITING, 480, 2, 12, (Reminder.WAITS,), None),
        (Standing.WAITING, 480, -1, 12, (Reminder.WAITS,), None),
        (Standing.ACCEPTED, 480, 25, 12, (), None),
        (Standing.ACCEPTED, 480, 20, 12, (), Reminder.SOON),
        (Standing.ACCEPTED, 480, 20, 12, (Reminder.SOON,), None),
        *((stands, 480, 20, 12, (), None) for stands in Standing if stands not in {Standing.WAITING, Standing.ACCEPTED}),
    ],
)  # fmt: skip
def test_when_somebody_is_reminded(  # noqa: PLR0917 - a table
    stands: Standing, asked: int, begins: int | None, hour: int, sent: tuple[Reminder, ...], expected: Reminder | None
) -> None:
    """After two days without an answer, and on the day before it begins: once each, and by daylight. Hours ago, hours to go."""
    ago, ahead = NOW - timedelta(hours=asked), None if begins is None else NOW + timedelta(hours=begins)
    assert expected is reminder(stands, ago, ahead, NOW, hour=hour, sent=sent)
