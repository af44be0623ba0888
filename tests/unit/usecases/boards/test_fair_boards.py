"""Boards of fair scores: their order, what stands beside, what they keep to themselves, and what is left as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Refusal
from bot.rules.caveats import Caveat
from bot.rules.fairscores import Observation, fair
from bot.rules.numbers import decimal
from bot.rules.phases import Phase, Round
from bot.rules.roles import Role
from bot.rules.standings import BoardMode, Scores, Step
from bot.usecases.boards.leaderboard import as_everybody_sees, board_of, page_of, stored_board
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from bot.usecases.judging.fairness import by_criterion, goes_by, leniency_of
from models.judging import JudgingMark, MarkKind
from models.submissions import SubmissionState
from tests.makers.boards import LENA, MAX, SHARED_OUT, SVEN, change, crowd, give, judged, shared_out
from tests.makers.fakes import NOON
from tests.makers.world import ADA, CHANNEL, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.usecases.boards.letters import BoardPost


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def whole(world: World, contest: str) -> BoardPost:
    """The board of now, all of it."""
    with world.store.read() as work:
        return board_of(work, world.row(contest), world.clock.now())


def order(board: BoardPost) -> list[str]:
    return [row.title for row in board.rows]


def test_who_was_heard_by_the_strict_is_not_behind_for_it(world: World) -> None:
    """The fair order is not that of the plain means, which stand beside; each says how many ratings it rests on, and how surely it is known."""
    contest, _ = shared_out(world)
    board = whole(world, contest)
    means = {row.title: row.fair.mean for row in board.rows if row.fair}
    assert ["Rain", "Sun"] == order(board)[:2]
    assert ["Sun", "Rain"] == sorted(means, key=lambda title: -means[title])[:2]
    assert 4.17 == means["Sun"]
    assert (Scores.FAIR, {2}, ()) == (board.scores, {row.ratings for row in board.rows}, board.caveats)
    assert all(row.score == float(decimal(row.score or 0)) for row in board.rows)
    for row in board.rows:
        assert row.fair is not None
        assert 1 <= row.fair.best <= row.place <= row.fair.worst <= 6
        assert 0 <= (row.fair.first or 0) <= (row.fair.podium or 0) <= 1
    assert [True] * 5 + [False] == [row.fair is not None and row.fair.ahead is not None for row in board.rows]


def test_contests_that_there_are_keep_their_plain_means(world: World) -> None:
    """Without a word of it among its settings nothing stands beside a score; a new contest is fair."""
    ada, ben, _ = judged(world)
    world.rate(JUDY, ada, 5, 4, 3)
    world.rate(JACK, ben, 3, 3, 3)
    board = whole(world, world.piece(ada).contest_id)
    assert (Scores.MEAN, [4.0, 3.0], {None}) == (
        board.scores,
        [row.score for row in board.rows],
        {row.fair for row in board.rows},
    )
    new = world.contests.create(world.new_contest(name="Blue", slug="blue", channel_id="C0LOUNGE")).contest_id
    assert Scores.FAIR is goes_by(world.row(new))


def test_what_places_go_by_is_changed_with_a_warning_and_told(world: World) -> None:
    """While there are ratings; and not any more in a final, since that would choose the winner."""
    contest, _ = shared_out(world)
    form = world.editing.form(OLIVE, contest, Part.JUDGING)
    edit = EditContest(OLIVE, contest, Part.JUDGING, {"scores": Scores.MEAN}, form.seen)
    preview = world.editing.prepare(edit)
    assert any("plain mean" in each for each in preview.effects)
    assert any("12 ratings are here already" in each for each in preview.warnings)
    world.editing.apply(OLIVE, preview.edit_id)
    assert "Sun" == order(whole(world, contest))[0]
    assert 2 == len(world.letters("rules_fixed", CHANNEL))
    change(world, contest, phase=Phase.FINAL, final_at=NOON, rounds=2)
    seen = world.editing.form(OLIVE, contest, Part.JUDGING).seen
    with pytest.raises(Refusal):
        world.editing.prepare(EditContest(OLIVE, contest, Part.JUDGING, {"scores": Scores.FAIR}, seen))


def test_where_all_hear_all_the_order_is_that_of_the_plain_means(world: World) -> None:
    """A complete panel needs no model."""
    contest, pieces = shared_out(world)
    for number, piece in enumerate(pieces.values()):
        missing = {LENA, MAX, SVEN} - SHARED_OUT[list(pieces)[number]].keys()
        give(world, piece, dict.fromkeys(missing, (5 - number // 2, 4 - number // 2, 3)))
    rows = whole(world, contest).rows
    assert [row.title for row in rows] == [
        row.title for row in sorted(rows, key=lambda row: -(row.fair.mean if row.fair else 0))
    ]


def the_final(world: World, finalists: int = 3) -> tuple[str, dict[str, str]]:
    """Shared out, and on to its final."""
    contest, pieces = shared_out(world)
    change(world, contest, rounds=2, finalists=finalists)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    return contest, pieces


def test_the_cut_follows_the_fair_order_and_a_final_pools_both_rounds(world: World) -> None:
    """Rain goes on with the strict judges' scores; finalists stand before all others, and who was not heard there yet has no place."""
    contest, pieces = the_final(world, finalists=2)
    assert {"Rain", "Sun"} == {title for title, piece in pieces.items() if world.piece(piece).in_final}
    give(world, pieces["Sun"], dict.fromkeys((LENA, MAX, SVEN), (4, 4, 4)), Round.FINAL)
    board = whole(world, contest)
    assert (["Rain"], [1, 3, 4, 5, 6], 5) == (
        [each.title for each in board.pending],
        [row.place for row in board.rows],
        board.rows[0].ratings,
    )
    give(world, pieces["Rain"], dict.fromkeys((LENA, MAX, SVEN), (3, 3, 4)), Round.FINAL)
    first, second, *others = whole(world, contest).rows
    # Better in the final, and yet behind where the first round outweighs that: both count.
    assert {"Rain", "Sun"} == {first.title, second.title}
    assert (4.0, 4.17) == next(
        (row.fair.mean, row.first_round) for row in (first, second) if row.fair and row.title == "Sun"
    )
    assert all(row.fair is not None and row.fair.best >= 3 for row in others)
    assert all(row.fair is not None and row.fair.worst <= 2 for row in (first, second))


@pytest.mark.parametrize("heard", [(), ("Sun",), ("Sun", "Rain"), ("Sun", "Rain", "Wind")])
def test_while_finalists_wait_for_their_ratings_likely_places_begin_behind_all_of_them(
    world: World, heard: tuple[str, ...]
) -> None:
    """As places do; nobody is held against one of another field, and where a waiting finalist leaves, both move up."""
    contest, pieces = the_final(world)
    for title in heard:
        give(world, pieces[title], dict.fromkeys((LENA, MAX, SVEN), (4, 4, 4)), Round.FINAL)
    board = whole(world, contest)
    told = [(row.place, row.fair.best, row.fair.worst, row.fair.podium) for row in board.rows[len(heard) :] if row.fair]
    assert [4, 5, 6] == [place for place, *_ in told]
    assert all(4 <= best <= place <= worst <= 6 and podium == 0 for place, best, worst, podium in told)
    assert all(row.fair is not None and row.fair.worst <= len(heard) for row in board.rows[: len(heard)])
    last_of_a_field = {len(heard) - 1, len(board.rows) - 1} - {-1}
    assert last_of_a_field == {at for at, row in enumerate(board.rows) if row.fair and row.fair.ahead is None}
    world.freezing.freeze(OLIVE, contest)
    with world.store.write() as work:
        gone = work.submissions.get(pieces["Wind"])
        assert gone is not None
        gone.state = SubmissionState.WITHDRAWN
    with world.store.read() as work:
        snapshot = work.boards.snapshot(str(world.row(contest).frozen_board_id))
        assert snapshot is not None
        after = stored_board(work, world.row(contest), snapshot)
    closer = [(row.place, row.fair.best, row.fair.worst) for row in after.rows if row.fair and not row.in_final]
    assert [(place - 1, best - 1, worst - 1) for place, best, worst, _ in told] == closer


def test_a_finalist_whom_nobody_rated_there_comes_behind_those_who_were(world: World) -> None:
    """At the end, and before everybody who was not in the final, as with plain means."""
    contest, pieces = the_final(world)
    give(world, pieces["Sun"], {MAX: (1, 1, 1)}, Round.FINAL)
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    rows = whole(world, contest).rows
    assert [("Sun", False), ("Rain", True)] == [(row.title, row.by_first_round) for row in rows[:2]]
    assert [True, False, True, False, False, True] == [row.fair is not None and row.fair.ahead is None for row in rows]
    assert [True] * 3 + [False] * 3 == [row.in_final for row in rows]


@pytest.mark.parametrize("state", [SubmissionState.WITHDRAWN, SubmissionState.SUPERSEDED])
def test_what_is_withdrawn_leaves_every_board_and_its_ratings_still_say_how_strict_a_judge_is(
    world: World, state: SubmissionState
) -> None:
    """The others' scores stay as they were; only places close up."""
    contest, pieces = shared_out(world)
    before = {row.title: row.score for row in whole(world, contest).rows}
    with world.store.write() as work:
        row = work.submissions.get(pieces["Sun"])
        assert row is not None
        row.state = state
    board = whole(world, contest)
    assert before.keys() - {"Sun"} == set(order(board))
    assert {row.title: row.score for row in board.rows}.items() <= before.items()
    assert all(row.fair is not None and row.fair.worst <= 5 for row in board.rows)
    assert pytest.approx(1) == sum(row.fair.first or 0 for row in board.rows if row.fair)


def test_what_is_void_or_recused_from_is_not_weighed(world: World) -> None:
    """As with plain means."""
    contest, pieces = shared_out(world)
    mark = JudgingMark(
        id=world.ids.new(), contest_id=contest, submission_id=pieces["Sun"], judge=LENA, kind=MarkKind.RECUSED, reason="", at=NOON,
    )  # fmt: skip
    with world.store.write() as work:
        work.ratings.marks.add(mark)
        work.contests.roles.give(contest, SVEN, Role.JUDGE, added_by=OLIVE, now=NOON)
        role = work.contests.roles.held(contest, SVEN, Role.JUDGE)
        assert role is not None
        role.voided_at = NOON
    rows = {row.title: row for row in whole(world, contest).rows}
    assert {"Rain": 1, "Sun": 1, "Wind": 1, "Snow": 2, "Fog": 1, "Ice": 1} == {
        title: row.ratings for title, row in rows.items()
    }


@pytest.mark.parametrize("mode", [BoardMode.HIDDEN, BoardMode.RANKS])
@pytest.mark.parametrize("page", [None, 1])
def test_places_alone_tell_nothing_else(world: World, mode: BoardMode, page: int | None) -> None:
    """No score, mean, number, range or chance, nor what decided or what cannot be told: not on the board, in a letter, or at an own place."""
    contest, pieces = shared_out(world)
    change(world, contest, board_mode=mode)
    with world.store.read() as work:
        board = board_of(work, world.row(contest), NOON, page=page).model_copy(update={"caveats": ("one judge",)})
        seen = as_everybody_sees(board, world.row(contest))
    told = seen.model_dump(exclude_defaults=True)
    assert [] == [
        key for row in told.get("rows", ()) for key in ("score", "fair", "first_round", "ratings") if row.get(key)
    ]
    assert "caveats" not in told
    posted = world.boards.post_slot(contest, NOON)
    assert posted is (mode is BoardMode.RANKS)
    for letter in world.letters("board", CHANNEL):
        assert {(None, None, 0)} == {(row["score"], row["fair"], row["ratings"]) for row in letter.message["rows"]}
    change_author(world, pieces["Rain"])
    (own,) = world.boards.place_of(ADA, CHANNEL).places
    assert (None, None) == (own.score, own.fair)


def change_author(world: World, piece: str) -> None:
    with world.store.write() as work:
        row = work.submissions.get(piece)
        assert row is not None
        row.user_id = ADA


def test_an_own_place_says_what_the_board_says(world: World) -> None:
    """Fair score, plain mean, and between which places it lies."""
    contest, pieces = shared_out(world)
    change(world, contest, rounds=2, finalists=2)
    change_author(world, pieces["Rain"])
    reply = world.boards.place_of(ADA, CHANNEL)
    row = whole(world, contest).rows[0]
    assert (row.score, row.fair, 2) == (reply.places[0].score, reply.places[0].fair, reply.cut)


def test_a_frozen_board_keeps_all_of_it_and_closes_up(world: World) -> None:
    """Ranges and chances of its time stay; where a neighbour has left there is nothing to be held against."""
    contest, pieces = shared_out(world)
    world.freezing.freeze(OLIVE, contest)
    before = whole(world, contest)
    give(world, pieces["Ice"], {MAX: (5, 5, 5)})
    frozen = world.boards.show(ADA, CHANNEL)
    assert before.rows == frozen.rows
    with world.store.write() as work:
        row = work.submissions.get(pieces["Sun"])
        assert row is not None
        row.state = SubmissionState.WITHDRAWN
    with world.store.read() as work:
        snapshot = work.boards.snapshot(str(world.row(contest).frozen_board_id))
        assert snapshot is not None
        after = stored_board(work, world.row(contest), snapshot)
    assert [1, 2, 3, 4, 5] == [each.place for each in after.rows]
    first = after.rows[0].fair
    assert first is not None
    assert first.ahead is None
    assert max(each.fair.worst for each in after.rows if each.fair) == 5


def test_equal_fair_scores_are_decided_by_the_ladder_and_it_is_said_by_what(world: World) -> None:
    """More 5s, then the first criterion."""
    contest = world.contest(Phase.OPEN, fair=True, submission_limit=9)
    names = ("Rain", "Sun", "Wind", "Snow")
    pieces = {name: world.accepted(ADA, f"F{name}", f"{name}.mid") for name in names}
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for name, scores in zip(names, ((5, 3, 4), (4, 4, 4), (4, 3, 5), (3, 5, 4)), strict=True):
        give(world, pieces[name], {MAX: scores})
    rows = whole(world, contest).rows
    assert [
        ("Rain", 1, None),
        ("Wind", 2, Step.CRITERION),
        ("Snow", 3, Step.CRITERION),
        ("Sun", 4, Step.COUNT_BACK),
    ] == [(row.title, row.place, row.fair.decided if row.fair else None) for row in rows]


@pytest.mark.parametrize(
    ("given", "caveat"),
    [
        ({}, Caveat.NO_RATINGS),
        ({"Rain": {MAX: (5, 5, 5)}}, Caveat.ALL_ALIKE),
        ({title: {MAX: (5, 5, 5), SVEN: (5, 5, 5)} for title in SHARED_OUT}, Caveat.ALL_ALIKE),
        ({"Rain": {MAX: (5, 4, 3)}, "Sun": {SVEN: (1, 1, 1)}}, Caveat.ONE_RATING_EACH),
        ({title: {MAX: (at % 5 + 1, 3, 3)} for at, title in enumerate(SHARED_OUT)}, Caveat.ONE_RATING_EACH),
        ({"Rain": {MAX: (5, 5, 5), SVEN: (1, 1, 1)}, "Sun": {MAX: (1, 1, 1), SVEN: (5, 5, 5)}}, Caveat.NO_DIFFERENCE),
    ],
)
def test_where_there_is_no_telling_the_board_says_so(world: World, given: dict[str, Any], caveat: Caveat) -> None:
    """None, one rating, only fives, one judge, judges who disagree: a word for it, and no exception."""
    contest = world.contest(Phase.OPEN, fair=True, submission_limit=9)
    pieces = {title: world.accepted(ADA, f"F{title}", f"{title}.mid") for title in SHARED_OUT}
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for title, some in given.items():
        give(world, pieces[title], some)
    board = whole(world, contest)
    assert (caveat.value in board.caveats, len(given)) == (True, len(board.rows))


def test_leniency_is_told_to_organizers_alone(world: World) -> None:
    """Lena gives more than Max, and he more than Sven, each give or take; the panel shows it, and no board."""
    contest, _ = shared_out(world)
    with world.store.read() as work:
        found = leniency_of(work, world.row(contest))
    assert [LENA, MAX, SVEN] == [each.judge for each in found]
    assert found[0].points > 0.4
    assert found[-1].points < -0.4
    assert all(0 < each.error < 1 and each.ratings == 4 for each in found)
    assert found == world.panels.look(OLIVE, CHANNEL).leniency
    assert LENA not in whole(world, contest).model_dump_json()


def test_a_page_alone_is_that_page_of_the_whole(world: World) -> None:
    """With what stands beside each score, the last row's next one included, which is on the page behind."""
    contest, _ = crowd(world, 130, ratings=2)
    change(world, contest, texts={"scores": "fair"})
    with world.store.read() as work:
        row = world.row(contest)
        board = board_of(work, row, NOON)
        for page in (1, 2, 6):
            assert page_of(board, page) == board_of(work, row, NOON, page=page)


def test_the_end_and_the_feedback_say_the_fair_score(world: World) -> None:
    """Beside each winner's; and authors read of both."""
    contest, pieces = shared_out(world)
    change_author(world, pieces["Rain"])
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.tell_finale(contest)
    (podium,) = world.letters("podium", CHANNEL)
    assert ["Rain", "Sun"] == [each["title"] for each in podium.message["winners"]][:2]
    assert podium.message["winners"][0]["fair"]["mean"] == 3.67
    world.feedback.begin(OLIVE, CHANNEL)
    world.feedback.send(OLIVE, contest)
    (card,) = world.letters("feedback", ADA)
    assert card.message["score"] == podium.message["winners"][0]["score"]
    assert card.message["fair"]["mean"] == 3.67
    assert ["Originality", "Balance", "Emotional"] == [each["title"] for each in card.message["fair_criteria"]]


def test_each_criterion_has_a_fair_score_of_its_own(world: World) -> None:
    """Reckoned from its scores alone, with the leniency that judges have there."""
    contest, pieces = shared_out(world)
    with world.store.read() as work:
        found = by_criterion(work, world.row(contest))
    given = [
        Observation(pieces[title], judge, float(scores[1]), Round.PRELIMINARY)
        for title, some in SHARED_OUT.items()
        for judge, scores in some.items()
    ]
    alone = {each.entry: float(decimal(each.score)) for each in fair(given).scores}
    assert alone == {piece: scores[1] for piece, scores in found.items()}


def test_the_preview_of_the_final_says_that_its_cut_is_a_fair_score(world: World) -> None:
    """And follows the fair order."""
    contest, _ = shared_out(world)
    change(world, contest, rounds=2, finalists=1)
    effects = world.contests.preview_next(OLIVE, CHANNEL).effects
    assert any(
        each.startswith("1 composition of 6 goes on to the final, with a fair score of 3.96") for each in effects
    )
