"""Fixing results, and revealing them step by step."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules import storage
from bot.rules.ceremony import Move
from bot.rules.duties import Duty
from bot.rules.phases import Phase
from bot.usecases.awards.preparing import PREPARE
from bot.usecases.people.recruiting import Ask
from tests.makers.boards import change, judged
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, EVE, JACK, JUDY, LOUNGE, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.usecases.awards.finalizing import Confirmed
    from models.awards import Ceremony

SECRET = "C0SECRET"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def rated(world: World, **changes: object) -> str:
    """A contest with three rated compositions and two organizers, Olive and Eve; its id."""
    pieces = judged(world, **changes)
    contest = world.piece(pieces[0]).contest_id
    world.staff.add_organizers(OLIVE, CHANNEL, [EVE])
    for judge in (JUDY, JACK):
        for piece, scores in zip(pieces, ((5, 5, 5), (4, 4, 4), (2, 5, 2)), strict=True):
            world.rate(judge, piece, *scores)
    return contest


def confirm(world: World, actor: str, reason: str = "", presenter: str = CLEO) -> Confirmed:
    """As the window shows it now."""
    look = world.finalizing.look(actor, CHANNEL)
    return world.finalizing.confirm(actor, look.contest_id, look.digest, presenter, reason)


def settled(world: World, **changes: object) -> str:
    """A contest whose results stand, with the panel in Cleo's hands; its id."""
    contest = rated(world, **changes)
    confirm(world, OLIVE, "I am alone tonight")
    prepare(world)
    return contest


def test_whoever_agreed_to_present_is_the_one_who_is_proposed(world: World) -> None:
    """The first of those who accepted, unless they were told that they are not needed; else the organizer who looks."""
    contest = rated(world)
    assert OLIVE == world.finalizing.look(OLIVE, CHANNEL).presenter
    for person in (BEN, CLEO):
        world.recruiting.ask(Ask(OLIVE, contest, (person,), "presenter", None, "Will you present?"))
    assert OLIVE == world.finalizing.look(OLIVE, CHANNEL).presenter, "nobody has answered"
    for person in (CLEO, BEN):
        (asked,) = world.letters("duty_asked", person)
        world.volunteering.accept(person, asked.message["asking"]["request_id"])
    first, second = BEN, CLEO
    assert first == world.finalizing.look(OLIVE, CHANNEL).presenter
    with world.store.write() as work:
        request = work.duties.of_person(contest, first, Duty.PRESENTER)
        assert request is not None
        request.withdrawn_at = world.clock.now()
    assert second == world.finalizing.look(OLIVE, CHANNEL).presenter


def prepare(world: World) -> None:
    """Do the jobs that draw."""
    with world.store.read() as work:
        ids = [each.id for contest in work.contests.newest_first() for each in work.awards.ceremonies(contest.id)]
    for ceremony_id in ids:
        world.preparing.prepare(ceremony_id)


def show(world: World, contest: str, *, rehearsal: bool = False) -> Ceremony:
    """The ceremony as it stands."""
    with world.store.read() as work:
        shows = [each for each in work.awards.ceremonies(contest) if each.rehearsal is rehearsal]
    return shows[-1]


def click(world: World, contest: str, move: Move = Move.NEXT, actor: str = CLEO, *, rehearsal: bool = False) -> None:
    """The button of the newest panel."""
    now = show(world, contest, rehearsal=rehearsal)
    world.revealing.move(actor, now.id, now.turn, move)


def finish(world: World, contest: str) -> None:
    """All steps, and the end."""
    while (now := show(world, contest)).shown < len(now.steps):
        click(world, contest)
    world.revealing.finish(CLEO, now.id, now.turn)


def told(world: World, to: str = CHANNEL) -> list[str]:
    """The headings of what a channel has seen."""
    return [row.message["step"]["heading"] for row in world.letters("reveal", to)]


def test_two_organizers_confirm_and_the_hash_is_posted_before_anybody_knows(world: World) -> None:
    """The first one's word alone changes nothing; the file that is kept has the hash that was posted, and names nobody."""
    contest = rated(world)
    assert not confirm(world, OLIVE).settled
    assert Phase.JUDGING == world.row(contest).phase
    assert [EVE] == [row.recipient for row in world.letters("consent_asked") if row.recipient != OLIVE]
    done = confirm(world, EVE)
    assert done.settled
    assert Phase.CEREMONY == world.row(contest).phase
    news = world.letters("phase_news", CHANNEL)[-1].message
    assert done.sha256 == news["fingerprint"]
    (file,) = [data for key, data in world.objects.kept.items() if key.startswith("results/")]
    assert sha256(file).hexdigest() == done.sha256
    assert [1, 2, 3] == [row["place"] for row in json.loads(file)["people"]]
    assert not any(word in file.decode() for word in ("Ada", ADA, "Rain", JUDY))
    assert [] == world.letters("podium")


def test_the_same_organizer_twice_is_one(world: World) -> None:
    """However often they press."""
    contest = rated(world)
    for _ in range(3):
        assert not confirm(world, OLIVE).settled
    assert Phase.JUDGING == world.row(contest).phase


def test_one_alone_says_why_and_it_is_kept(world: World) -> None:
    """In the trail, where everybody who organizes can read it."""
    contest = rated(world)
    assert confirm(world, OLIVE, "Eve is ill").settled
    with world.store.read() as work:
        facts = [each.facts for each in work.audit.of_contest(contest) if each.action == "results.confirmed"]
    assert ["Eve is ill"] == [each["reason"] for each in facts]


def test_a_word_about_other_results_is_no_word_about_these(world: World) -> None:
    """A rating after the first confirmation: both confirm anew; and whoever looked before it is told so."""
    contest = rated(world)
    before = world.finalizing.look(EVE, CHANNEL)
    confirm(world, OLIVE)
    with world.store.read() as work:
        piece = work.submissions.accepted(contest)[0].id
    world.rate(JUDY, piece, 1, 1, 1)
    with pytest.raises(Refusal, match="while you looked"):
        world.finalizing.confirm(EVE, contest, before.digest, CLEO)
    assert not confirm(world, EVE).settled
    assert confirm(world, OLIVE).settled


@pytest.mark.parametrize("gate", ["flag", "comment", "late"])
def test_nothing_is_fixed_while_something_is_left_to_do(world: World, gate: str) -> None:
    """Not by a reason either."""
    contest = rated(world)
    with world.store.read() as work:
        piece = work.submissions.accepted(contest)[0].id
    if gate == "flag":
        world.marks.flag(JUDY, piece, "copy", "I know it")
    elif gate == "comment":
        world.rate(JUDY, piece, 5, 5, 5, comment="Lovely")
    else:
        world.upload(ADA, "FLATE", at=world.later(hours=3))
    with pytest.raises(Refusal, match="Before the results can stand"):
        confirm(world, OLIVE, "I want it all the same")


def test_a_comment_that_changes_after_it_was_read_is_read_again(world: World) -> None:
    """Organizers let other words through."""
    contest = rated(world)
    with world.store.read() as work:
        piece = work.submissions.accepted(contest)[0].id
    world.rate(JUDY, piece, 5, 5, 5, comment="Lovely")
    page = world.feedback.begin(OLIVE, CHANNEL)
    world.feedback.decide(OLIVE, contest, 1, {each.rating_id: True for each in page.comments})  # type: ignore[union-attr]
    assert all(gate.is_open for gate in world.finalizing.look(OLIVE, CHANNEL).gates)
    world.rate(JUDY, piece, 5, 5, 5, comment="Awful")
    assert not all(gate.is_open for gate in world.finalizing.look(OLIVE, CHANNEL).gates)


def test_nobody_rates_withdraws_or_sees_anything_once_the_results_stand(world: World) -> None:
    """The board is hidden, from authors and from judges; organizers see it."""
    contest = settled(world)
    with world.store.read() as work:
        piece = work.submissions.accepted(contest)[0]
    with pytest.raises(Refusal, match="closed on"):
        world.rate(JUDY, piece.id, 1, 1, 1)
    with pytest.raises(Refusal, match="results stand"):
        world.compositions.withdraw(piece.user_id, piece.id)
    for person in (ADA, JUDY):
        board = world.boards.show(person, CHANNEL)
        assert ((), None, "hidden") == (board.rows, board.ai_rows, board.mode)
        assert all(place.place is None for place in world.boards.place_of(person, CHANNEL).places)
    assert 3 == len(world.boards.show(OLIVE, CHANNEL).rows)


def test_it_is_revealed_in_order_one_click_a_step(world: World) -> None:
    """The machine's podium from below, special awards, people's podium from below; each with its picture and its music."""
    contest = settled(world, prizes="1: a book")
    steps = show(world, contest).steps
    for _ in steps:
        click(world, contest)
    assert [
        *("Welcome", "Third place of the AI judge", "First place of the AI judge"),
        *("Human against machine", "Third place", "Second place", "First place"),
    ] == told(world)
    last = world.letters("reveal", CHANNEL)[-1]
    assert ["Rain"] == [each["title"] for each in last.message["step"]["winners"]]
    assert "a book" == last.message["step"]["winners"][0]["prize"]
    assert ["step-7.png", "Rain.mp3"] == [each["filename"] for each in last.uploads]
    assert "5.00 of 5 from 2 ratings" == last.message["step"]["below"]


def test_a_second_click_on_the_same_panel_shows_nothing(world: World) -> None:
    """Nor does that of a second presenter, who gets a sentence that says where it stands."""
    contest = settled(world)
    world.revealing.help_present(EVE, contest)
    now = show(world, contest)
    world.revealing.move(CLEO, now.id, now.turn, Move.NEXT)
    for actor in (CLEO, EVE):
        with pytest.raises(Refusal, match="1 of 7 steps are shown now"):
            world.revealing.move(actor, now.id, now.turn, Move.NEXT)
    assert ["Welcome"] == told(world)
    assert {CLEO, EVE} == {row.recipient for row in world.letters("presenter_panel") if row.edits is None}


def test_going_back_and_pausing_shows_nothing_twice(world: World) -> None:
    """The channel hears of a pause, and keeps what it has seen."""
    contest = settled(world)
    for move in (Move.NEXT, Move.NEXT, Move.BACK, Move.NEXT, Move.PAUSE, Move.RESUME, Move.NEXT):
        click(world, contest, move)
    assert 3 == len(told(world))
    assert [False, True] == [row.message["goes_on"] for row in world.letters("ceremony_pause", CHANNEL)]


@pytest.mark.parametrize("actor", [ADA, JUDY])
def test_only_the_presenter_and_organizers_click(world: World, actor: str) -> None:
    """Whoever else knows the button's value."""
    contest = settled(world)
    now = show(world, contest)
    with pytest.raises(Refusal, match="for the organizers"):
        world.revealing.move(actor, now.id, now.turn, Move.NEXT)
    with pytest.raises(Refusal, match="for the organizers"):
        world.revealing.finish(actor, now.id, now.turn)


def test_the_end_tells_everybody_everything(world: World) -> None:
    """The file of the hash, the podiums, the board, certificates for the winners, and feedback for the authors."""
    contest = settled(world, prizes="1: 2 x headphones (from Acme)\nHuman against machine: a robot")
    finish(world, contest)
    assert Phase.FINISHED == world.row(contest).phase
    world.tell_finale(contest)
    world.certificates.make(contest, everybody=False)
    (file,) = world.letters("results_file", CHANNEL)
    assert sha256(world.objects.kept[file.uploads[0]["object_key"]]).hexdigest() == file.message["sha256"]
    assert 1 == len(world.letters("podium", CHANNEL))
    assert {ADA, BEN, CLEO} == {row.recipient for row in world.letters("feedback")}
    honours = sorted((each.recipient, each.honour) for each in world.printer.certificates)
    assert ("Ada", "First place") in honours
    assert ["certificate.png", "certificate.pdf"] == [
        each["filename"] for each in world.letters("certificate", ADA)[0].uploads
    ]
    won = {row.message["what"] for row in world.letters("prize_won")}
    assert {"2 x headphones (from Acme)", "a robot"} == won
    assert [row.score for row in world.boards.show(ADA, CHANNEL).rows] == [5.0, 4.0, 3.0]


def test_certificates_go_out_once(world: World) -> None:
    """A job that is done a second time sends what is missing, and organizers may order them for everybody."""
    contest = settled(world)
    finish(world, contest)
    world.certificates.make(contest, everybody=False)
    before = len(world.letters("certificate"))
    world.certificates.make(contest, everybody=False)
    assert before == len(world.letters("certificate"))
    assert world.certificates.order(OLIVE, contest, everybody=True).is_new
    assert not world.certificates.order(OLIVE, contest, everybody=True).is_new


def test_without_a_ceremony_all_is_as_before(world: World) -> None:
    """The end tells it at once; prizes are due all the same, and certificates come when they are asked for."""
    contest = rated(world, prizes="1: a book")
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.tell_finale(contest)
    assert 1 == len(world.letters("podium", CHANNEL))
    assert [] == world.letters("results_file")
    assert [ADA] == [row.recipient for row in world.letters("prize_won")]
    assert world.certificates.order(OLIVE, contest, everybody=False).is_new
    world.certificates.make(contest, everybody=False)
    assert world.letters("certificate", ADA)


def test_who_wants_no_more_steps_finishes_at_once(world: World) -> None:
    """By the next phase: the panels say that it is over, and their buttons do nothing."""
    contest = settled(world)
    click(world, contest)
    now = show(world, contest)
    world.contests.advance(OLIVE, contest, Phase.CEREMONY)
    assert world.letters("presenter_panel", CLEO)[-1].message["ended"]
    with pytest.raises(Refusal, match="is over"):
        world.revealing.move(CLEO, now.id, now.turn, Move.NEXT)
    assert 1 == len(world.letters("results_file", CHANNEL))


def test_results_are_taken_back_until_something_is_revealed(world: World) -> None:
    """Then judges rate again, and both confirm anew."""
    contest = settled(world)
    world.undoing.undo(OLIVE, contest, Phase.CEREMONY)
    assert Phase.JUDGING == world.row(contest).phase
    with world.store.read() as work:
        piece = work.submissions.accepted(contest)[0].id
    world.rate(JUDY, piece, 4, 4, 4)
    assert () == world.finalizing.look(OLIVE, CHANNEL).consents
    confirm(world, OLIVE, "I am alone tonight")
    prepare(world)
    click(world, contest)
    with pytest.raises(Refusal, match="cannot be unsaid"):
        world.undoing.undo(OLIVE, contest, Phase.CEREMONY)


def secret_channel(world: World, *people: str, private: bool = True) -> None:
    world.directory.names[SECRET] = "rehearsal"
    world.directory.members[SECRET] = set(people)
    if private:
        world.directory.private.add(SECRET)


def test_a_rehearsal_is_seen_in_its_channel_alone(world: World) -> None:
    """All steps, and not a word elsewhere: not in the contest's channel, not to winners; and the ceremony itself has not begun."""
    contest = settled(world)
    secret_channel(world, OLIVE, CLEO)
    world.revealing.rehearse(OLIVE, contest, SECRET)
    prepare(world)
    with world.store.read() as work:
        before = work.outbox.waiting()
    while (now := show(world, contest, rehearsal=True)).shown < len(now.steps):
        click(world, contest, rehearsal=True)
    world.revealing.finish(CLEO, now.id, now.turn)
    with world.store.read() as work:
        letters = work.outbox.of_kinds(
            "reveal", "presenter_panel", "prize_won", "certificate", "podium", "results_file"
        )
    assert {SECRET, CLEO} == {row.recipient for row in letters}
    assert 7 == len(told(world, SECRET))
    assert all(row.message["rehearsal"] for row in world.letters("reveal"))
    assert (0, Phase.CEREMONY) == (show(world, contest).shown, world.row(contest).phase)
    assert before >= 1


@pytest.mark.parametrize("wrong", ["public", "others", "away"])
def test_a_rehearsal_that_others_would_see_is_refused(world: World, wrong: str) -> None:
    """A public channel, one with somebody who should not know, one where I am not."""
    contest = settled(world)
    if wrong != "away":
        secret_channel(world, OLIVE, CLEO, *([ADA] if wrong == "others" else []), private=wrong != "public")
    with pytest.raises(Refusal) as refused:
        world.revealing.rehearse(OLIVE, contest, SECRET)
    assert "channel_id" == refused.value.field
    assert [] == world.letters("reveal")


def test_where_pictures_cannot_be_drawn_words_and_music_do(world: World) -> None:
    """After the last try the presenter gets the panel."""
    contest = rated(world)
    confirm(world, OLIVE, "I am alone tonight")
    with world.store.read() as work:
        (job,) = [work.jobs.by_key(f"{PREPARE}:{each.id}") for each in work.awards.ceremonies(contest)]
    assert job is not None
    world.preparing.give_up(**job.args)
    for _ in range(2):
        click(world, contest)
    assert [[], ["Rain.mp3"]] == [
        [each["filename"] for each in row.uploads] for row in world.letters("reveal", CHANNEL)
    ]
    assert not any(key.startswith(storage.reveal(job.args["ceremony_id"], 1)[:7]) for key in world.objects.kept)


def test_what_cannot_be_printed_is_said_beforehand(world: World) -> None:
    """Names and titles, with the letters."""
    contest = rated(world)
    with world.store.write() as work:
        piece = work.submissions.accepted(contest)[0]
        piece.title = "Song of \U00012000"
    assert (("Song of \U00012000", "\U00012000"),) == world.finalizing.look(OLIVE, CHANNEL).unwritable


def test_who_judges_blind_does_not_see_who_would_win(world: World) -> None:
    """Until the judging is over."""
    rated(world)
    world.contests.add_judges(OLIVE, CHANNEL, [EVE])
    assert world.finalizing.look(EVE, CHANNEL).podiums is None
    assert world.finalizing.look(OLIVE, CHANNEL).podiums is not None


def test_prizes_are_ticked_off_by_their_winner_or_an_organizer(world: World) -> None:
    """And by nobody else; the letter says so from then on."""
    contest = rated(world, prizes="1: a book\n2: a pen")
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    book, pen = world.finalizing.look(OLIVE, CHANNEL).prizes
    with pytest.raises(Refusal, match="not yours"):
        world.prizes.received(BEN, book.id)
    world.prizes.received(ADA, book.id)
    assert 0 == world.prizes.tick(OLIVE, contest, [book.id, pen.id], [book.id, pen.id])
    seen = world.finalizing.look(OLIVE, CHANNEL).prizes
    assert [(True, True), (True, False)] == [(each.received, each.by_winner) for each in seen]
    assert 1 == world.prizes.tick(OLIVE, contest, [book.id], [book.id, pen.id])
    assert "received" == world.letters("prize_won", ADA)[-1].message["state"]


def test_a_ceremony_waits_for_the_last_round(world: World) -> None:
    """Before a final there is nothing to fix."""
    contest = rated(world)
    change(world, contest, rounds=2)
    with pytest.raises(Refusal, match="a final to come"):
        world.finalizing.look(OLIVE, CHANNEL)
    world.contest(Phase.OPEN, name="Other", slug="other", channel_id=LOUNGE)
    with pytest.raises(Refusal, match="not being judged"):
        world.finalizing.look(OLIVE, LOUNGE)
