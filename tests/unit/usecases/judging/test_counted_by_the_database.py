"""What the database adds up for boards is what somebody counts who looks at each rating."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.criteria import DEFAULT
from bot.rules.numbers import decimal
from bot.rules.phases import Phase, Round
from bot.usecases.boards.leaderboard import board_of
from bot.usecases.judging.counting import counting_summed, counting_weighed, counting_with_texts
from bot.usecases.judging.fairness import ratings_of
from models.contests import ContestRole
from models.judging import JudgingMark, MarkKind, Rating
from models.submissions import SubmissionState
from tests.makers.boards import change, crowd_rows
from tests.makers.fakes import NOON
from tests.makers.world import World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PIECES, JUDGES = 4, 3
KEYS = DEFAULT.keys
AT_SOME_PIECES = st.sets(st.tuples(st.integers(0, PIECES - 1), st.integers(0, JUDGES - 1)))
FACTS = st.fixed_dictionaries(
    {
        "states": st.lists(st.sampled_from(SubmissionState), min_size=PIECES, max_size=PIECES),
        "finalists": st.sets(st.integers(0, PIECES - 1)),
        "rated": st.dictionaries(
            st.tuples(st.integers(0, PIECES - 1), st.integers(0, JUDGES - 1), st.sampled_from(Round)),
            st.fixed_dictionaries({key: st.integers(1, 5) for key in KEYS}),
        ),
        "recused": AT_SOME_PIECES,
        "flagged": AT_SOME_PIECES,
        "voided": st.sets(st.integers(0, JUDGES - 1)),
        "weights": st.lists(st.integers(1, 7), min_size=len(KEYS), max_size=len(KEYS)),
    }
)


@given(facts=FACTS, without=st.sampled_from(["", "J1"]))
@settings(max_examples=50)
def test_it_is_the_same(facts: dict[str, Any], without: str) -> None:
    """Whatever was withdrawn, recused from, declared void, or is in the final; with any weights, and without any judge."""
    with TemporaryDirectory() as folder, small_world(Path(folder)) as world:
        contest = _final(world, facts)
        with world.store.read() as work:
            row = work.contests.get(contest)
            assert row is not None
            by_hand = _by_hand(rating for rating in counting_with_texts(work, row) if rating.judge != without)
            summed = counting_summed(work, row, KEYS, without)
            weighed = counting_weighed(work, row, KEYS, without)
            board = board_of(work, row, NOON, without=without)
    sums = {
        place: (len(some), tuple(sum(column) for column in zip(*some, strict=True))) for place, some in by_hand.items()
    }
    assert sums == {(each.submission_id, each.round): (each.number, each.sums) for each in summed}
    assert sums == {
        (each.submission_id, each.round): (each.number, each.sums)
        for each in weighed
        if each.state is SubmissionState.ACCEPTED
    }
    assert _to_be_weighed(facts, without) == sorted(ratings_of(weighed, DEFAULT))
    finalists = {f"p{piece:04d}" for piece in facts["finalists"]}
    heard = {
        piece: some for (piece, round_), some in by_hand.items() if (round_ is Round.FINAL) == (piece in finalists)
    }
    scores = {piece: (_score(some, facts["weights"]), len(some)) for piece, some in heard.items()}
    assert scores == {each.submission_id: (each.score, each.ratings) for each in board.rows}


def _final(world: World, facts: dict[str, Any]) -> str:
    """A contest in its final of which this is true; its id."""
    contest = world.contest()
    criteria = [
        {**each, "weight": weight} for each, weight in zip(DEFAULT.dump()["criteria"], facts["weights"], strict=True)
    ]
    change(world, contest, phase=Phase.FINAL, rounds=2, final_at=NOON, scheme={**DEFAULT.dump(), "criteria": criteria})
    pieces, _ = crowd_rows(contest, PIECES)
    for at, piece in enumerate(pieces):
        piece.state, piece.in_final = facts["states"][at], at in facts["finalists"]
    ratings = [
        Rating(
            id=world.ids.new(), contest_id=contest, submission_id=pieces[piece].id, judge=f"J{judge}", round=round_, scores=scores,
            comment="", private_note="", created_at=NOON, updated_at=NOON,
        )
        for (piece, judge, round_), scores in facts["rated"].items()
    ]  # fmt: skip
    marks = [
        JudgingMark(
            id=world.ids.new(),
            contest_id=contest,
            submission_id=pieces[piece].id,
            judge=f"J{judge}",
            kind=kind,
            reason="",
            at=NOON,
        )
        for kind in (MarkKind.RECUSED, MarkKind.FLAGGED)
        for piece, judge in facts[kind]
    ]
    with world.store.write() as work:
        work.submissions.add_all(pieces)
        work.ratings.add_all(ratings)
        for mark in marks:
            work.ratings.marks.add(mark)
        for judge in range(JUDGES):
            work.contests.roles.give(contest, f"J{judge}", "judge", added_by="U0OLIVE", now=NOON)
            role = work.contests.roles.held(contest, f"J{judge}", "judge")
            assert isinstance(role, ContestRole)
            role.voided_at = NOON if judge in facts["voided"] else None
    return contest


def _by_hand(ratings: Iterable[Rating]) -> dict[tuple[str, Round], list[tuple[int, ...]]]:
    """The scores of each rating, by composition and round."""
    given = defaultdict(list)
    for rating in ratings:
        given[rating.submission_id, rating.round].append(tuple(rating.scores[key] for key in KEYS))
    return dict(given)


def _to_be_weighed(facts: dict[str, Any], without: str) -> list[tuple[Any, ...]]:
    """Piece, judge, round and scores of each rating that fair scores weigh: those that count, and those of what has left."""
    found = []
    for (piece, judge, round_), scores in facts["rated"].items():
        state, left = facts["states"][piece], (SubmissionState.WITHDRAWN, SubmissionState.SUPERSEDED)
        here = state is SubmissionState.ACCEPTED and (round_ is Round.PRELIMINARY or piece in facts["finalists"])
        void = judge in facts["voided"] or (piece, judge) in facts["recused"] or f"J{judge}" == without
        if (here or state in left) and not void:
            found.append((f"p{piece:04d}", f"J{judge}", round_, tuple(scores[key] for key in KEYS)))
    return sorted(found)


def _score(ratings: Sequence[Sequence[int]], weights: Sequence[int]) -> float:
    """The mean over judges of their weighted means, in fractions."""
    means = [
        Fraction(sum(weight * score for weight, score in zip(weights, scores, strict=True)), sum(weights))
        for scores in ratings
    ]
    return float(decimal(float(sum(means) / len(means))))
