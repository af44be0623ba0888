"""Two rounds, and phases that are taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase, Round
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        world.directory.add(JACK, "Jack", CHANNEL, is_admin=True)
        yield world


def rated(world: World, *scores: int | None, finalists: int = 15) -> tuple[str, list[str]]:
    """A contest of two rounds in its first one: a composition for each score, None for one that nobody rates; its id and theirs."""
    contest = world.contest(rounds=2, submission_limit=100)
    with world.store.write() as work:
        row = work.contests.get(contest)
        assert row is not None
        row.finalists = finalists
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    people = (ADA, BEN, CLEO)
    pieces = [world.accepted(people[n % 3], f"F{n}", f"Piece {n}.mid") for n in range(len(scores))]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for piece, score in zip(pieces, scores, strict=True):
        if score is not None:
            world.rate(JUDY, piece, score, score, score)
    return contest, pieces


def finalists(world: World, pieces: list[str]) -> list[int]:
    """Which of these are in the final."""
    return [number for number, piece in enumerate(pieces) if world.piece(piece).in_final]


def test_all_that_tie_with_the_fifteenth_go_on(world: World) -> None:
    """Fourteen are clear; the fifteenth shares its place with two others, so seventeen go on; the eighteenth does not."""
    contest, pieces = rated(world, *[5] * 14, 4, 4, 4, 3)
    preview = world.contests.preview_next(OLIVE, CHANNEL)
    assert "17 compositions of 18 go on to the final, with 4.00 or more." in preview.effects
    assert "That is more than 15, since 3 share the last place: all of them go on." in preview.effects
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert list(range(17)) == finalists(world, pieces)
    (news,) = [letter for letter in world.letters("phase_news", CHANNEL) if letter.message["phase"] == "final"]
    assert 17 == news.message["finalists"]


def test_a_tie_at_the_top_leaves_no_room_below(world: World) -> None:
    """With two places and three at the first, those three go on, and nobody else."""
    contest, pieces = rated(world, 5, 4, 5, 5, 3, finalists=2)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert [0, 2, 3] == finalists(world, pieces)


def test_with_fewer_than_the_places_all_that_were_rated_go_on(world: World) -> None:
    """What nobody rated never does; the preview warns of both."""
    contest, pieces = rated(world, 5, None, 1)
    preview = world.contests.preview_next(OLIVE, CHANNEL)
    assert (
        (
            "Everything that has a rating would go on: for 2 compositions a final of 15 changes nothing. "
            "`/kantor contest edit` sets fewer, or one round only."
        ),
        "1 composition has no rating and gets no place.",
        "<@U0JUDY> has rated 2 of 3.",
    ) == preview.warnings
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert [0, 2] == finalists(world, pieces)


def test_a_final_of_nothing_is_refused(world: World) -> None:
    """Nothing rated: instead of a preview there is the reason, and the phase stays."""
    contest, _ = rated(world, None, None)
    with pytest.raises(Refusal, match="nobody could go on"):
        world.contests.preview_next(OLIVE, CHANNEL)
    with pytest.raises(Refusal, match="nobody could go on"):
        world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert (Phase.JUDGING, None) == (world.row(contest).phase, world.row(contest).final_at)


def test_the_end_of_a_final_looks_at_the_finalists_only(world: World) -> None:
    """What is not in the final needs no rating there."""
    contest, pieces = rated(world, 5, 5, 1, finalists=2)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.rate(JUDY, pieces[0])
    assert (
        (
            "1 finalist has no rating in the final: it gets its place behind the finalists that have one, by its score of the "
            "first round."
        ),
        "<@U0JUDY> has rated 1 of 2.",
    ) == world.contests.preview_next(OLIVE, CHANNEL).warnings
    assert (f"{world.piece(pieces[1]).title} by Ben",) == world.contests.preview_next(OLIVE, CHANNEL).unrated


def test_the_status_of_a_final_counts_the_final(world: World) -> None:
    """Finalists and their ratings; what was given in the first round is another matter."""
    contest, pieces = rated(world, 5, 5, 1, finalists=2)
    assert (3, 3, None) == _counted(world)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert (0, 2, 2) == _counted(world)
    world.rate(JUDY, pieces[0])
    assert (1, 2, 2) == _counted(world)


def _counted(world: World) -> tuple[int, int, int | None]:
    status = world.contests.status(OLIVE, CHANNEL)
    return status.ratings, status.ratings_possible, status.finalists


def test_a_final_waits_for_what_is_being_checked(world: World) -> None:
    """Whatever is accepted afterwards would be heard in no round."""
    contest, _ = rated(world, 5)
    with world.store.write() as work:
        piece = work.submissions.of_contest(contest)[0]
        piece.state = type(piece.state).CHECKING
    with pytest.raises(Refusal, match="begin the final a little later"):
        world.contests.advance(OLIVE, contest, Phase.JUDGING)


def test_each_author_reads_it_privately_and_once(world: World) -> None:
    """Ada has one in the final and one that is not, Ben has one in it, Cleo none: a letter each, and the board is kept."""
    contest, pieces = rated(world, 5, 5, 1, 2, finalists=2)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    notes = {letter.recipient: letter.message for letter in world.letters("final_note")}
    assert {ADA, BEN, CLEO} == set(notes)
    assert 3 == len(world.letters("final_note"))
    assert (["Piece 0"], ["Piece 3"]) == (notes[ADA]["through"], notes[ADA]["out"])
    assert ([], ["Piece 2"]) == (notes[CLEO]["through"], notes[CLEO]["out"])
    assert (2, 4) == (notes[BEN]["finalists"], notes[BEN]["of"])
    with world.store.read() as work:
        kept = work.boards.newest(contest, "preliminary")
    assert kept is not None
    assert (pieces[:2], 4) == ([row["submission_id"] for row in kept.board["rows"][:2]], len(kept.board["rows"]))


def test_judges_hear_the_finalists_once_more(world: World) -> None:
    """And only them; what they gave in the first round stays where it is."""
    contest, pieces = rated(world, 5, 4, 1, finalists=2)
    before = len(world.letters("rating_invitation", JUDY))
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    again = world.letters("rating_invitation", JUDY)[before:]
    assert set(pieces[:2]) == {letter.message["submission_id"] for letter in again}
    world.rate(JUDY, pieces[0], 1, 1, 1)
    with world.store.read() as work:
        assert 3 == len(work.ratings.of_round(contest, "preliminary"))
        assert 1 == len(work.ratings.of_round(contest, "final"))


def test_an_opening_is_taken_back_while_nothing_was_sent_in(world: World) -> None:
    """It is a draft again, the channel is told, and opening it once more is told once more."""
    contest = world.contest()
    preview = world.undoing.preview(OLIVE, CHANNEL)
    assert (Phase.OPEN, Phase.DRAFT) == (preview.phase, preview.previous)
    assert ("Nobody can upload until you open it again.", "I tell <#C0MUSIC>.") == preview.effects
    first = world.undoing.undo(OLIVE, contest, Phase.OPEN)
    assert first == world.undoing.undo(OLIVE, contest, Phase.OPEN)
    assert (Phase.DRAFT, None) == (world.row(contest).phase, world.row(contest).opened_at)
    assert 1 == len(world.letters("phase_undone", CHANNEL))
    world.contests.advance(OLIVE, contest, Phase.DRAFT)
    assert ["open", "open"] == [letter.message["phase"] for letter in world.letters("phase_news")]
    world.undoing.undo(OLIVE, contest, Phase.OPEN)
    assert 2 == len(world.letters("phase_undone", CHANNEL))


def test_an_opening_with_uploads_stays(world: World) -> None:
    """Even where somebody uploads between the preview and the confirmation; a refused file counts, too."""
    contest = world.contest()
    world.undoing.preview(OLIVE, CHANNEL)
    world.upload()
    with pytest.raises(Refusal, match="1 file has been sent in already"):
        world.undoing.undo(OLIVE, contest, Phase.OPEN)
    with pytest.raises(Refusal, match="stays open"):
        world.undoing.preview(OLIVE, CHANNEL)
    assert Phase.OPEN == world.row(contest).phase


def test_a_judging_is_taken_back_while_nothing_was_rated(world: World) -> None:
    """Uploads count again; Judy, who has a piece already, is told to wait, refused gently, and told when it goes on."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    world.directory.members[CHANNEL].discard(JACK)
    piece = world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    preview = world.undoing.preview(OLIVE, CHANNEL)
    assert (
        "People can upload again until Friday 20 November at 15:00 (14:00 UTC).",
        "What was sent in stays. Files that I turned away meanwhile have to be sent again.",
        "2 judges keep the pieces that I sent. I write to them that rating has to wait.",
        "I tell <#C0MUSIC>.",
    ) == preview.effects
    world.undoing.undo(OLIVE, contest, Phase.JUDGING)
    assert (Phase.OPEN, None) == (world.row(contest).phase, world.row(contest).judging_at)
    assert {JUDY, JACK} == {letter.recipient for letter in world.letters("judging_held")}
    with pytest.raises(Refusal, match="has not begun"):
        world.rate(JUDY, piece)
    world.clock.advance(minutes=5)
    second = world.accepted(BEN, "F2")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert [1] == [letter.message["pieces"] for letter in world.letters("judging_goes_on", JUDY)]
    invited = [letter.message["submission_id"] for letter in world.letters("rating_invitation", JUDY)]
    assert [piece, second] == invited
    world.rate(JUDY, piece)


def test_a_judging_whose_deadline_has_passed_warns(world: World) -> None:
    """Taken back it takes no uploads, until the deadline is moved."""
    contest = world.contest()
    world.clock.advance(hours=3)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    preview = world.undoing.preview(OLIVE, CHANNEL)
    assert (
        (
            "The deadline, Friday 20 November at 15:00 (14:00 UTC), has passed, so uploads stay late. "
            "`/kantor contest edit` moves it."
        ),
    ) == preview.warnings
    world.undoing.undo(OLIVE, contest, Phase.JUDGING)
    assert [False] == [letter.message["in_time"] for letter in world.letters("phase_undone")]


def test_a_rating_keeps_its_phase(world: World) -> None:
    """In the first round and in the final: what was given would count for nothing."""
    contest, pieces = rated(world, 5, 4, finalists=1)
    with pytest.raises(Refusal, match="2 ratings have been given already"):
        world.undoing.undo(OLIVE, contest, Phase.JUDGING)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.rate(JUDY, pieces[0])
    with pytest.raises(Refusal, match="1 rating has been given already"):
        world.undoing.undo(OLIVE, contest, Phase.FINAL)
    assert Phase.FINAL == world.row(contest).phase


def test_a_final_is_taken_back_and_begins_anew(world: World) -> None:
    """Nobody is a finalist, authors and judges are told; a rating changes, and the second time others go on and read it."""
    contest, pieces = rated(world, 5, 4, finalists=1)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.undoing.undo(OLIVE, contest, Phase.FINAL)
    assert ([], Phase.JUDGING, None) == (
        finalists(world, pieces),
        world.row(contest).phase,
        world.row(contest).final_at,
    )
    assert {ADA, BEN} == {letter.recipient for letter in world.letters("final_taken_back")}
    assert [True] == [letter.message["final"] for letter in world.letters("judging_held", JUDY)]
    world.rate(JUDY, pieces[0], 1, 1, 1)
    world.clock.advance(seconds=1)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert [1] == finalists(world, pieces)
    assert [[], ["Piece 1"]] == [letter.message["through"] for letter in world.letters("final_note", BEN)]


def test_a_button_opens_the_form_of_its_round_only(world: World) -> None:
    """While the final is undone its buttons wait; in the final those of the first round do. Nothing of the other round is shown or written."""
    contest, (best, _) = rated(world, 4, 3)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert world.ratings.form(JUDY, best, Round.FINAL).values is None
    with pytest.raises(Refusal, match="The first round of"):
        world.ratings.form(JUDY, best, Round.PRELIMINARY)
    world.undoing.undo(OLIVE, contest, Phase.FINAL)
    with pytest.raises(Refusal, match="has not begun again, so nothing was changed"):
        world.ratings.form(JUDY, best, Round.FINAL)
    assert world.ratings.form(JUDY, best, Round.PRELIMINARY).values is not None
    stands = {letter.message["submission_id"]: letter.message["round"] for letter in world.letters("rating_stands")}
    assert "preliminary" == stands[best]


def test_judges_who_were_told_to_wait_learn_that_the_final_goes_on(world: World) -> None:
    """They keep what they were sent, which is not sent once more; each time that the final begins again they read so."""
    contest, _ = rated(world, 5, 4, finalists=1)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    for _ in range(2):
        world.clock.advance(seconds=5)
        world.undoing.undo(OLIVE, contest, Phase.FINAL)
        world.clock.advance(seconds=5)
        world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert 2 == len(world.letters("judging_held", JUDY))
    assert [1, 1] == [letter.message["pieces"] for letter in world.letters("judging_goes_on", JUDY)]


def test_an_end_that_was_told_stays(world: World) -> None:
    """Before the final board is out it can be taken back, and then the board stays unsaid; after that it cannot."""
    contest = world.contest(Phase.FINISHED)
    ended = world.row(contest).finished_at
    assert ended is not None
    world.undoing.undo(OLIVE, contest, Phase.FINISHED)
    assert (Phase.JUDGING, None) == (world.row(contest).phase, world.row(contest).finished_at)
    world.clock.advance(minutes=1)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.tell_finale(contest)
    assert 1 == len(world.letters("podium"))
    with pytest.raises(Refusal, match="cannot be untold"):
        world.undoing.undo(OLIVE, contest, Phase.FINISHED)


def test_a_draft_and_somebody_elses_phase_stay(world: World) -> None:
    """Nothing comes before a draft; a stale preview changes nothing; participants take nothing back."""
    contest = world.contest(Phase.DRAFT)
    with pytest.raises(Refusal, match="no phase comes before"):
        world.undoing.preview(OLIVE, CHANNEL)
    world.contests.advance(OLIVE, contest, Phase.DRAFT)
    world.undoing.undo(OLIVE, contest, Phase.OPEN)
    with pytest.raises(Refusal, match="by now"):
        world.undoing.undo(JACK, contest, Phase.OPEN)
    with pytest.raises(Refusal, match="for the organizers"):
        world.undoing.undo(ADA, contest, Phase.DRAFT)
