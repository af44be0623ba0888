"""Further listens where it is close: what judges get, and what organizers get for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import inf, sqrt
from statistics import fmean, stdev
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.rules.allocation import Pair, Task, allocate
from bot.rules.criteria import DEFAULT
from bot.rules.fairscores import Observation, fair
from bot.rules.phases import Phase, Round
from bot.rules.queue import AT_ONCE
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from bot.usecases.judging.further import Scene, chosen
from bot.usecases.judging.piles import Pile, further_left
from bot.usecases.judging.ratingforms import Saved
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from tests.makers.judged import actions, invited
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, OLIVE, World, small_world

if TYPE_CHECKING:
    from pathlib import Path

    from bot.rules.henderson import Matrix, Vector

JUDGES = tuple(f"U0JUDGE{number}" for number in range(6))
PIECES, GO_ON = 24, 6


def shared(world: World, listens: int, further: int, pieces: int = PIECES, *, minutes: str = "") -> str:
    """A contest that is being judged; its id."""
    for number, judge in enumerate(JUDGES):
        world.directory.add(judge, f"Judge {number}", CHANNEL)
    contest = world.contest(submission_limit=pieces, rounds=2)
    world.contests.add_judges(OLIVE, CHANNEL, JUDGES)
    set_to(world, contest, listens=listens, further=further, minutes=minutes, finalists=GO_ON)
    for number in range(pieces):
        world.accepted((ADA, BEN, CLEO)[number % 3], f"F{number}", f"Tune {number}.mid")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    return contest


def set_to(world: World, contest: str, **texts: object) -> None:
    """By the modal, as organizers do."""
    form = world.editing.form(OLIVE, contest, Part.JUDGING)
    written = {name: value if name == "finalists" else str(value) for name, value in texts.items()}
    shown = world.editing.prepare(EditContest(OLIVE, contest, Part.JUDGING, written, form.seen))
    world.editing.apply(OLIVE, shown.edit_id)


def a_world(seed: int, entries: int, judges: int) -> tuple[Vector, Matrix]:
    """What entries are worth, (entries,), and what each judge would give them in each criterion, 1 to 5, (entries, judges, criteria)."""
    lots, shape = np.random.default_rng(seed), (entries, judges, len(DEFAULT.keys))
    worth, lenient, taste = lots.normal(0, 0.6, entries), lots.normal(0, 0.5, judges), lots.normal(0, 0.45, shape[:2])
    given = 3 + worth[:, None, None] + lenient[None, :, None] + taste[:, :, None] + lots.normal(0, 0.5, shape)
    return worth, np.clip(np.rint(given), 1, 5)


class Ears:
    """Judges who would give what they would give, whatever they are sent and whenever."""

    def __init__(self, world: World, contest: str, seed: int = 0) -> None:
        self.world, self.contest = world, contest
        with world.store.read() as work:
            self.pieces = list(work.submissions.authors(contest))
        self.worth, self.would_give = a_world(seed, len(self.pieces), len(JUDGES))
        self.rated: set[tuple[str, str]] = set()

    def hear(self, *judges: str) -> int:
        """These rate what is with them now; how much that was."""
        commands = []
        for judge in judges or JUDGES:
            todo = [piece for piece in dict.fromkeys(invited(self.world, judge)) if (judge, piece) not in self.rated]
            for piece in todo:
                scores = self.would_give[self.pieces.index(piece), JUDGES.index(judge)]
                values = RatingValues(dict(zip(DEFAULT.keys, (int(score) for score in scores), strict=True)))
                commands.append(RateSubmission(judge, piece, values))
                self.rated.add((judge, piece))
        self.world.ratings.rate_all(commands)
        return len(commands)

    def hear_all(self) -> None:
        """To the end, with a look for further listens after each hand."""
        while self.hear():
            self.world.further.place_due()


def further_of(world: World, contest: str) -> Counter[str]:
    """Further listens, by piece."""
    with world.store.read() as work:
        return Counter(piece for _, piece in work.panels.pairs(contest, further=True))


ENTRIES, CUT, WORLDS = 60, 15, 60


def test_more_of_the_best_go_on_than_with_as_many_ratings_shared_out_evenly() -> None:
    """Two each and 60 where it is close, as they are placed, against three each: 180 listens of 60 pieces by the same 8 judges, who would give the same."""
    judges, entries = [f"judge {number}" for number in range(8)], [f"entry {number:02}" for number in range(ENTRIES)]
    two, three = (Task(dict.fromkeys(entries, 20.0), dict.fromkeys(judges, inf), each, seed="7") for each in (2, 3))
    base, even = allocate(two).pairs, allocate(three).pairs
    gains = []
    for seed in range(WORLDS):
        worth, would_give = a_world(seed, ENTRIES, len(judges))
        place = {entry: at for at, entry in enumerate(entries)} | {judge: at for at, judge in enumerate(judges)}

        def given(
            pairs: frozenset[Pair], *, would_give: Matrix = would_give, at: dict[str, int] = place
        ) -> tuple[Observation, ...]:
            return tuple(Observation(entry, by, float(would_give[at[entry], at[by]].mean())) for by, entry in pairs)

        heard = base
        while ENTRIES > len(heard - base):
            task = replace(two, planned=base, further=heard - base, started=heard)
            rated = {judge: frozenset(entry for by, entry in heard if by == judge) for judge in judges}
            piles = {
                judge: Pile(judge, Round.PRELIMINARY, (), len(theirs), len(theirs), rated=theirs)
                for judge, theirs in rated.items()
            }
            scene = Scene(task, piles, dict.fromkeys(judges, AT_ONCE), given(heard), CUT, ENTRIES - len(heard - base))
            heard |= frozenset(chosen(scene)[0])
        best = {entries[at] for at in np.argsort(-worth)[:CUT].tolist()}
        recalls = [
            len(best & {each.entry for each in fair(given(pairs), chances=False).scores[:CUT]})
            for pairs in (heard, even)
        ]
        gains.append((recalls[0] - recalls[1]) / CUT)
    assert fmean(gains) > 2 * stdev(gains) / sqrt(WORLDS)


def test_further_listens_go_where_it_is_close_and_stop_at_their_number(tmp_path: Path) -> None:
    """Most of them to the half of the pieces around the cut; all are placed, each judge hears each piece once, and is thanked once."""
    with small_world(tmp_path) as world:
        contest = shared(world, 2, 12)
        ears = Ears(world, contest)
        assert 0 == world.further.place_due(), "nothing is known"
        ears.hear_all()
        placed = further_of(world, contest)
        assert 12 == placed.total() == world.panels.look(OLIVE, CHANNEL).placed
        order = sorted(ears.pieces, key=lambda piece: -ears.worth[ears.pieces.index(piece)])
        assert sum(placed[piece] for piece in order[: 2 * GO_ON]) >= 9
        assert 2 * PIECES + 12 == len(ears.rated)
        assert "allocation.further" in actions(world, contest)
        assert [1] * len(JUDGES) == [len(world.letters("ratings_done", judge)) for judge in JUDGES]


def test_whoever_is_through_waits_until_most_have_their_ratings(tmp_path: Path) -> None:
    """One quick judge: nothing further while a third of the others' is to come; and a judge who pauses is given nothing."""
    with small_world(tmp_path) as world:
        contest = shared(world, 2, 12)
        ears = Ears(world, contest)
        quick, *others = JUDGES
        while ears.hear(quick):
            pass
        assert 0 == world.further.place_due()
        assert [] == world.letters("ratings_done", quick)
        while ears.hear(*others[:4]):
            pass
        world.judging.pause(others[0], contest)
        assert world.further.place_due() > 0
        with world.store.read() as work:
            have = {judge for judge, _ in work.panels.pairs(contest, further=True)}
        assert quick in have
        assert others[0] not in have


def test_whoever_is_through_reads_that_more_may_come_until_no_more_can(tmp_path: Path) -> None:
    """On Home, in their list and in the window that saves; with their last word they read that all is done."""
    with small_world(tmp_path) as world:
        contest = shared(world, 2, 12)
        ears = Ears(world, contest)
        quick, *_ = JUDGES
        while ears.hear(quick):
            pass
        last = next(iter(ears.rated))[1]
        again = RateSubmission(quick, last, RatingValues(dict.fromkeys(DEFAULT.keys, 3)))
        (saved,) = world.ratings.rate_all([again])
        assert isinstance(saved, Saved)
        assert _says_more(world, contest, quick) == [True, True]
        assert saved.more
        ears.hear_all()
        assert world.letters("ratings_done", quick)
        assert _says_more(world, contest, quick) == [False, False]


def test_whoever_has_no_time_for_more_reads_that_all_is_done(tmp_path: Path) -> None:
    """Further listens are left, and they have been told that nothing more comes to them."""
    with small_world(tmp_path) as world:
        contest = shared(world, 2, 12, minutes="11")
        Ears(world, contest).hear_all()
        with world.store.read() as work:
            row = work.contests.get(contest)
            assert row is not None
            assert 12 == further_left(work, row)
        assert _says_more(world, contest, JUDGES[0]) == [False, False]


def _says_more(world: World, contest: str, judge: str) -> list[bool]:
    home = world.people.home(judge).contests[0].judging
    assert home is not None
    return [home.more, world.judging.pieces(judge, contest).more]


def test_what_nobody_has_begun_goes_back_when_a_judge_leaves(tmp_path: Path) -> None:
    """What they heard is spent; the rest is placed anew, with others, so that the number stays."""
    with small_world(tmp_path) as world:
        contest = shared(world, 2, 12)
        ears = Ears(world, contest)
        while ears.hear():
            pass
        world.further.place_due()
        before = further_of(world, contest).total()
        with world.store.read() as work:
            leaves = min(judge for judge, _ in work.panels.pairs(contest, further=True))
        ears.hear(leaves)
        world.further.place_due()
        world.marks.leave(leaves, contest, "No more time", counted=True)
        assert 0 < further_of(world, contest).total() <= before + 4
        world.clock.advance(minutes=2)
        ears.hear_all()
        assert 12 == further_of(world, contest).total()


def test_fewer_are_wanted_in_the_middle(tmp_path: Path) -> None:
    """What is with somebody stays; what nobody has begun goes, and whoever was through is told that it is over."""
    with small_world(tmp_path) as world:
        contest = shared(world, 2, 12)
        ears = Ears(world, contest)
        while ears.hear():
            pass
        assert [] == world.letters("ratings_done")
        set_to(world, contest, further="0")
        assert len(JUDGES) == len(world.letters("ratings_done"))
        assert 0 == world.further.place_due()


def test_a_limit_of_minutes_holds_for_further_listens_too(tmp_path: Path) -> None:
    """Whoever has no time left is through, and told so, although there are listens to place."""
    with small_world(tmp_path) as world:
        contest = shared(world, 2, 12, minutes="11")
        ears = Ears(world, contest)
        ears.hear_all()
        assert 0 == further_of(world, contest).total(), "eight pieces of a minute and a quarter fill eleven minutes"
        assert len(JUDGES) == len(world.letters("ratings_done"))


@pytest.mark.parametrize("listens", ["", "6"])
def test_where_all_hear_all_nothing_is_left_to_place(tmp_path: Path, listens: str) -> None:
    """Whoever is through is told so."""
    with small_world(tmp_path) as world:
        contest = shared(world, 2, 12, pieces=8)
        set_to(world, contest, listens=listens)
        ears = Ears(world, contest)
        ears.hear_all()
        assert 0 == further_of(world, contest).total()
        assert len(JUDGES) == len(world.letters("ratings_done"))
