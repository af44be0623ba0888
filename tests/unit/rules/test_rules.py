"""The rules of a contest: phases, times, names, standings, orders, schedules."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import StatisticsError, fmean
from typing import TYPE_CHECKING

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.rules.criteria import DEFAULT, Criterion, Scheme
from bot.rules.moments import next_to_write, spoken, to_utc, wall_clock, zone
from bot.rules.naming import alias, is_slug, natural, slug_of, submission_name, title_of
from bot.rules.phases import Arrival, Phase, Round, arrival, next_phase, phases, round_of
from bot.rules.queue import listening_order
from bot.rules.schedule import CronError, is_hourly, normalise
from bot.rules.standings import Entry, mean_of_means, standings
from bot.rules.words import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from random import Random

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
scores = st.integers(1, 5)
names = st.text(max_size=30)


def test_phases_go_forward_to_the_end() -> None:
    """One direction; the final is for contests of two rounds."""
    one, two = phases(1), phases(2)
    assert [Phase.OPEN, Phase.JUDGING, Phase.FINISHED, None] == [next_phase(phase, 1) for phase in one]
    assert [*two[1:], None] == [next_phase(phase, 2) for phase in two]
    assert [Phase.FINAL] == [phase for phase in two if phase not in one]
    assert {Phase.FINAL} == {phase for phase in Phase if round_of(phase) is Round.FINAL}


@pytest.mark.parametrize(
    ("phase", "uploaded_at", "judging_at", "outcome"),
    [
        (Phase.DRAFT, NOON - SECOND, None, Arrival.TOO_EARLY),
        (Phase.OPEN, NOON, None, Arrival.TAKEN),
        (Phase.OPEN, NOON + SECOND, None, Arrival.LATE),
        (Phase.JUDGING, NOON - SECOND, NOON, Arrival.TAKEN),
        (Phase.JUDGING, NOON - SECOND, NOON - 2 * SECOND, Arrival.CLOSED),
        (Phase.JUDGING, NOON + SECOND, NOON + 2 * SECOND, Arrival.LATE),
        (Phase.FINISHED, NOON - SECOND, NOON, Arrival.FINISHED),
    ],
)
def test_slacks_time_decides_what_is_taken(
    phase: Phase, uploaded_at: datetime, judging_at: datetime | None, outcome: Arrival
) -> None:
    """The deadline is at noon; what was sent before it and before the judging is taken."""
    assert outcome is arrival(phase, uploaded_at, NOON, judging_at)


@pytest.mark.parametrize(
    ("zone_name", "text"),
    [
        ("Europe/Berlin", "Friday 20 November at 13:00 (12:00 UTC)"),
        ("UTC", "Friday 20 November at 12:00 UTC"),
        ("Pacific/Auckland", "Saturday 21 November at 01:00 (Friday 20 November at 12:00 UTC)"),
        ("Nowhere/Atall", "Friday 20 November at 12:00 UTC"),
    ],
)
def test_a_moment_is_told_in_the_contests_zone_with_utc_beside_it(zone_name: str, text: str) -> None:
    """The other day is named only where it is another one."""
    assert text == spoken(NOON, zone_name)


def test_wall_clock_times_become_moments() -> None:
    """Summer and winter differ, a skipped hour is none, and of a repeated one the first counts."""
    berlin = "Europe/Berlin"
    assert datetime(2026, 7, 1, 10, 0, tzinfo=UTC) == to_utc(datetime.fromisoformat("2026-07-01T12:00"), berlin)
    assert datetime(2026, 12, 1, 11, 0, tzinfo=UTC) == to_utc(datetime.fromisoformat("2026-12-01T12:00"), berlin)
    assert to_utc(datetime.fromisoformat("2027-03-28T02:30"), berlin) is None
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == to_utc(datetime.fromisoformat("2026-10-25T02:30"), berlin)


@pytest.mark.parametrize(
    ("zone_name", "moment", "text"),
    [
        ("Europe/Berlin", "2026-10-25T00:30", "Sunday 25 October at 02:30 (00:30 UTC, before clocks go back)"),
        ("Europe/Berlin", "2026-10-25T01:30", "Sunday 25 October at 02:30 (01:30 UTC, after clocks go back)"),
        ("Europe/Berlin", "2026-10-25T02:00", "Sunday 25 October at 03:00 (02:00 UTC)"),
        ("Europe/London", "2026-10-25T00:30", "Sunday 25 October at 01:30 (00:30 UTC, before clocks go back)"),
        ("Europe/London", "2026-10-25T01:30", "Sunday 25 October at 01:30 UTC (after clocks go back)"),
        (
            "Australia/Lord_Howe",
            "2026-04-04T14:45",
            "Sunday 5 April at 01:45 (Saturday 4 April at 14:45 UTC, before clocks go back)",
        ),
        ("Europe/Berlin", "2026-03-29T01:00", "Sunday 29 March at 03:00 (01:00 UTC)"),
    ],
)
def test_of_a_time_that_clocks_show_twice_it_is_said_which_is_meant(zone_name: str, moment: str, text: str) -> None:
    """A deadline at 2:30 in the night of the clock change was told as if there were only one."""
    assert text == spoken(datetime.fromisoformat(f"{moment}+00:00"), zone_name)


@given(
    st.integers(0, 7 * 366 * 24 * 60),
    st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "Pacific/Chatham", "Africa/Casablanca", "UTC"]),
)
def test_what_a_window_begins_with_is_read_as_it_was_meant(minutes: int, zone_name: str) -> None:
    """To the minute that moment; after the second showing of a time that comes twice, where it lies in it."""
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    read = to_utc(next_to_write(moment, zone_name), zone_name)
    assert read is not None
    assert read == moment or (
        moment < read <= moment + timedelta(hours=1) and moment != to_utc(wall_clock(moment, zone_name), zone_name)
    )


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        ("*", True),
        ("*/1", True),
        ("0-23", True),
        ("0-11,12-23/1", True),
        ("*/2", False),
        ("1-3", False),
        ("0-22", False),
    ],
)
def test_every_hour_is_every_hour_however_it_is_written(hour: str, expected: bool) -> None:
    """By the set of its hours, not by its letters."""
    assert expected is is_hourly(normalise(f"30 {hour} * * *"))


@pytest.mark.parametrize("name", ["", "Berlin", "Europe", "../etc/passwd", "/etc/localtime", "Europe/Berlin\0"])
def test_what_is_no_time_zone_is_none(name: str) -> None:
    """Folders, paths and half names are no zones."""
    assert zone(name) is None


def test_an_unknown_zone_has_no_wall_clock() -> None:
    """A moment in no zone is an error of ours."""
    with pytest.raises(ValueError, match="no such time zone"):
        to_utc(datetime.fromisoformat("2026-07-01T12:00"), "Nowhere/Atall")


@pytest.mark.parametrize(
    ("filename", "title"),
    [
        ("Morning_Tide.mid", "Morning Tide"),
        ("../../x.mid", "x"),
        (r"C:\songs\Blue.Notes.midi", "Blue.Notes"),
        (".mid", "mid"),
        ("", "Untitled"),
        ("a\nb\tc.mid", "a b c"),
        ("x" * 200 + ".mid", "x" * 80),
    ],
)
def test_a_title_comes_from_the_files_name(filename: str, title: str) -> None:
    """Without folders, ending and odd characters, and never empty."""
    assert title == title_of(filename)


@given(names)
def test_a_title_is_short_and_printable(filename: str) -> None:
    """Whatever the name, the title can be shown."""
    title = title_of(filename)
    assert 1 <= len(title) <= 80
    assert title.isprintable()
    assert "/" not in title


@given(names)
def test_a_slug_made_from_any_name_is_a_slug(name: str) -> None:
    """Or nothing, or one letter, where the name has no more."""
    slug = slug_of(name)
    assert len(slug) < 2 or is_slug(slug)


def among(taken: Iterable[str]) -> Callable[[Collection[str]], set[str]]:
    """Tells which of some names are among those."""
    return lambda some: set(taken) & set(some)


@pytest.mark.parametrize("slug", ["", "a", "-a", "a-", "a--b", "A-b", "ä-b", "a b", "a" * 41])
def test_what_is_no_slug(slug: str) -> None:
    """Only small letters, digits and single hyphens."""
    assert not is_slug(slug)


def test_a_composition_is_named_after_contest_person_and_title() -> None:
    """The words of the title keep their letters; accents and signs go."""
    none = among(())
    assert "#bach-jam-joerg-muller-BaroqueBeatz05" == submission_name(
        "bach-jam", "Joerg Müller", "Baroque Beatz-05", none
    )
    assert "#jam-ada-OdeToJoy" == submission_name("jam", "Ada", "ode to Joy", none)
    assert "#bach-jam-someone-Untitled" == submission_name("bach-jam", "♪", "♫", none)


@given(names, names, st.integers(1, 5))
def test_names_are_never_given_twice(person: str, title: str, times: int) -> None:
    """The same title again gets a number."""
    taken: list[str] = []
    for _ in range(times):
        taken.append(submission_name("jam", person, title, among(taken)))
    assert times == len(set(taken))


@given(st.sets(st.text(alphabet="0123456789abcdef", min_size=4, max_size=8), max_size=60))
def test_aliases_are_never_given_twice(ids: set[str]) -> None:
    """Each submission has its own, and the same one whenever it is asked."""
    taken: dict[str, str] = {}
    for submission in sorted(ids):
        taken[submission] = alias(submission, among(taken.values()))
    assert len(ids) == len(set(taken.values()))
    assert all(name.replace(" ", "-").isascii() for name in taken.values())


def test_aliases_do_not_run_out() -> None:
    """After some pairs of words they get numbers."""
    taken: set[str] = set()
    for _ in range(1000):
        taken.add(alias("the same", among(taken)))
    assert 1000 == len(taken)
    assert any(name[-1].isdigit() for name in taken)


def test_the_twenty_thousandth_name_is_found_by_a_few_questions() -> None:
    """An upload to a contest of 20,000 asks the database no more than a handful of times, whether all of them have one title or not."""
    asked: list[int] = []
    taken = {f"#jam-someone-Untitled-{number}" for number in range(2, 20_000)} | {"#jam-someone-Untitled"}

    def look(some: Collection[str]) -> set[str]:
        asked.append(len(some))
        return taken & set(some)

    assert "#jam-someone-Untitled-20000" == submission_name("jam", "♪", "♫", look)
    assert len(asked) < 30
    taken.clear()
    for number in range(20_000):
        taken.add(alias(f"{number}", look))
    assert 20_000 == len(taken)
    asked.clear()
    alias("one more", look)
    assert len(asked) < 6


def test_the_score_is_the_mean_of_the_judges_means() -> None:
    """(5+4+3)/3 and (2+2+2)/3 make 3."""
    given = [dict(zip(DEFAULT.keys, each, strict=True)) for each in ((5, 4, 3), (2, 2, 2))]
    assert 3.0 == mean_of_means([DEFAULT.mean(scores) for scores in given])
    with pytest.raises(StatisticsError):
        mean_of_means([])


def test_weights_tell_how_much_a_criterion_counts() -> None:
    """Twice the weight, twice the say."""
    scheme = Scheme((Criterion("a", "A", "?", weight=2.0), Criterion("b", "B", "?")), DEFAULT.titles)
    assert 4.0 == scheme.mean({"a": 5, "b": 2})
    assert scheme == Scheme.load(scheme.dump())


@given(st.lists(st.tuples(scores, scores, scores).map(fmean), min_size=1, max_size=12), st.randoms())
def test_the_score_does_not_depend_on_the_order_of_the_judges(ratings: list[float], shuffler: Random) -> None:
    """Equal ratings are equal scores, whoever came first."""
    shuffled = list(ratings)
    shuffler.shuffle(shuffled)
    assert mean_of_means(ratings) == mean_of_means(shuffled)
    assert 1 <= mean_of_means(ratings) <= 5


def test_places_are_shared_and_skipped() -> None:
    """1, 2, 2, 4; within a tie by name."""
    entries = [Entry("d", 1.0), Entry("c", 3.0), Entry("b", 3.0), Entry("a", 4.0)]
    assert [(1, "a"), (2, "b"), (2, "c"), (4, "d")] == [(place.place, place.entry.name) for place in standings(entries)]
    assert () == standings([])
    tie = [Entry(f"P{number}", 3.0) for number in (89, 9, 10)]
    assert ["P9", "P10", "P89"] == [place.entry.name for place in standings(tie)]


@pytest.mark.parametrize(
    "names",
    [
        ["P9", "P10", "P89"],
        ["a", "B", "c"],
        ["#jam-ada-Tide", "#jam-ada-Tide2", "#jam-ada-Tide10"],
        ["2", "10", "x"],
        ["", "1"],
    ],
)
def test_names_stand_in_the_order_in_which_people_count(names: list[str]) -> None:
    """However they came."""
    assert names == sorted(sorted(names), key=natural)


@given(st.lists(st.tuples(names, st.integers(0, 3)), max_size=20))
def test_a_place_is_one_more_than_the_number_of_the_better(entries: list[tuple[str, int]]) -> None:
    """For every entry, whatever the ties."""
    for standing in standings([Entry(name, score) for name, score in entries]):
        assert 1 + sum(score > standing.entry.score for _, score in entries) == standing.place


@given(st.sets(st.text(min_size=1), min_size=1, max_size=20), st.text(min_size=1))
def test_a_piece_that_joins_later_leaves_the_order_alone(pieces: set[str], late: str) -> None:
    """A judge's order is a shuffle of all pieces that stays as it was when one is added."""
    assume(late not in pieces)
    before = listening_order("contest", "judge", pieces)
    after = listening_order("contest", "judge", {*pieces, late})
    assert sorted(pieces) == sorted(before)
    assert before == [piece for piece in after if piece != late]


def test_judges_have_orders_of_their_own() -> None:
    """Five judges hear ten pieces in five orders."""
    pieces = [f"piece {number}" for number in range(10)]
    orders = {tuple(listening_order("contest", f"judge {number}", pieces)) for number in range(5)}
    assert 5 == len(orders)


def test_halves_stand_between_the_titles() -> None:
    """Nine steps; a scheme without halves is stored as before there were any."""
    halves = replace(DEFAULT, halves=True)
    assert (1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5) == halves.steps
    assert ("4.5 - between 4 and 5", "4 - Now we're rocking") == (halves.label(4.5), halves.label(4.0))
    assert (halves, DEFAULT) == (Scheme.load(halves.dump()), Scheme.load(DEFAULT.dump()))
    assert {"criteria", "titles"} == set(DEFAULT.dump())


def test_the_criteria_are_three_on_one_scale() -> None:
    """Titles for 1 to 5 and a question for each criterion."""
    assert ("originality", "balance", "emotional") == DEFAULT.keys
    assert all(criterion.question.endswith("?") for criterion in DEFAULT.criteria)
    assert "4 - Now we're rocking" == DEFAULT.label(4)
    assert (1, 2, 3, 4, 5) == DEFAULT.steps
    assert 5 == len(DEFAULT.titles)


@pytest.mark.parametrize(
    ("text", "cron"),
    [
        ("", ""),
        ("  0  18 * * * ", "0 18 * * *"),
        ("0 18 * * 1-5", "0 18 * * mon-fri"),
        ("0 18 * * MON-FRI", "0 18 * * mon-fri"),
        ("0 18 * * 0", "0 18 * * sun"),
        ("0 18 * * 7", "0 18 * * sun"),
        ("0 18 * * fri-mon", "0 18 * * mon,fri,sat,sun"),
        ("0 18 * * 0-6", "0 18 * * mon-sun"),
        ("*/15 9-17 1,15 jan-mar *", "*/15 9-17 1,15 1,2,3 *"),
        ("0 9 29 2 *", "0 9 29 2 *"),
        ("0 9 31 feb,mar *", "0 9 31 2,3 *"),
    ],
)
def test_schedules_are_written_so_that_all_readers_agree(text: str, cron: str) -> None:
    """Days of the week by name, months by number."""
    assert cron == normalise(text)


@pytest.mark.parametrize(
    "text",
    [
        "0 18 * *",
        "0 18 * * * *",
        "@daily",
        "60 18 * * *",
        "0 24 * * *",
        "0 18 0 * *",
        "0 18 * 13 *",
        "0 18 * * 8",
        "0 18 * * someday",
        "*/0 18 * * *",
        "*/60 18 * * *",
        "5/10 18 * * *",
        "30-10 18 * * *",
        "1,,2 18 * * *",
        "0 18 * * mon#2",
        "0 9 1 * mon",
        "0 9 1-31 * mon",
        "0 9 1 * 0-6",
        "0 9 31 2 *",
        "0 9 31 4,jun,9,11 *",
        "0 9 30,31 2 *",
    ],
)
def test_what_is_no_schedule_is_told(text: str) -> None:
    """Each mistake has a sentence."""
    with pytest.raises(CronError, match=r"^\S.*\.$"):
        normalise(text)


def field(lowest: int, highest: int) -> st.SearchStrategy[str]:
    """Any text for one field of cron, right or wrong."""
    number = st.integers(lowest - 1, highest + 1).map(str)
    span = st.tuples(number, number).map("-".join)
    step = st.tuples(st.one_of(st.just("*"), span), number).map("/".join)
    return st.one_of(st.just("*"), number, span, step, st.tuples(number, span).map(",".join))


days = st.one_of(
    st.tuples(field(1, 31), field(1, 12), st.just("*")), st.tuples(st.just("*"), field(1, 12), field(0, 7))
)


@given(st.tuples(field(0, 59), field(0, 23), days).map(lambda parts: " ".join((*parts[:2], *parts[2]))))
def test_the_alarm_clock_takes_every_schedule_that_passes(text: str) -> None:
    """Whatever we let in, APScheduler can read, and it comes one day (in a leap year at the latest)."""
    try:
        cron = normalise(text)
    except CronError:
        assume(False)
    assert CronTrigger.from_crontab(cron, timezone="UTC").get_next_fire_time(None, NOON) is not None


@pytest.mark.parametrize("words", ["<@U0OLIVE>", "<!channel>", "<#C0MUSIC|x>", "a < b > c", "Dawn", ":tada: > a:b"])
def test_quoted_words_read_the_same_and_mention_nobody(words: str) -> None:
    """What people wrote stays readable, and is no mention and no emoji any more."""
    assert words == re.sub("[\u2060\u200b]", "", quoted(words))
    assert not re.search("<[@#!]|:tada:", quoted(words))


def test_a_line_keeps_together_what_belongs_together() -> None:
    """Line breaks and rows of blanks become one blank; a number and its sign are not torn apart."""
    assert "Harmony (40\u00a0%) now" == quoted(" Harmony  (40\u00a0%)\n now ")
