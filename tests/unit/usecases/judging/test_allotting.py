"""Who hears what, where not all judges hear all: drawn at the beginning, and kept up with what happens."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.canonical import sha256_of
from bot.rules.drawings import fits, pairs_in
from bot.rules.phases import Phase
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from bot.usecases.submissions.corrections import Correct
from bot.usecases.submissions.handins import WindowFile
from tests.makers.judged import actions, invited, save
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, DINA, EVE, GUS, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JULES, DORA = "U0JULES", "U0DORA"
JUDGES = (JUDY, JACK, JULES)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        world.directory.add(JULES, "Jules", CHANNEL)
        world.directory.add(DORA, "Dora", CHANNEL)
        yield world


def set_to(world: World, contest: str, **texts: str | int) -> None:
    """By the modal, as organizers do."""
    form = world.editing.form(OLIVE, contest, Part.JUDGING)
    written = {
        **{
            name: form.fields[name]
            for name in ("rounds", "finalists", "winners", "blind", "practice", "listens", "further", "minutes")
        },
        **texts,
    }
    shown = world.editing.prepare(EditContest(OLIVE, contest, Part.JUDGING, written, form.seen))
    world.editing.apply(OLIVE, shown.edit_id)


def shared(world: World, pieces: int = 6, each: int = 2, judges: tuple[str, ...] = JUDGES, **texts: str) -> str:
    """A contest that is being judged, in which each piece is heard by so many; its id."""
    contest = world.contest(submission_limit=pieces, rounds=2)
    world.contests.add_judges(OLIVE, CHANNEL, judges)
    set_to(world, contest, listens=str(each), **texts)
    for number in range(pieces):
        world.accepted((ADA, BEN, CLEO)[number % 3], f"F{number}", f"Tune {number}.mid")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    return contest


def test_each_drawing_is_kept_and_can_be_drawn_again(world: World) -> None:
    """Under pseudonyms: nobody reads in it who judges. What came of the last one is what holds; its hash is in the trail."""
    contest = shared(world, pieces=12)
    world.contests.add_judges(OLIVE, CHANNEL, [DORA])
    with world.store.read() as work:
        drawings = work.panels.drawings(contest)
        names = work.panels.pseudonyms(contest)
        pairs = work.panels.pairs(contest)
        noted = [row.facts["sha256"] for row in work.audit.of_contest(contest) if row.action == "allocation.changed"]
    assert [1, 2] == [each.number for each in drawings][:2]
    assert noted == [each.sha256 for each in drawings] == [sha256_of(each.document) for each in drawings]
    assert all(fits(json.loads(each.document)) for each in drawings)
    assert not [judge for judge in (*JUDGES, DORA) for each in drawings if judge in each.document]
    heard = pairs_in(json.loads(drawings[-1].document), "heard")
    assert heard == {(names[judge], piece) for judge, piece in pairs}


def heard_by(world: World, contest: str) -> dict[str, set[str]]:
    """Judges, by piece."""
    with world.store.read() as work:
        pairs = work.panels.pairs(contest)
    found: dict[str, set[str]] = {}
    for judge, piece in pairs:
        found.setdefault(piece, set()).add(judge)
    return found


def hear_all(world: World, judge: str, contest: str) -> int:
    """The judge rates whatever comes, to the end; how many pieces that were."""
    rated = set()
    while todo := [piece for piece in invited(world, judge) if piece not in rated]:
        for piece in todo:
            save(world, piece, judge=judge)
            rated.add(piece)
    return len(rated)


def test_each_piece_is_heard_by_as_many_judges_as_wanted(world: World) -> None:
    """Four each of six, every piece by two; and each judge is told of the end after their own."""
    contest = shared(world)
    assert {2} == {len(judges) for judges in heard_by(world, contest).values()}
    assert [4, 4, 4] == [hear_all(world, judge, contest) for judge in JUDGES]
    assert [4, 4, 4] == [world.letters("ratings_done", judge)[0].message["total"] for judge in JUDGES]
    status = world.contests.status(OLIVE, CHANNEL)
    assert (12, 12, 2) == (status.ratings, status.ratings_possible, status.fewest_ratings)
    assert actions(world, contest).count("allocation.changed") == 1


def test_in_the_final_all_judges_hear_all(world: World) -> None:
    """That is the largest gain there is for a podium."""
    contest = shared(world)
    for judge in JUDGES:
        hear_all(world, judge, contest)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    with world.store.read() as work:
        finalists = len(work.submissions.authors(contest, finalists=True))
    for judge in JUDGES:
        listed = world.judging.pieces(judge, contest)
        assert (finalists, 0) == (listed.total, listed.done)


def test_who_composes_never_gets_their_own(world: World) -> None:
    """And their share of the others is as large as anybody's."""
    contest = shared(world, judges=(JUDY, JACK, ADA))
    with world.store.read() as work:
        authors = work.submissions.authors(contest)
    for piece, judges in heard_by(world, contest).items():
        assert 2 == len(judges)
        assert authors[piece] not in judges


def test_whoever_leaves_hands_their_share_on(world: World) -> None:
    """What they rated counts for its piece; what they had begun and the rest goes to the others, who are told by the pieces themselves."""
    contest = shared(world)
    first = invited(world, JUDY)[0]
    save(world, first, judge=JUDY)
    world.marks.leave(JUDY, contest, "No more time", counted=True)
    after = heard_by(world, contest)
    assert {JACK, JULES} == after[next(piece for piece in after if piece != first)]
    assert 1 == len(after[first])
    assert {1, 2} == set(Counter(len(judges) for judges in after.values()))
    jack, jules = hear_all(world, JACK, contest), hear_all(world, JULES, contest)
    assert (11, 11) == (jack + jules, world.contests.status(OLIVE, CHANNEL).ratings_possible - 1)


def test_whoever_comes_late_gets_a_share_of_what_nobody_has_begun(world: World) -> None:
    """Those who had it unsent hear less; what is with them stays."""
    contest = shared(world, pieces=12, each=1, judges=(JUDY, JACK))
    with_them = {judge: set(invited(world, judge)) for judge in (JUDY, JACK)}
    world.contests.add_judges(OLIVE, CHANNEL, [JULES])
    after = heard_by(world, contest)
    for judge, pieces in with_them.items():
        assert all(judge in after[piece] for piece in pieces)
    assert 4 == Counter(judge for judges in after.values() for judge in judges)[JULES]
    assert 12 == sum(hear_all(world, judge, contest) for judge in JUDGES)


def test_a_piece_that_comes_late_is_heard_by_as_many(world: World) -> None:
    """By those who have least; one that is withdrawn leaves nobody's list standing wrong."""
    contest = shared(world)
    late = world.upload(DORA, "F9", "Late.mid")
    assert late is not None
    world.late_files.decide(OLIVE, late.id, accept=True)
    world.verdicts.check(late.id)
    assert 2 == len(heard_by(world, contest)[late.id])
    world.compositions.withdraw(DORA, late.id)
    assert late.id not in heard_by(world, contest)
    assert {2} == {len(judges) for judges in heard_by(world, contest).values()}


def test_whoever_recuses_is_replaced(world: World) -> None:
    """Another judge hears it, so that it has as many ratings as the others."""
    contest = shared(world)
    piece = invited(world, JUDY)[0]
    world.marks.recuse(JUDY, piece, "My pupil wrote it")
    assert {JACK, JULES} == heard_by(world, contest)[piece]
    world.marks.undo(JUDY, piece, "recused")
    assert 2 <= len(heard_by(world, contest)[piece])


def test_a_limit_of_minutes_is_kept_and_what_lacks_is_said(world: World) -> None:
    """Five minutes are three pieces of half a minute and a minute each: nine of the twelve ratings, and it takes four judges."""
    contest = shared(world, minutes="5")
    assert 3 >= max(Counter(judge for judges in heard_by(world, contest).values() for judge in judges).values())
    look = world.panels.look(OLIVE, CHANNEL)
    assert look.short > 0
    assert look.needed is not None
    assert look.needed > 3


def test_changing_it_in_the_middle_moves_only_what_is_unsent(world: World) -> None:
    """From two to all and back: nothing that was rated or sent is lost."""
    contest = shared(world)
    had = {judge: set(invited(world, judge)) for judge in JUDGES}
    set_to(world, contest, listens="")
    assert 6 == world.judging.pieces(JUDY, contest).total
    set_to(world, contest, listens="2")
    for judge, pieces in had.items():
        assert all(judge in heard_by(world, contest)[piece] for piece in pieces)


@pytest.mark.parametrize(
    ("written", "field"), [("0", "listens"), ("many", "listens"), ("2.5", "listens"), ("51", "listens")]
)
def test_what_is_no_number_of_judges_is_refused_with_an_example(world: World, written: str, field: str) -> None:
    """At its input."""
    contest = world.contest()
    with pytest.raises(Refusal) as refusal:
        set_to(world, contest, listens=written)
    assert (field, True) == (refusal.value.parts[0].field, "such as 3" in refusal.value.parts[0].sentence)


def test_organizers_see_the_panel_before_it_judges(world: World) -> None:
    """Load, connection, and what more listening would buy, in the order of its price; nothing is stored by looking."""
    contest = world.contest(submission_limit=6, rounds=2)
    world.contests.add_judges(OLIVE, CHANNEL, JUDGES)
    set_to(world, contest, listens="2")
    for number in range(6):
        world.accepted((ADA, BEN, CLEO)[number % 3], f"F{number}", f"Tune {number}.mid")
    assert () == world.panels.look(OLIVE, CHANNEL).buys, "all six would go on"
    set_to(world, contest, listens="2", finalists=2)
    look = world.panels.look(OLIVE, CHANNEL)
    assert [4, 4, 4] == [load.pieces for load in look.loads]
    assert (2, 6, 0, 1) == (look.each, look.pieces, look.short, len(look.panels))
    assert ["now", "rating", "adaptive", "all"] == [each.way for each in look.buys]
    assert look.buys[0].recall <= look.buys[-1].recall
    assert heard_by(world, contest) == {}
    with pytest.raises(Refusal):
        world.panels.look(ADA, CHANNEL)


def test_the_panel_names_what_lacks_ratings(world: World) -> None:
    """Fewest first, by alias; with all ratings given nobody is named."""
    contest = shared(world, pieces=3, each=3)
    look = world.panels.look(OLIVE, CHANNEL)
    assert [0, 0, 0] == [number for _, number in look.below]
    for judge in JUDGES:
        hear_all(world, judge, contest)
    assert () == world.panels.look(OLIVE, CHANNEL).below


def test_a_round_closes_below_the_floor_for_a_reason_only(world: World) -> None:
    """Which is kept; with all ratings there nobody asks for one."""
    contest = shared(world)
    hear_all(world, JUDY, contest)
    hear_all(world, JACK, contest)
    below = world.contests.preview_next(OLIVE, CHANNEL).below
    assert below > 0
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(Refusal) as refusal:
            world.contests.advance(OLIVE, contest, Phase.JUDGING, reason)
        assert ("reason", True) == (refusal.value.field, "`/kantor panel`" in refusal.value.sentence)
    assert "round.closed_early" not in actions(world, contest)
    world.contests.advance(OLIVE, contest, Phase.JUDGING, "Jules fell ill")
    assert actions(world, contest).count("round.closed_early") == 1


def test_a_round_with_all_its_ratings_closes_without_a_reason(world: World) -> None:
    """As many as are wanted of each, where that is less than the floor."""
    contest = shared(world)
    for judge in JUDGES:
        hear_all(world, judge, contest)
    assert 0 == world.contests.preview_next(OLIVE, CHANNEL).below
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert "round.closed_early" not in actions(world, contest)


def test_a_judge_who_hears_blind_is_told_of_no_coverage(world: World) -> None:
    """An organizer who judges would see which alias has what."""
    shared(world, judges=(JUDY, OLIVE, JACK))
    assert () == world.panels.look(OLIVE, CHANNEL).below


def test_a_conflict_keeps_all_of_an_authors_pieces_away(world: World) -> None:
    """Those that are here and those that are yet to come; others hear them, and the organizers are told once."""
    contest = world.contest(submission_limit=9, rounds=2)
    world.contests.add_judges(OLIVE, CHANNEL, JUDGES)
    set_to(world, contest, listens="2")
    world.accepted(ADA, "F0", "Before.mid")
    listed = world.conflicts.declare(JUDY, contest, JUDY, [ADA, ADA, JUDY], "team")
    world.conflicts.declare(JUDY, contest, JUDY, [ADA], "team")
    assert [(JUDY, ADA, "team")] == [(each.judge, each.author, each.kind) for each in listed.conflicts]
    for number in range(1, 6):
        world.accepted((ADA, BEN)[number % 2], f"F{number}", f"Tune {number}.mid")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    with world.store.read() as work:
        authors = work.submissions.authors(contest)
    for piece, judges in heard_by(world, contest).items():
        assert 2 == len(judges)
        assert JUDY not in judges or authors[piece] != ADA
    (news,) = world.letters("conflict_news")
    assert (OLIVE, False, [ADA]) == (news.recipient, news.message["to_judge"], news.message["authors"])


def test_a_conflict_counts_where_all_hear_all_too_and_in_the_final(world: World) -> None:
    """It needs no allocation."""
    contest = world.contest(submission_limit=3, rounds=2)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    world.conflicts.declare(OLIVE, contest, JUDY, [ADA], "manager")
    (to_judge,) = world.letters("conflict_news", JUDY)
    assert to_judge.message["to_judge"]
    mine, theirs = world.accepted(ADA, "F0", "One.mid"), world.accepted(BEN, "F1", "Two.mid")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert [theirs] == invited(world, JUDY)
    for piece in (mine, theirs):
        save(world, piece, judge=JACK)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert 1 == world.judging.pieces(JUDY, contest).total


def test_a_rating_that_was_given_is_kept_and_counts_no_more(world: World) -> None:
    """And the organizers read how many; taken back, it counts again."""
    contest = shared(world)
    piece = invited(world, JUDY)[0]
    save(world, piece, judge=JUDY)
    author = world.piece(piece).user_id
    world.conflicts.declare(JUDY, contest, JUDY, [author], "mentor")
    assert 0 == world.contests.status(OLIVE, CHANNEL).ratings
    assert 1 == world.letters("conflict_news", OLIVE)[0].message["rated"]
    with pytest.raises(Refusal) as refusal:
        world.marks.undo(JUDY, piece, "recused")
    assert "`/kantor conflicts`" in refusal.value.sentence
    assert () == world.conflicts.withdraw(JUDY, contest, JUDY, author).conflicts
    assert 1 == world.contests.status(OLIVE, CHANNEL).ratings


@pytest.mark.parametrize("who", [ADA, EVE, GUS, DINA])
def test_who_neither_judges_nor_organizes_declares_nothing(world: World, who: str) -> None:
    """Not for themselves, and not for a judge; and a judge not for another one."""
    contest = shared(world)
    for judge in (who, JUDY):
        with pytest.raises(Refusal):
            world.conflicts.declare(who, contest, judge, [BEN], "team")
    with pytest.raises(Refusal):
        world.conflicts.declare(JACK, contest, JUDY, [BEN], "team")
    with pytest.raises(Refusal):
        world.conflicts.listed(who, contest)


def test_what_an_organizer_declared_only_they_take_back(world: World) -> None:
    """The judge asks them."""
    contest = shared(world)
    world.conflicts.declare(OLIVE, contest, JUDY, [BEN], "other")
    world.conflicts.declare(JUDY, contest, JUDY, [BEN], "team")  # saying it, too, does not make it theirs
    with pytest.raises(Refusal):
        world.conflicts.withdraw(JUDY, contest, JUDY, BEN)
    assert () == world.conflicts.withdraw(OLIVE, contest, JUDY, BEN).conflicts


@pytest.mark.parametrize(
    ("people", "kind"), [([], "team"), ([JUDY], "team"), ([f"U{n}" for n in range(21)], "team"), ([BEN], "hm")]
)
def test_a_form_that_says_nothing_is_refused_at_its_input(world: World, people: list[str], kind: str) -> None:
    """Nobody, oneself, a crowd, or no reason."""
    contest = shared(world)
    with pytest.raises(Refusal) as refusal:
        world.conflicts.declare(JUDY, contest, JUDY, people, kind)
    assert refusal.value.field in {"people", "conflict"}


def test_another_version_comes_to_the_same_judges(world: World) -> None:
    """It takes the place of the one before, whose file an organizer put right."""
    contest = shared(world, each=1)
    before = heard_by(world, contest)
    wrong = invited(world, JUDY)[0]
    world.files.uploaded["F9"] = b"bytes of F9"
    file = WindowFile("F9", "Right.mid", "", "", 300, world.clock.now())
    world.corrections.correct(Correct(OLIVE, wrong, file, "Wrong file attached"))
    with world.store.read() as work:
        right = work.submissions.by_file(contest, "F9")
    assert right is not None
    world.verdicts.check(right.id)
    after = heard_by(world, contest)
    assert (before[wrong], False) == (after[right.id], wrong in after)
