"""A contest's verdicts made anew by the present model, as a set."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules import storage
from bot.rules.phases import Phase
from bot.usecases.verdicts.rejudging import Rejudging
from judge.midi import MidiRefusal, RefusalCode
from models.submissions import SubmissionState
from tests.makers.fakes import made_up_verdict
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        world.contest()
        yield world


def rejudging(world: World) -> Rejudging:
    return Rejudging(world.store, world.objects, world.inspector, world.clock, world.ids)


def three(world: World) -> tuple[str, str, str]:
    """Ada's 60, Ben's 80, Cleo's 70; the new model says 90, 80 and 70."""
    pieces = (
        world.accepted(ADA, "F1", "Rain.mid", 60),
        world.accepted(BEN, "F2", "Sun.mid", 80),
        world.accepted(CLEO, "F3", "Wind.mid", 70),
    )
    for file, score in (("F1", 90.0), ("F2", 80.0), ("F3", 70.0)):
        new = replace(made_up_verdict(score), model_version="judge-2", weights_sha256="2" * 64)
        world.inspector.reassessed[f"bytes of {file}".encode()] = new
    return pieces


def scores(world: World, *pieces: str) -> list[float]:
    """Those that count."""
    with world.store.read() as work:
        found = [work.verdicts.of_submission(piece) for piece in pieces]
    return [verdict.score for verdict in found if verdict is not None]


def test_what_would_change_is_shown_and_nothing_is_changed(world: World) -> None:
    """Names, scores and places before and after, in the order of the places after."""
    pieces = three(world)
    found = rejudging(world).compare("bach-jam")
    assert ("judge-2", False) == (found.model_version, found.up_to_date)
    assert [
        ("#bach-jam-ada-Rain", 60, 90, 3, 1, True),
        ("#bach-jam-ben-Sun", 80, 80, 1, 2, False),
        ("#bach-jam-cleo-Wind", 70, 70, 2, 3, False),
    ] == [(c.name, c.score_before, c.score_after, c.place_before, c.place_after, c.changed) for c in found.changes]
    assert [60, 80, 70] == scores(world, *pieces)
    assert [] == world.letters("verdict_renewed")


def test_applied_as_a_whole_with_the_old_ones_kept(world: World) -> None:
    """All verdicts are the new model's, the old ones stay with the moment, the audit has one line, the author one letter."""
    pieces = three(world)
    assert 1 == rejudging(world).apply(rejudging(world).compare("bach-jam"))
    assert [90, 80, 70] == scores(world, *pieces)
    with world.store.read() as work:
        histories = [work.verdicts.history(piece) for piece in pieces]
        (note,) = [
            row for row in work.audit.of_contest(world.piece(pieces[0]).contest_id) if row.action == "contest.rejudged"
        ]
    assert [[60, 90], [80, 80], [70, 70]] == [[verdict.score for verdict in history] for history in histories]
    assert {(world.clock.now(), None)} == {tuple(each.superseded_at for each in history) for history in histories}
    assert ("judge-2", 3, 1) == (note.facts["model"], note.facts["verdicts"], note.facts["changed"])
    (letter,) = world.letters("verdict_renewed")
    assert (ADA, 60, 90) == (letter.recipient, letter.message["before"], letter.message["after"])


def test_repeating_changes_nothing(world: World) -> None:
    """Neither with the old comparison nor with a new one, which says that the model is the same."""
    pieces = three(world)
    found = rejudging(world).compare("bach-jam")
    assert [1, 0] == [rejudging(world).apply(found) for _ in range(2)]
    again = rejudging(world).compare("bach-jam")
    assert again.up_to_date
    assert 0 == rejudging(world).apply(again)
    with world.store.read() as work:
        assert [2, 2, 2] == [len(work.verdicts.history(piece)) for piece in pieces]
    assert 1 == len(world.letters("verdict_renewed"))


def test_what_came_meanwhile_drops_the_whole(world: World) -> None:
    """A composition that was accepted after the comparison was not compared: nothing is applied."""
    pieces = three(world)
    found = rejudging(world).compare("bach-jam")
    late = world.accepted(ADA, "F4", "Late.mid", 50)
    with pytest.raises(Refusal, match="came or went"):
        rejudging(world).apply(found)
    assert [60, 80, 70, 50] == scores(world, *pieces, late)


def test_one_that_cannot_be_judged_drops_the_whole(world: World) -> None:
    """Named with the reason: the present judge's refusal, or a file that is gone."""
    pieces = three(world)
    del world.inspector.reassessed[b"bytes of F2"]
    world.inspector.answers[b"bytes of F2"] = MidiRefusal(RefusalCode.TOO_LONG, "Nine bars.")
    with pytest.raises(Refusal, match=r"#bach-jam-ben-Sun cannot be judged again: .*Nine bars"):
        rejudging(world).compare("bach-jam")
    del world.objects.kept[storage.original(world.piece(pieces[1]).folder)]
    with pytest.raises(Refusal, match="not in the object store"):
        rejudging(world).compare("bach-jam")
    assert [60, 80, 70] == scores(world, *pieces)


def test_what_does_not_count_now_is_judged_too_and_told_to_nobody(world: World) -> None:
    """Somebody may let an earlier version count again: then it must not stand with an old model's score. One whose file is gone waits."""
    pieces = three(world)
    gone = world.accepted(CLEO, "F4", "Gone.mid", 40)
    for piece, state in ((pieces[0], SubmissionState.SUPERSEDED), (gone, SubmissionState.WITHDRAWN)):
        with world.store.write() as work:
            row = work.submissions.get(piece)
            assert row is not None
            row.state = state
    del world.objects.kept[storage.original(world.piece(gone).folder)]
    found = rejudging(world).compare("bach-jam")
    assert ["#bach-jam-ben-Sun", "#bach-jam-cleo-Wind"] == [change.name for change in found.changes]
    rejudging(world).apply(found)
    assert [90, 80, 70, 40] == scores(world, *pieces, gone)
    assert [] == world.letters("verdict_renewed")
    assert rejudging(world).compare("bach-jam").up_to_date


def test_the_final_board_of_the_ai_follows(world: World) -> None:
    """What the board shows is what counts."""
    pieces = three(world)
    rejudging(world).apply(rejudging(world).compare("bach-jam"))
    contest_id = world.piece(pieces[0]).contest_id
    for before in (Phase.OPEN, Phase.JUDGING):
        world.contests.advance(OLIVE, contest_id, before)
    board = world.boards.show(ADA, CHANNEL)
    assert [90, 80, 70] == [row.score for row in board.ai_rows or ()]


def test_the_new_picture_is_kept_beside_the_old_one(world: World) -> None:
    """Whoever asks why sees the new one."""
    pieces = three(world)
    rejudging(world).apply(rejudging(world).compare("bach-jam"))
    world.explanations.why(ADA, pieces[0])
    (letter,) = world.letters("verdict_chart")
    assert b"new chart" == world.objects.get(letter.uploads[0]["object_key"])


@pytest.mark.parametrize(
    ("slug", "words"), [("nothing", "There is no contest nothing"), ("bach-jam", "nothing to judge")]
)
def test_nothing_to_judge_is_a_sentence(world: World, slug: str, words: str) -> None:
    """A wrong name, and a contest without compositions."""
    with pytest.raises(Refusal, match=words):
        rejudging(world).compare(slug)


def test_who_watches_sees_each_composition_done(world: World) -> None:
    """For a progress bar."""
    three(world)
    seen: list[tuple[int, int]] = []
    rejudging(world).compare("bach-jam", lambda done, total: seen.append((done, total)))
    assert [(1, 3), (2, 3), (3, 3)] == seen
