"""The soak's calendar and its arithmetic: what a run is held against must itself be right."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.soak.ledger import slope
from tests.soak.plan import BERLIN, DAYS, WEEKS, Plan, planned

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def plan(*, spring: bool) -> Plan:
    """The four weeks after ``NOW``."""
    return planned(WEEKS, spring=spring, after=NOW)


@pytest.mark.parametrize(
    ("spring", "start", "night", "board"),
    [
        (True, "2027-03-14", "2027-03-28 01:00", "2027-03-28 01:00"),
        (False, "2027-10-17", "2027-10-31 00:10", "2027-10-31 00:30"),
    ],
)
def test_the_judging_lies_over_the_next_change_of_clocks(spring: bool, start: str, night: str, board: str) -> None:
    """Two weeks of it before, two after; the bot is away when 2:30 comes: twice in autumn, at 3:00 in spring."""
    found = plan(spring=spring)
    assert start == f"{found.start:%Y-%m-%d}"
    assert night == f"{found.night(WEEKS.change):%Y-%m-%d %H:%M}"
    assert board in {f"{slot:%Y-%m-%d %H:%M}" for slot in found.boards()}
    assert found.judging < found.night(WEEKS.change) < found.final


@pytest.mark.parametrize("spring", [True, False])
def test_each_board_is_due_once_and_is_a_stop(spring: bool) -> None:
    """Two a day by Berlin's clocks, on the day of the change, too; the small contest's every hour that passes."""
    found = plan(spring=spring)
    days = Counter(slot.astimezone(BERLIN).date() for slot in found.boards())
    inner = sorted(days)[1:-1]
    assert {2} == {days[day] for day in inner}
    assert set(found.boards()) | set(found.hourly_boards()) <= set(found.stops())
    hours = found.hourly_boards()
    assert len(hours) == len(set(hours)) == (hours[-1] - hours[0]).total_seconds() // 3600 + 1


def test_the_quick_look_has_all_that_the_long_one_has() -> None:
    """A deadline, a change of clocks in the judging, a final and an end, in this order."""
    short = planned(DAYS, spring=False, after=NOW)
    assert short.start < short.deadline < short.night(DAYS.change) < short.final < short.end < short.over
    assert 3 <= len(short.boards())


def test_what_stays_flat_has_no_slope() -> None:
    """A line through the points, not between the first and the last."""
    assert slope([5.0, 5.0, 5.0]) == 0.0
    assert slope([1.0, 3.0, 5.0]) == 2.0
    assert abs(slope([10.0, 0.0, 0.0, 10.0])) < 1e-9
