"""Contests with boards, for the tests of boards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase, Round
from models.judging import Rating
from models.submissions import Submission, SubmissionState
from tests.makers.fakes import NOON
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.makers.world import World


def judged(world: World, **changes: Any) -> tuple[str, str, str]:
    """A contest that is being judged by two, with compositions of Ada, Ben and Cleo (AI: 60, 80, 80)."""
    contest = world.contest(**changes)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    ada = world.accepted(ADA, "F1", "Rain.mid", 60)
    ben = world.accepted(BEN, "F2", "Sun.mid", 80.04)
    cleo = world.accepted(CLEO, "F3", "Wind.mid", 79.96)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    return ada, ben, cleo


def two_rounds(
    world: World,
    finalists: int,
    scores: tuple[tuple[int, int, int], ...] = ((5, 5, 5), (4, 4, 4), (3, 3, 3)),
) -> tuple[str, tuple[str, str, str]]:
    """The final has begun, after Judy gave these scores in the preliminary round; the contest and its three compositions."""
    pieces = judged(world)
    contest = world.piece(pieces[0]).contest_id
    change(world, contest, rounds=2, finalists=finalists)
    for piece, given in zip(pieces, scores, strict=True):
        world.rate(JUDY, piece, *given)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    return contest, pieces


LENA, MAX, SVEN = "U0LENA", "U0MAX", "U0SVEN"
"""A lenient judge, one in the middle, and a strict one."""
SHARED_OUT: dict[str, dict[str, tuple[int, int, int]]] = {
    "Rain": {MAX: (4, 4, 4), SVEN: (3, 3, 4)},
    "Sun": {LENA: (5, 4, 5), MAX: (4, 3, 4)},
    "Wind": {LENA: (4, 4, 4), SVEN: (2, 2, 2)},
    "Snow": {LENA: (4, 3, 4), MAX: (3, 3, 2)},
    "Fog": {MAX: (3, 3, 3), SVEN: (1, 2, 1)},
    "Ice": {LENA: (3, 3, 3), SVEN: (2, 1, 2)},
}
"""What six pieces got in a first round that was shared out: by the plain means Sun is the best, heard by those who give more; by the fair scores it is Rain."""


def shared_out(world: World, **changes: Any) -> tuple[str, dict[str, str]]:
    """A contest of fair scores that is being judged, with ``SHARED_OUT`` given; its id, and those of its pieces by title."""
    contest = world.contest(Phase.JUDGING, fair=True, **changes)
    rows = {title: _piece(contest, place) for place, title in enumerate(SHARED_OUT)}
    for title, piece in rows.items():
        piece.title, piece.name = title, f"#bach-jam-someone-{title}"
    with world.store.write() as work:
        work.submissions.add_all(list(rows.values()))
    pieces = {title: piece.id for title, piece in rows.items()}
    for title, given in SHARED_OUT.items():
        give(world, pieces[title], given)
    return contest, pieces


def give(
    world: World, piece: str, given: Mapping[str, tuple[int, int, int]], round_: Round = Round.PRELIMINARY
) -> None:
    """What these judges gave a piece; no form of theirs is needed for that."""
    contest, now = world.piece(piece).contest_id, world.clock.now()
    rows = [
        Rating(
            id=world.ids.new(), contest_id=contest, submission_id=piece, judge=judge, round=round_, scores=dict(zip(DEFAULT.keys, scores, strict=True)),
            comment="", private_note="", created_at=now, updated_at=now,
        )
        for judge, scores in given.items()
    ]  # fmt: skip
    with world.store.write() as work:
        work.ratings.add_all(rows)


def change(world: World, contest_id: str, **fields: Any) -> None:
    """Set columns of a contest."""
    with world.store.write() as work:
        contest = work.contests.lock(contest_id)
        assert contest is not None
        for name, value in fields.items():
            setattr(contest, name, value)


def crowd(world: World, number: int, ratings: int = 1) -> tuple[str, list[str]]:
    """A contest that is being judged, with so many compositions, each with a score of its own, the best first."""
    contest = world.contest(Phase.JUDGING)
    weights = {"originality": 1e6, "balance": 1e3, "emotional": 1.0}
    scheme = DEFAULT.dump()
    scheme = {**scheme, "criteria": [{**each, "weight": weights[each["key"]]} for each in scheme["criteria"]]}
    change(world, contest, scheme=scheme)
    pieces, given = crowd_rows(contest, number, ratings)
    with world.store.write() as work:
        work.submissions.add_all(pieces)
        work.ratings.add_all(given)
    return contest, [piece.id for piece in pieces]


def crowd_rows(contest_id: str, number: int, ratings: int = 1) -> tuple[list[Submission], list[Rating]]:
    """So many accepted compositions, and what as many judges gave each."""
    pieces = [_piece(contest_id, place) for place in range(number)]
    return pieces, [_rating(contest_id, place, judge) for place in range(number) for judge in range(ratings)]


def _piece(contest: str, place: int) -> Submission:
    key = f"p{place:04d}"
    return Submission(
        id=key, contest_id=contest, user_id=f"U{place:04d}", slack_file_id=key, channel_id=CHANNEL, message_ts="1.0", in_dm=False,
        filename="x.mid", folder=f"contests/{contest}/{key}/{key}", title=f"Piece {place}", name=f"#bach-jam-someone-{place:04d}", alias=key, number=1, root_id=key, version=1,
        state=SubmissionState.ACCEPTED, in_final=False, size=1, received_at=NOON, uploaded_at=NOON,
    )  # fmt: skip


def _rating(contest: str, place: int, judge: int) -> Rating:
    # No judge gives these: what counts here is that each piece has a score of its own, to two places.
    scores = {"originality": 4.9 - place / 50, "balance": 3, "emotional": 3}
    return Rating(
        id=f"r{place:04d}{judge}", contest_id=contest, submission_id=f"p{place:04d}", judge=f"J{judge}", round="preliminary",
        scores=scores, comment="", private_note="", created_at=NOON, updated_at=NOON,
    )  # fmt: skip
