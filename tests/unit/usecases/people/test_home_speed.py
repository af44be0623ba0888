"""The Home tab opens while somebody waits for it, in a large contest, too."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from handlers.people import home_views as views
from models.judging import Rating
from models.submissions import Submission, SubmissionState
from tests.makers.world import ADA, CHANNEL, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from pathlib import Path

PIECES = 200


def fill(world: World, contest_id: str) -> None:
    """So many accepted compositions of as many people, all rated by Jack."""
    now = world.clock.now()
    ids = [world.ids.new() for _ in range(PIECES)]
    pieces = [
        Submission(
            id=piece, root_id=piece, version=1, in_final=False, contest_id=contest_id, user_id=f"U0P{number}" if number else ADA,
            slack_file_id=f"F{number}", channel_id=CHANNEL, message_ts=f"{number}.000100", in_dm=False, filename="a.mid",
            title=f"Piece {number}", name=f"#bach-jam-{number}", alias=f"alias {number}", number=1, size=300,
            folder=f"contests/{contest_id}/{piece}/{piece}",
            state=SubmissionState.ACCEPTED, received_at=now, uploaded_at=now,
        )
        for number, piece in enumerate(ids)
    ]  # fmt: skip
    scores = {"originality": 3, "balance": 3, "emotional": 3}
    ratings = [
        Rating(
            id=world.ids.new(), contest_id=contest_id, submission_id=piece, judge=JACK, round="preliminary", scores=scores,
            comment="", private_note="", created_at=now, updated_at=now,
        )
        for piece in ids
    ]  # fmt: skip
    with world.store.write() as work:
        work.submissions.add_all(pieces)
        work.ratings.add_all(ratings)


def test_it_opens_within_a_second_with_200_compositions(tmp_path: Path) -> None:
    """For an organizer, a judge and a participant (measured: 30, 15 and 10 ms)."""
    with small_world(tmp_path) as world:
        contest = world.contest()
        world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
        fill(world, contest)
        for who in (OLIVE, JUDY, ADA):
            begun = time.perf_counter()
            seen = world.people.home(who)
            views.home(seen)
            assert time.perf_counter() - begun < 1.0
        counts = world.people.home(OLIVE).contests[0].organizing
    assert counts is not None
    assert (PIECES, PIECES, 1) == (counts.accepted, counts.ratings, counts.fewest)
