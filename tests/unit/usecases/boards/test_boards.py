"""Boards on request, and once a slot."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.rules.standings import BoardMode
from bot.usecases.boards.boards import KEPT, Schedule
from bot.usecases.boards.leaderboard import as_everybody_sees, board_of, page_of
from bot.usecases.boards.letters import BoardPost
from models.judging import JudgingMark, MarkKind
from models.submissions import SubmissionState
from tests.makers.boards import change, crowd, judged, two_rounds
from tests.makers.fakes import NOON
from tests.makers.world import ADA, BEN, CHANNEL, EVE, GUS, JACK, JUDY, LOUNGE, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def test_the_board_is_the_mean_over_judges_of_their_means(world: World) -> None:
    """Ties share a place, each row says how many ratings it rests on, and the unrated are named."""
    ada, ben, _ = judged(world)
    world.rate(JUDY, ada, 5, 4, 3)
    world.rate(JACK, ada, 2, 2, 2)
    world.rate(JUDY, ben, 3, 3, 3)
    board = world.boards.show(ADA, CHANNEL)
    assert [(1, "#bach-jam-ada-Rain", 3.0, 2), (1, "#bach-jam-ben-Sun", 3.0, 1)] == [
        (row.place, row.name, row.score, row.ratings) for row in board.rows
    ]
    assert ["Wind by Cleo"] == [each.read_as for each in board.unrated]


def test_the_ai_board_is_hidden_until_the_end(world: World) -> None:
    """Only the final board has the AI judge's places, with ties as people read the scores."""
    ada, _, _ = judged(world)
    assert world.boards.show(ADA, CHANNEL).ai_rows is None
    world.contests.advance(OLIVE, world.piece(ada).contest_id, Phase.JUDGING)
    board = world.boards.show(ADA, CHANNEL)
    assert board.final
    assert [(1, "#bach-jam-ben-Sun", 80.0), (1, "#bach-jam-cleo-Wind", 80.0), (3, "#bach-jam-ada-Rain", 60.0)] == [
        (row.place, row.name, row.score) for row in board.ai_rows or ()
    ]


def test_the_final_board_is_posted_when_the_contest_is_finished(world: World) -> None:
    """The channel gets the news, and then the board with both judgements."""
    ada, _, _ = judged(world)
    world.rate(JUDY, ada, 5, 5, 5)
    contest = world.piece(ada).contest_id
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.tell_finale(contest)
    (letter,) = world.letters("board", CHANNEL)
    assert (True, 1, 3) == (letter.message["final"], len(letter.message["rows"]), len(letter.message["ai_rows"]))
    assert "finished" == world.letters("phase_news", CHANNEL)[-1].message["phase"]


def test_a_slot_is_posted_exactly_once(world: World) -> None:
    """Of several that want to post the same slot one does."""
    ada, _, _ = judged(world)
    contest = world.piece(ada).contest_id
    with ThreadPoolExecutor(4) as threads:
        posted = list(threads.map(lambda _: world.boards.post_slot(contest, NOON), range(4)))
    assert [False, False, False, True] == sorted(posted)
    assert 1 == len(world.letters("board", CHANNEL))


def test_each_slot_has_its_own_post(world: World) -> None:
    """The next slot is another letter, where anything has changed; the same board again tells nobody anything."""
    ada, _, _ = judged(world)
    contest = world.piece(ada).contest_id
    world.rate(JUDY, ada, 5, 5, 5)
    assert world.boards.post_slot(contest, NOON)
    assert not world.boards.post_slot(contest, world.later(hours=1))
    world.rate(JUDY, ada, 5, 5, 4)
    assert world.boards.post_slot(contest, world.later(hours=2))
    assert not world.boards.post_slot(contest, world.later(hours=3))
    assert 2 == len(world.letters("board", CHANNEL))


def test_only_a_contest_that_is_judged_posts_boards(world: World) -> None:
    """Before and after the judging, and for an unknown contest, a slot passes in silence."""
    contest = world.contest()
    assert not world.boards.post_slot(contest, NOON)
    assert not world.boards.post_slot("f" * 32, NOON)
    assert () == world.boards.schedules()


def test_schedules_begin_with_the_judging_and_go_on_after_the_last_slot(world: World) -> None:
    """What was missed while the bot was down can be told from the last slot."""
    ada, _, _ = judged(world)
    contest = world.piece(ada).contest_id
    assert (Schedule(contest, "0 18 * * mon-fri", "Europe/Berlin", NOON),) == world.boards.schedules()
    world.boards.post_slot(contest, world.later(hours=5))
    assert [world.later(hours=5)] == [schedule.since for schedule in world.boards.schedules()]


def test_a_contest_without_a_schedule_has_none(world: World) -> None:
    """An empty cron text means no posts."""
    world.contest(Phase.JUDGING, board_cron="")
    assert () == world.boards.schedules()


def test_elsewhere_the_only_contest_is_meant(world: World) -> None:
    """The board can be asked for in any channel while one contest runs."""
    judged(world)
    assert "Bach Jam" == world.boards.show(ADA, LOUNGE).contest_name


def refused(ask: Callable[[str, str], object], user_id: str) -> str:
    """The sentence with which a question from somebody's direct messages is refused."""
    with pytest.raises(Refusal) as refusal:
        ask(user_id, "D0ONE")
    return refusal.value.sentence


@pytest.mark.parametrize("user_id", [EVE, GUS])
def test_outsiders_learn_nothing_in_their_direct_messages(world: World, user_id: str) -> None:
    """Who is not in the channel reads the same as where there is no contest at all, be there one or several."""
    judged(world)
    nothing = "There is no contest here yet. An organizer can begin one with `/kantor contest new`."
    asks = (world.boards.show, world.contests.status, world.contests.preview_next)
    assert {nothing} == {refused(ask, user_id) for ask in asks}
    world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    assert {nothing} == {refused(ask, user_id) for ask in asks}


def test_in_its_channel_the_board_needs_no_slack(world: World) -> None:
    """Whoever can speak there may read it: nothing is asked while Slack is silent."""
    judged(world)
    world.directory.silent = True
    assert "Bach Jam" == world.boards.show(ADA, CHANNEL, is_there=True).contest_name
    assert "Bach Jam" == world.contests.status(ADA, CHANNEL, is_there=True).contest.name


def test_a_button_that_names_a_channel_shows_its_board_to_those_inside_alone(world: World) -> None:
    """Whoever sends such a button from outside, guest or member, learns not even that there is a contest."""
    ada, _, _ = judged(world)
    assert "Bach Jam" == world.boards.show(ADA, CHANNEL).contest_name
    world.directory.add("U0OUT", "Otto")
    for outsider in (GUS, "U0OUT"):
        with pytest.raises(Refusal) as refusal:
            world.boards.show(outsider, CHANNEL)
        assert "Bach Jam" not in refusal.value.sentence
        with pytest.raises(Refusal):
            world.boards.page(outsider, world.piece(ada).contest_id, "", 1)
        with pytest.raises(Refusal):
            world.contests.status(outsider, CHANNEL)


def test_without_any_contest_there_is_no_board(world: World) -> None:
    """The sentence says how a contest begins."""
    with pytest.raises(Refusal) as refusal:
        world.boards.show(ADA, CHANNEL)
    assert (
        "There is no contest here yet. An organizer can begin one with `/kantor contest new`." == refusal.value.sentence
    )


def seen(world: World, user_id: str = ADA) -> list[tuple[int, str, float | None]]:
    """Place, title and score of each row, as that person sees them."""
    return [(row.place, row.title, row.score) for row in world.boards.show(user_id, CHANNEL).rows]


def test_criteria_count_by_their_weights(world: World) -> None:
    """With originality twice as heavy 5, 2, 2 is 3.5 and not 3."""
    ada, _, _ = judged(world)
    scheme = world.row(world.piece(ada).contest_id).scheme
    scheme = {
        **scheme,
        "criteria": [{**each, "weight": 2.0 if each["key"] == "originality" else 1.0} for each in scheme["criteria"]],
    }
    change(world, world.piece(ada).contest_id, scheme=scheme)
    world.rate(JUDY, ada, 5, 2, 2)
    assert [(1, "Rain", 3.5)] == seen(world)


def test_hidden_places_are_for_organizers_alone(world: World) -> None:
    """Composers see no row; an organizer sees all of them, marked as theirs alone."""
    ada, _, _ = judged(world)
    world.rate(JUDY, ada, 5, 5, 5)
    change(world, world.piece(ada).contest_id, board_mode="hidden")
    board, own = world.boards.show(ADA, CHANNEL), world.boards.show(OLIVE, CHANNEL)
    assert ("everybody", "hidden", (), ()) == (board.seen_as, board.mode, board.rows, board.unrated)
    assert ("organizer", [5.0]) == (own.seen_as, [row.score for row in own.rows])


def test_with_ranks_only_there_is_no_score_anywhere(world: World) -> None:
    """Not on the board on request, nor in the stored letter of a posted one: only places."""
    ada, ben, _ = judged(world)
    world.rate(JUDY, ada, 5, 5, 5)
    world.rate(JUDY, ben, 1, 1, 1)
    change(world, world.piece(ada).contest_id, board_mode="ranks")
    assert [(1, "Rain", None), (2, "Sun", None)] == seen(world)
    world.boards.post_slot(world.piece(ada).contest_id, NOON)
    (letter,) = world.letters("board", CHANNEL)
    assert [None, None] == [row["score"] for row in letter.message["rows"]]
    assert [0, 0] == [row["ratings"] for row in letter.message["rows"]]
    assert [None, None] == [row.score for row in world.posters.drawn[-1].rows]


def test_a_hidden_board_is_not_posted(world: World) -> None:
    """No slot is taken, and the schedule sleeps, until the places may be seen."""
    ada, _, _ = judged(world)
    contest = world.piece(ada).contest_id
    change(world, contest, board_mode="hidden")
    assert (False, ()) == (world.boards.post_slot(contest, NOON), world.boards.schedules())
    change(world, contest, board_mode="full")
    assert world.boards.post_slot(contest, NOON)


def test_the_preview_of_the_judging_promises_no_hidden_board(world: World) -> None:
    """What is not posted is not announced."""
    contest = world.contest()
    promised = [any("I post the board in" in each for each in world.contests.preview_next(OLIVE, CHANNEL).effects)]
    change(world, contest, board_mode="hidden")
    promised.append(any("I post the board in" in each for each in world.contests.preview_next(OLIVE, CHANNEL).effects))
    assert [True, False] == promised


def test_in_the_final_its_ratings_alone_decide_and_both_scores_are_shown(world: World) -> None:
    """The winner of the preliminary round may be last in the final, and stays before everybody who is not in it."""
    contest, (ada, ben, cleo) = two_rounds(world, finalists=2)
    assert (True, True, False) == tuple(world.piece(each).in_final for each in (ada, ben, cleo))
    board = world.boards.show(ADA, CHANNEL)
    pending = [each.read_as for each in board.pending]
    assert (["Rain by Ada", "Sun by Ben"], [(3, "Wind", 3.0)]) == (pending, seen(world))
    world.rate(JUDY, ben, 2, 2, 2)
    world.rate(JUDY, ada, 1, 1, 1)
    rows = world.boards.show(ADA, CHANNEL).rows
    assert [(1, "Sun", 2.0, 4.0), (2, "Rain", 1.0, 5.0), (3, "Wind", 3.0, None)] == [
        (row.place, row.title, row.score, row.first_round) for row in rows
    ]
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    assert ["Sun", "Rain", "Wind"] == [row.title for row in world.boards.show(ADA, CHANNEL).rows]


def test_all_that_tie_with_the_last_finalist_go_on(world: World) -> None:
    """Two places in the final and three with the second best score: all of them are in it."""
    _, pieces = two_rounds(world, finalists=2, scores=((5, 5, 5), (4, 4, 4), (4, 4, 4)))
    assert [True, True, True] == [world.piece(each).in_final for each in pieces]


def test_arrows_compare_with_the_last_posted_board(world: World) -> None:
    """Up, down, the same and new; before the first post there is nothing to compare with."""
    ada, ben, cleo = judged(world)
    contest = world.piece(ada).contest_id
    world.rate(JUDY, ada, 4, 4, 4)
    world.rate(JUDY, ben, 3, 3, 3)
    assert [(None, False), (None, False)] == [(row.moved, row.is_new) for row in world.boards.show(ADA, CHANNEL).rows]
    world.boards.post_slot(contest, NOON)
    world.rate(JACK, ben, 5, 5, 5)
    world.rate(JACK, ada, 1, 1, 1)
    world.rate(JACK, cleo, 1, 1, 1)
    rows = {row.title: (row.moved, row.is_new) for row in world.boards.show(ADA, CHANNEL).rows}
    assert {"Sun": (1, False), "Rain": (-1, False), "Wind": (None, True)} == rows
    world.boards.post_slot(contest, world.later(hours=1))
    assert [0, 0, 0] == [row.moved for row in world.boards.show(ADA, CHANNEL).rows]


@pytest.mark.parametrize("state", [SubmissionState.WITHDRAWN, SubmissionState.SUPERSEDED])
def test_what_is_withdrawn_leaves_every_board(world: World, state: SubmissionState) -> None:
    """The one of now, and a page of one that was posted before; the others move up."""
    ada, ben, cleo = judged(world)
    contest = world.piece(ada).contest_id
    for piece, score in ((ada, 5), (ben, 4), (cleo, 3)):
        world.rate(JUDY, piece, score, score, score)
    world.boards.post_slot(contest, NOON)
    snapshot = world.letters("board", CHANNEL)[0].message["snapshot_id"]
    with world.store.write() as work:
        piece_row = work.submissions.get(ada)
        assert piece_row is not None
        piece_row.state = state
    wanted = [(1, "Sun", 4.0), (2, "Wind", 3.0)]
    assert wanted == seen(world)
    page = world.boards.page(ADA, contest, snapshot, 1)
    assert wanted == [(row.place, row.title, row.score) for row in page.rows]


def test_a_rating_of_a_judge_who_recused_moves_nobody(world: World) -> None:
    """It is kept, and does not count."""
    ada, _, _ = judged(world)
    world.rate(JUDY, ada, 5, 5, 5)
    world.rate(JACK, ada, 1, 1, 1)
    recuse(world, ada, JACK)
    assert [(1, "Rain", 5.0)] == seen(world)


def recuse(world: World, submission_id: str, judge: str) -> None:
    """The judge will not judge this one."""
    contest = world.piece(submission_id).contest_id
    mark = JudgingMark(
        id=world.ids.new(), contest_id=contest, submission_id=submission_id, judge=judge, kind=MarkKind.RECUSED,
        reason="A friend of mine", at=NOON,
    )  # fmt: skip
    with world.store.write() as work:
        work.ratings.marks.add(mark)


def test_a_judge_of_a_blind_contest_sees_what_was_posted(world: World) -> None:
    """Looking after each own rating would tell which name stands behind an alias; where nothing is blind it is the board of now."""
    ada, ben, _ = judged(world)
    contest = world.piece(ada).contest_id
    world.rate(JUDY, ada, 5, 5, 5)
    assert ("judge", ()) == (world.boards.show(JUDY, CHANNEL).seen_as, world.boards.show(JUDY, CHANNEL).rows)
    world.boards.post_slot(contest, NOON)
    world.rate(JUDY, ben, 4, 4, 4)
    assert [(1, "Rain", 5.0)] == seen(world, JUDY)
    assert 2 == len(seen(world, ADA))
    change(world, contest, blind=False)
    assert 2 == len(seen(world, JUDY))


def test_a_posted_board_has_a_picture_of_its_top(world: World) -> None:
    """Stored before the letter is written, and drawn while the database is free."""
    ada, _, _ = judged(world)
    world.rate(JUDY, ada, 5, 5, 5)
    world.posters.during = lambda: change(world, world.piece(ada).contest_id, submission_limit=4)
    world.boards.post_slot(world.piece(ada).contest_id, NOON)
    (letter,) = world.letters("board", CHANNEL)
    (upload,) = letter.uploads
    assert f"boards/{letter.message['snapshot_id']}.png" == upload["object_key"]
    assert b"poster" == world.objects.kept[upload["object_key"]]
    assert "1. #bach-jam-ada-Rain" == upload["alt_text"]
    assert 4 == world.row(world.piece(ada).contest_id).submission_limit


def test_without_the_object_store_the_board_comes_without_its_picture(world: World) -> None:
    """Words first."""
    ada, _, _ = judged(world)
    world.rate(JUDY, ada, 5, 5, 5)
    world.objects.broken = True
    assert world.boards.post_slot(world.piece(ada).contest_id, NOON)
    (letter,) = world.letters("board", CHANNEL)
    assert ([], False) == (letter.uploads, letter.message["has_picture"])


def test_what_happens_while_the_picture_is_drawn_is_seen(world: World) -> None:
    """A board that was frozen, or a contest that was finished, in that moment: nothing is posted."""
    ada, _, _ = judged(world)
    contest = world.piece(ada).contest_id
    world.rate(JUDY, ada, 5, 5, 5)
    world.posters.during = lambda: change(world, contest, board_mode="hidden")
    assert not world.boards.post_slot(contest, NOON)
    assert [] == world.letters("board")


@pytest.mark.parametrize(("number", "pages", "last"), [(25, 1, 25), (26, 2, 1), (80, 4, 5), (1001, 41, 1)])
def test_long_boards_come_in_pages_of_25(world: World, number: int, pages: int, last: int) -> None:
    """Every composition is on exactly one page, in order; pages that are not there show the nearest."""
    contest, _ = crowd(world, number)
    first, end = world.boards.show(OLIVE, CHANNEL), world.boards.show(OLIVE, CHANNEL, 99)
    assert (1, pages, number, min(25, number)) == (first.page, first.pages, first.total, len(first.rows))
    assert (pages, last) == (end.page, len(end.rows))
    turned = [world.boards.page(OLIVE, contest, "", page).rows for page in range(1, pages + 1)]
    assert list(range(1, number + 1)) == [row.place for rows in turned for row in rows]


@pytest.mark.parametrize("phase", [Phase.JUDGING, Phase.FINISHED])
@pytest.mark.parametrize("mode", BoardMode)
def test_a_page_alone_is_that_page_of_the_whole(world: World, mode: BoardMode, phase: Phase) -> None:
    """Made with none of the other rows, and seen by everybody or by organizers; pages that are not there, too."""
    contest, _ = crowd(world, 130)
    change(world, contest, board_mode=mode, phase=phase)
    with world.store.read() as work:
        row, now = world.row(contest), world.clock.now()
        whole = board_of(work, row, now)
        for page in (0, 1, 2, 5, 6, 99):
            alone = board_of(work, row, now, page=page)
            assert page_of(whole, page) == alone
            assert page_of(as_everybody_sees(whole, row), page) == as_everybody_sees(alone, row)


def test_a_board_of_a_thousand_is_quick(world: World) -> None:
    """1,000 compositions with 3 ratings each; this machine takes 0.1 s, a crowded one gets five times as long and more."""
    crowd(world, 1000, ratings=3)
    world.boards.show(OLIVE, CHANNEL)
    began = time.perf_counter()
    world.boards.show(OLIVE, CHANNEL)
    assert time.perf_counter() - began < 2.0


def test_the_pages_of_a_posted_board_are_those_of_its_time(world: World) -> None:
    """Whoever turns the page of a board in the channel reads on in that one, not in the one of now."""
    contest, pieces = crowd(world, 30)
    world.boards.post_slot(contest, NOON)
    snapshot = world.letters("board", CHANNEL)[0].message["snapshot_id"]
    assert 25 == len(world.letters("board", CHANNEL)[0].message["rows"])
    before = world.boards.page(ADA, contest, snapshot, 2).rows
    with world.store.write() as work:
        for rating in work.ratings.of_contest(contest):
            if rating.submission_id == pieces[-1]:
                rating.scores = dict.fromkeys(rating.scores, 5)
    assert before == world.boards.page(ADA, contest, snapshot, 2).rows
    assert pieces[-1] == world.boards.page(ADA, contest, "", 1).rows[0].submission_id


def test_a_page_of_an_old_board_shows_no_more_than_the_mode_of_now(world: World) -> None:
    """The organizers have closed the curtain since."""
    contest, _ = crowd(world, 30)
    world.boards.post_slot(contest, NOON)
    snapshot = world.letters("board", CHANNEL)[0].message["snapshot_id"]
    change(world, contest, board_mode="hidden")
    assert () == world.boards.page(ADA, contest, snapshot, 2).rows


def test_old_boards_are_forgotten(world: World) -> None:
    """A board a minute for a day must not fill the database; the pages of a forgotten one are those of now."""
    contest, _ = crowd(world, 30)
    for minute in range(KEPT + 3):
        world.clock.advance(minutes=1)
        change(world, contest, name=f"Jam {minute}")
        world.boards.post_slot(contest, world.later(minutes=minute))
    snapshots = [letter.message["snapshot_id"] for letter in world.letters("board", CHANNEL)]
    with world.store.read() as work:
        kept = [key for key in snapshots if work.boards.snapshot(key) is not None]
    assert snapshots[3:] == kept
    assert 5 == len(world.boards.page(ADA, contest, snapshots[0], 2).rows)


def test_own_places_say_what_the_mode_allows(world: World) -> None:
    """Place, score and ratings; without the score; or only how many ratings there are."""
    ada, ben, _ = judged(world)
    contest = world.piece(ada).contest_id
    world.rate(JUDY, ada, 5, 5, 5)
    world.rate(JUDY, ben, 4, 4, 4)
    found = {}
    for mode in ("full", "ranks", "hidden"):
        change(world, contest, board_mode=mode)
        (own,) = world.boards.place_of(BEN, "D0BEN").places
        found[mode] = (own.place, own.score, own.ratings)
    assert {"full": (2, 4.0, 1), "ranks": (2, None, 1), "hidden": (None, None, 1)} == found


def test_own_places_at_the_end_are_those_of_both_boards(world: World) -> None:
    """The AI judge's place stands beside, and never before the end."""
    ada, _, _ = judged(world)
    world.rate(JUDY, ada, 5, 5, 5)
    assert [None] == [own.ai_place for own in world.boards.place_of(ADA).places]
    world.contests.advance(OLIVE, world.piece(ada).contest_id, Phase.JUDGING)
    (own,) = world.boards.place_of(ADA).places
    assert (1, 5.0, 3, 60.0) == (own.place, own.score, own.ai_place, own.ai_score)


def test_a_judge_who_is_an_author_finds_her_place_on_the_posted_board_only(world: World) -> None:
    """Rating an alias and looking whether the own place moved would tell whose piece it was: every door shows the same board."""
    ada, ben, _ = judged(world)
    contest = world.piece(ada).contest_id
    with world.store.write() as work:
        work.contests.roles.give(contest, BEN, Role.JUDGE, added_by=OLIVE, now=world.clock.now())
    world.rate(JUDY, ben, 3, 3, 3)
    (own,) = world.boards.place_of(BEN).places
    assert (None, 0) == (own.place, own.ratings)
    world.boards.post_slot(contest, NOON)
    world.rate(BEN, ada, 5, 5, 5)
    reply = world.boards.place_of(BEN)
    assert ("judge", True, 1) == (reply.seen_as, reply.was_posted, reply.places[0].place)
    change(world, contest, blind=False)
    assert (2, "everybody") == (world.boards.place_of(BEN).places[0].place, world.boards.place_of(BEN).seen_as)


def test_who_has_no_composition_has_no_place(world: World) -> None:
    """The answer is empty, and no refusal."""
    judged(world)
    assert () == world.boards.place_of(OLIVE, CHANNEL).places


def test_a_board_that_was_kept_before_titles_stood_there_can_still_be_read() -> None:
    """It has the names alone, and shows them."""
    kept: dict[str, object] = {
        "contest_name": "Jam",
        "phase": "final",
        "taken_at": NOON.isoformat(),
        "rows": [],
        "ai_rows": None,
        "final": False,
    }
    board = BoardPost.model_validate(kept | {"unrated": ["#jam-ada-Rain"], "pending": ["#jam-ben-Sun"]})
    assert ["#jam-ada-Rain", "#jam-ben-Sun"] == [each.read_as for each in (*board.unrated, *board.pending)]
