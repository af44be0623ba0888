"""How the contest counts bars, and what a pickup is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.meter import BarMap, MeterChange, bar_map

QUARTER = 480


def bars(last: float, *changes: tuple[float, int, int], first: float = 0, most: int = 100) -> BarMap:
    """A bar map of a piece that sounds from first to last, all positions in quarters."""
    ticks: list[MeterChange] = [(round(at * QUARTER), numerator, denominator) for at, numerator, denominator in changes]
    return bar_map(ticks, QUARTER, round(first * QUARTER), round(last * QUARTER), most)


@pytest.mark.parametrize(
    ("expected", "last", "changes"),
    [
        (8, 32, []),
        (8, 30, []),
        (9, 36, []),
        (8, 24, [(0, 3, 4)]),
        (8, 48, [(0, 12, 8)]),
        (8, 24, [(0, 6, 8)]),
        (8, 12, [(0, 3, 8)]),
        (8, 32, [(0, 2, 2)]),
        (8, 28, [(0, 4, 4), (16, 3, 4)]),
        (8, 20, [(0, 5, 8)]),
        (1, 0.01, []),
    ],
)
def test_bars_are_counted_by_the_meter_map(expected: int, last: float, changes: list[tuple[float, int, int]]) -> None:
    """Up to the end of the last note, in whatever meter."""
    assert expected == bars(last, *changes).bars


@pytest.mark.parametrize(("expected", "last"), [(8, 32 + 1 / 12), (9, 32 + 1 / 12 + 1 / 480), (8, 32 - 1 / 12)])
def test_a_twelfth_of_a_quarter_more_is_no_bar(expected: int, last: float) -> None:
    """The tolerance holds up to its last tick and not beyond."""
    assert expected == bars(last).bars


def test_bars_begin_where_they_should() -> None:
    """Bar lines, meters and the final bar line of four bars of 4/4 and one of 3/4."""
    found = bars(18, (0, 4, 4), (16, 3, 4))
    assert (0.0, 4.0, 8.0, 12.0, 16.0) == found.starts
    assert 19.0 == found.end
    assert ((0.0, 4, 4), (16.0, 3, 4)) == found.meters


def test_a_meter_inside_a_bar_begins_a_new_one() -> None:
    """4/4 cut after two beats of its second bar by 3/4."""
    found = bars(12, (0, 4, 4), (6, 3, 4))
    assert (0.0, 4.0, 6.0, 9.0) == found.starts
    assert 4 == found.bars


def test_the_same_meter_written_again_on_a_bar_line_changes_nothing() -> None:
    """Some programs repeat it in each track."""
    found = bars(32, (0, 4, 4), (0, 4, 4), (8, 4, 4))
    assert ((0.0, 4, 4),) == found.meters
    assert 8 == found.bars


def test_a_meter_a_little_after_its_bar_line_makes_no_extra_bar() -> None:
    """Exporters round: 1/480 late is on the line."""
    assert 8 == bars(28, (0, 4, 4), (16 + 1 / 480, 3, 4)).bars


def test_meters_crowded_within_the_tolerance_do_not_hide_bars() -> None:
    """A time signature every 1/12 quarter cannot make a long piece short."""
    crowd = [(number / 12, 4 + number % 2, 4) for number in range(12 * 60)]
    assert bars(60, *crowd).bars > 8


def test_a_piece_that_claims_millions_of_bars_is_counted_without_placing_them() -> None:
    """Counting takes no memory; only the first few bars are placed."""
    found = bar_map([(0, 1, 128)], 1, 0, 0x0FFF_FFFF, 8)
    assert found.bars > 8_000_000_000
    assert len(found.starts) == 9


def test_a_first_bar_of_one_beat_before_whole_bars_is_a_pickup() -> None:
    """How MuseScore writes an upbeat: 1/4, then 4/4."""
    found = bars(33, (0, 1, 4), (1, 4, 4))
    assert (8, True) == (found.bars, found.pickup)
    assert (0.0, 1.0, 5.0) == found.starts[:3]
    assert 33.0 == found.end


def test_a_first_bar_cut_by_its_own_meter_is_a_pickup() -> None:
    """4/4 written again after three beats: an upbeat of any length."""
    found = bars(35, (0, 4, 4), (3, 4, 4))
    assert (8, True) == (found.bars, found.pickup)


def test_an_upbeat_behind_rests_is_a_pickup() -> None:
    """How a DAW holds one: the first bar is silent up to its last beat."""
    found = bars(36, first=3)
    assert (8, True) == (found.bars, found.pickup)


def test_three_quarters_of_a_bar_are_the_limit_of_a_pickup_by_each_sign() -> None:
    """Behind rests, cut by a meter, or under a meter of its own; 3.9 beats of four are a bar."""
    assert bars(36, first=1).pickup
    assert not bars(36, first=0.9).pickup
    assert bars(35, (0, 4, 4), (3, 4, 4)).pickup
    assert not bars(35.9, (0, 4, 4), (3.9, 4, 4)).pickup
    assert bars(35, (0, 3, 4), (3, 4, 4)).pickup
    assert not bars(35.5, (0, 7, 8), (3.5, 4, 4)).pickup


def test_a_rest_before_a_fugues_subject_is_no_pickup() -> None:
    """An eighth of rest does not make a bar an upbeat."""
    assert (8, False) == (bars(32, first=0.5).bars, bars(32, first=0.5).pickup)


def test_a_silent_first_bar_is_no_pickup_and_counts() -> None:
    """A piece that begins late is as long as it takes."""
    assert (8, False) == (bars(32, first=4).bars, bars(32, first=4).pickup)
    assert 9 == bars(36, first=4).bars


def test_a_change_of_meter_after_a_long_first_bar_is_no_pickup() -> None:
    """Six beats before four are music that changes its meter, and so is a bar before a shorter one."""
    assert (8, False) == (bars(34, (0, 6, 4), (6, 4, 4)).bars, bars(34, (0, 6, 4), (6, 4, 4)).pickup)
    assert not bars(25, (0, 4, 4), (4, 3, 4)).pickup


def test_a_single_bar_is_never_a_pickup() -> None:
    """Music that is all upbeat is one bar."""
    found = bars(4, first=3)
    assert (1, False) == (found.bars, found.pickup)


CHANGES = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(1, 16), st.sampled_from([1, 2, 4, 8, 16, 32, 64, 128])), max_size=8
)


@given(CHANGES, st.integers(1, 480), st.integers(1, 20_000))
def test_bars_cover_the_piece_without_gaps(changes: list[MeterChange], ticks_per_quarter: int, last: int) -> None:
    """Starts ascend from 0, there is one for each bar and the pickup, and the last bar line comes after the music, less what is forgiven.

    That is a twelfth of a quarter note; and one more where a last meter begins within a twelfth of the end, and is passed over.
    """
    found = bar_map(changes, ticks_per_quarter, 0, last, 10**6)
    assert 0.0 == found.starts[0]
    assert all(earlier < later for earlier, later in zip(found.starts, (*found.starts[1:], found.end), strict=True))
    assert found.bars + found.pickup == len(found.starts)
    assert found.end >= last / ticks_per_quarter - 2 / 12 - 1e-9


@given(CHANGES, st.integers(1, 20_000), st.integers(0, 20_000))
def test_a_longer_piece_never_has_fewer_bars(changes: list[MeterChange], last: int, more: int) -> None:
    """Playing on adds bars or keeps their number, the pickup counted with them."""
    shorter, longer = (bar_map(changes, 480, 0, end, 1) for end in (last, last + more))
    assert shorter.bars + shorter.pickup <= longer.bars + longer.pickup
