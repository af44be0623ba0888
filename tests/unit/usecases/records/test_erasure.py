"""Erasing a person: all that is theirs goes, and nothing of anybody else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.usecases.accounts.accounts import ClaimAccount
from bot.usecases.boards.leaderboard import board_of
from bot.usecases.boards.letters import BoardPost
from bot.usecases.judging.practice import PIECES
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from bot.usecases.letters import Draft, post, post_all
from bot.usecases.people.recruiting import Ask
from bot.usecases.records.erasure import ERASE_FILES
from bot.usecases.records.letters import ErasureAsked
from bot.usecases.stored import load
from models.boards import BoardSnapshot
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, LOUNGE, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADAS = ("U0ADA", "Morning Tide", "MorningTide", "Zoë's tune", "A comment on Ben", "my own note")
"""Whatever of these is found after Ada was erased is a promise broken."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def rate(world: World, judge: str, piece: str, *scores: int, comment: str = "", note: str = "") -> None:
    """A rating with words."""
    values = RatingValues(dict(zip(("originality", "balance", "emotional"), scores, strict=True)), comment, note)
    world.ratings.rate(RateSubmission(judge, piece, values))


@pytest.fixture
def contest(world: World) -> str:
    """Ada composes twice and judges Ben's and Cleo's pieces; she has an account; a board was posted and stored."""
    contest = world.contest()
    world.pool(2)
    world.accounts.claim(ClaimAccount(ADA, contest, "V1", accepted_terms=True))
    world.reissues.ask(ADA, contest)
    pieces = [
        world.accepted(ADA, "F1", "Morning Tide.mid"),
        world.accepted(ADA, "F2", "Zoë's tune.mid"),
        world.accepted(BEN, "F3", "Evening.mid"),
        world.accepted(CLEO, "F4", "Night.mid"),
    ]
    draft = world.upload(ADA, "F5", "Morning Tide (draft).mid", dm=True)
    assert draft is not None
    world.verdicts.check(draft.id)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, ADA])
    world.recruiting.ask(Ask(OLIVE, contest, (ADA,), "speaker", None, "Dear Ada, will you speak about Morning Tide?"))
    asked = world.recruiting.listed(OLIVE, CHANNEL)
    assert asked is not None
    world.volunteering.decline(ADA, asked.requests[0].request_id, "my own note about that")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for number, piece in enumerate(pieces):
        rate(world, JUDY, piece, 5, 5 - number, 4, comment=f"About piece {number}")
    rate(world, ADA, pieces[2], 2, 2, 2, comment="A comment on Ben, first words")
    rate(world, ADA, pieces[2], 2, 2, 3, comment="A comment on Ben", note="my own note")
    rate(world, ADA, pieces[3], 5, 5, 5)
    world.boards.post_slot(contest, world.clock.now())
    with world.store.write() as work:
        row = work.contests.get(contest)
        assert row is not None
        board = board_of(work, row, world.clock.now()).model_dump(mode="json")
        work.boards.keep(
            BoardSnapshot(id="b" * 32, contest_id=contest, kind="frozen", taken_at=world.clock.now(), board=board)
        )
    return contest


def places(world: World, contest: str) -> dict[str, tuple[float | None, int]]:
    """Scores and numbers of ratings of those who are left, by title."""
    with world.store.read() as work:
        row = work.contests.get(contest)
        assert row is not None
        rows = board_of(work, row, world.clock.now()).rows
    return {each.title or each.name: (each.score, each.ratings) for each in rows}


def dump(world: World) -> str:
    """Every value of every table, as text; JSON as people read it."""
    with world.store._reader.connect() as connection:
        found = [
            repr(row)
            for name in inspect(connection).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{name}"'))
        ]
    return "\n".join(found).encode().decode("unicode_escape", errors="ignore") + "\n".join(found)


def do_jobs(world: World) -> None:
    """Whatever files are to be erased now."""
    lease = world.later(hours=1) - world.clock.now()
    while True:
        with world.store.write() as work:
            job = work.jobs.claim(world.clock.now(), lease)
        if job is None:
            return
        if job.name == ERASE_FILES:
            world.erasure.erase_files(**job.args)
        with world.store.write() as work:
            work.jobs.finish(job.id, job.attempts)


def test_nothing_of_hers_is_left_in_any_table_or_file(world: World, contest: str, tmp_path: Path) -> None:
    """Her id, titles, file names and words are in no column, and none of her files is kept, nor an export."""
    world.exports.ask(OLIVE, CHANNEL)
    with world.store.read() as work:
        hers = [piece.id for piece in work.submissions.of_contest(contest) if piece.user_id == ADA]
    before = len(world.objects.kept)
    assert [] != [word for word in ADAS if word in dump(world)]
    done = world.erasure.erase(OLIVE, ADA, "ada")
    do_jobs(world)
    assert ("Ada", 3) == (done.name, done.pieces)
    assert [] == [word for word in ADAS if word in dump(world)]
    assert [] == [key for key in world.objects.kept if key.startswith("boards/") or any(piece in key for piece in hers)]
    assert 0 < len(world.objects.kept) < before


def test_what_was_kept_elsewhere_goes_too(world: World, contest: str) -> None:
    """Compositions of before lie in folders of another kind; where, their rows say."""
    with world.store.write() as work:
        for piece in work.submissions.of_person(contest, ADA):
            for key in world.objects.below(piece.folder):
                world.objects.put(key.replace(piece.folder, f"submissions/{piece.id}"), world.objects.kept.pop(key))
            piece.folder = f"submissions/{piece.id}"
    assert [] != world.objects.below("submissions")
    world.erasure.erase(OLIVE, ADA, "Ada")
    do_jobs(world)
    assert ([], True) == (world.objects.below("submissions"), world.objects.below("contests") != [])


def test_what_a_judge_gave_the_practice_pieces_goes(world: World, contest: str) -> None:
    """It counts for nobody's place; what the others gave stays."""
    values = RatingValues({"originality": 4, "balance": 3, "emotional": 2})
    for judge in (ADA, JUDY):
        world.practice.rate(judge, contest, next(iter(PIECES)), values)
    world.erasure.erase(OLIVE, ADA, "Ada")
    with world.store.read() as work:
        assert [JUDY] == [each.judge for each in work.ratings.practice.of_contest(contest)]


def test_a_file_that_is_called_like_our_folder_takes_nobodys_with_it(world: World, contest: str) -> None:
    """The names of her files go wherever they stand, and where other people's files are kept is no such place."""
    with world.store.write() as work:
        row = work.submissions.by_file(contest, "F1")
        assert row is not None
        row.filename = "contests"
        before = {each.id: each.folder for each in work.submissions.of_contest(contest)}
    world.erasure.erase(OLIVE, ADA, "Ada")
    with world.store.read() as work:
        assert before == {each.id: each.folder for each in work.submissions.of_contest(contest)}


def test_anothers_alarm_shows_nothing_of_hers_any_more(world: World, contest: str, tmp_path: Path) -> None:
    """Both notes are on the picture of a copy alarm, and she has renamed her piece since."""
    world.inspector.shared[b"bytes of F3"] = b"bytes of F1"
    with world.store.read() as work:
        by_file = {piece.slack_file_id: piece for piece in work.submissions.of_contest(contest)}
    hers, his = by_file["F1"], by_file["F3"]
    world.copies.compare(his.id)
    (before,) = world.letters("copy_alarm")
    world.compositions.rename(ADA, hers.id, "Evening Ebb")
    assert [upload["object_key"] for upload in before.uploads] == [*world.objects.below("shared")]
    world.erasure.erase(OLIVE, ADA, "Ada")
    do_jobs(world)
    (alarm,) = (letter for letter in world.letters("erased") if letter.id == before.id)
    assert ([], {"kind": "erased"}) == (alarm.uploads, alarm.message)
    assert [] == [*world.objects.below("shared")]
    assert hers.name not in dump(world)


def test_a_picture_that_no_letter_has_goes_too(world: World, contest: str) -> None:
    """One of two pieces of others stays."""
    with world.store.read() as work:
        hers, his, third = (
            next(piece.id for piece in work.submissions.of_contest(contest) if piece.slack_file_id == file)
            for file in ("F1", "F3", "F4")
        )
    for key in (f"shared/{his}/1-{hers}.png", f"shared/{hers}/1-bach.png", f"shared/{third}/1-{his}.png"):
        world.objects.put(key, b"aligned")
    world.erasure.erase(OLIVE, ADA, "Ada")
    do_jobs(world)
    assert [f"shared/{third}/1-{his}.png"] == [*world.objects.below("shared")]


def test_no_byte_of_the_database_file_has_her_words(world: World, contest: str, tmp_path: Path) -> None:
    """Freed pages are overwritten."""
    world.erasure.erase(OLIVE, ADA, "Ada")
    world.store.dispose()  # the last connection writes the log into the file
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [] == [word for word in ADAS if word.encode() in data]


def test_the_places_of_others_stay(world: World, contest: str) -> None:
    """Her pieces leave the board; her scores for others count on."""
    before = places(world, contest)
    world.erasure.erase(OLIVE, ADA, "Ada")
    after = places(world, contest)
    assert {"Evening", "Night"} == set(after)
    assert {title: before[title] for title in after} == after
    assert (2, 2) == (after["Evening"][1], after["Night"][1])


def test_what_happened_stays_under_a_token(world: World, contest: str) -> None:
    """The trail has as many entries and two more, hers by the token, which is the same everywhere."""
    with world.store.read() as work:
        before = [(row.at, row.action) for row in work.audit.of_contest(contest)]
    done = world.erasure.erase(OLIVE, ADA, "Ada")
    with world.store.read() as work:
        trail = work.audit.of_contest(contest)
        judges = {rating.judge for rating in work.ratings.of_contest(contest)}
    now = world.clock.now()
    assert [*before, (now, "audit.emptied"), (now, "person.erased")] == [(row.at, row.action) for row in trail]
    assert {JUDY, done.token} == judges
    assert done.token in {row.actor for row in trail}
    assert {"person": done.token, "pieces": 3} == trail[-1].facts


def test_every_letter_can_still_be_drawn_and_hers_are_empty(world: World, contest: str) -> None:
    """Boards keep their rows with the token; letters that wait for her are not sent."""
    with world.store.read() as work:
        waiting = {row.id for row in work.outbox.of_kinds() if row.recipient == ADA}
    assert waiting
    done = world.erasure.erase(OLIVE, ADA, "Ada")
    with world.store.read() as work:
        letters = work.outbox.of_kinds()
    loaded = [load(row.message) for row in letters]
    boards = [message for message in loaded if isinstance(message, BoardPost)]
    assert any(done.token in row.name for board in boards for row in board.rows)
    hers = [row for row in letters if row.id in waiting]
    assert {"erased"} == {row.message["kind"] for row in hers}
    assert {"dropped"} == {row.state.value for row in hers}
    assert all(done.token in row.recipient for row in hers)


def test_her_files_do_not_come_in_anew(world: World, contest: str) -> None:
    """Whoever tells of them again, or reads them in Slack's history, brings nothing of hers back."""
    before = len(world.letters("receipt"))
    world.erasure.erase(OLIVE, ADA, "Ada")
    for file_id in ("F1", "F2"):
        assert world.upload(ADA, file_id) is None
    assert world.upload(ADA, "F5", dm=True) is None
    assert before > len(world.letters("receipt"))
    assert [] == [letter for letter in world.letters("receipt") if letter.recipient in {ADA, f"D{ADA}"}]


def test_nobody_writes_to_a_token(world: World, contest: str) -> None:
    """Letters that some rule would still send to her are not written: they could only be lost, and alarm the organizers."""
    done = world.erasure.erase(OLIVE, ADA, "Ada")
    with world.store.write() as work:
        letter, now = ErasureAsked(asked_by=BEN), world.clock.now()
        assert not post(work, "k1", done.token, letter, now, contest_id=contest)
        post_all(
            work, [Draft(key, to, letter, contest_id=contest) for key, to in (("k2", done.token), ("k3", BEN))], now
        )
        assert {"k3"} == work.outbox.known(["k1", "k2", "k3"])
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    with world.store.read() as work:
        waiting = [row.recipient for row in work.outbox.of_kinds() if row.state.value == "pending"]
    assert waiting
    assert [] == [recipient for recipient in waiting if done.token in recipient]


def test_her_account_is_to_be_rotated(world: World, contest: str) -> None:
    """Nobody holds it, nobody gets it before its password is replaced, and the list names it."""
    world.erasure.erase(OLIVE, ADA, "Ada")
    with world.store.read() as work:
        first, second = work.accounts.of_contest(contest)
        requests = work.accounts.requests.undecided(contest)
    assert (None, world.clock.now(), None) == (first.holder, first.returned_at, first.reveal_view_id)
    assert (None, []) == (second.returned_at, list(requests))


def test_the_preview_says_what_would_go(world: World, contest: str) -> None:
    """In numbers, with what to mind, and nothing is changed by it."""
    preview = world.erasure.preview(OLIVE, ADA)
    there = preview.traces
    assert (3, 2, 1, 1, 1) == (there.pieces, there.ratings, there.comments, there.accounts, there.roles)
    assert ("Bach Jam",) == preview.contests
    assert ["is still on", "They judge in"] == [
        word for word in ("is still on", "They judge in") if any(word in each for each in preview.warnings)
    ]
    assert preview == world.erasure.preview(OLIVE, ADA)


def test_the_name_must_be_typed(world: World, contest: str) -> None:
    """A slip erases nobody; a second delivery finds nothing."""
    with pytest.raises(Refusal) as refusal:
        world.erasure.erase(OLIVE, ADA, "Ben")
    assert ("typed_name", "To be sure, please type the name: Ada") == (refusal.value.field, refusal.value.sentence)
    assert 4 <= len(places(world, contest))
    world.erasure.erase(OLIVE, ADA, " @ADA ")
    with pytest.raises(Refusal, match="nothing to erase"):
        world.erasure.erase(OLIVE, ADA, "Ada")


def test_who_may_erase(world: World, contest: str) -> None:
    """Organizers of all contests that it is about; admins; nobody else."""
    for user_id in (ADA, BEN, JUDY):
        with pytest.raises(Refusal, match="for the organizers"):
            world.erasure.erase(user_id, ADA, "Ada")
    with world.store.write() as work:
        work.contests.roles.give(contest, JACK, "organizer", added_by=OLIVE, now=world.clock.now())
    other = world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    with world.store.write() as work:
        work.contests.roles.give(other, ADA, "judge", added_by=OLIVE, now=world.clock.now())
    with pytest.raises(Refusal, match="\\*Blue Notes\\*, too, which you do not organize"):
        world.erasure.erase(JACK, ADA, "Ada")
    assert "Ada" == world.erasure.erase(OLIVE, ADA, "Ada").name


def test_ones_own_wish_goes_to_the_organizers(world: World, contest: str) -> None:
    """Once a day; it erases nothing by itself."""
    world.erasure.ask(ADA)
    world.erasure.ask(ADA)
    (letter,) = world.letters("erasure_asked")
    assert (OLIVE, ADA) == (letter.recipient, letter.message["asked_by"])
    assert 4 <= len(places(world, contest))


def test_the_time_to_keep_them_is_the_same_for_everybody(world: World, contest: str, tmp_path: Path) -> None:
    """A week before the organizers are told; after it nobody who took part has a name here, and what they do elsewhere stays."""
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    other = world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    with world.store.write() as work:
        row = work.contests.lock(contest)
        assert row is not None
        row.retention_days = 30
        work.contests.roles.give(other, BEN, "judge", added_by=OLIVE, now=world.clock.now())
    world.clock.advance(days=22)
    world.erasure.keep_times()
    assert ([], []) == (world.letters("retention_soon"), world.letters("retention_done"))
    world.clock.advance(days=1)
    world.erasure.keep_times()
    world.erasure.keep_times()
    assert 1 == len(world.letters("retention_soon", OLIVE))
    scores = sorted(places(world, contest).values())
    assert 4 <= len(scores)
    world.clock.advance(days=6)
    world.erasure.keep_times()
    assert [] == world.letters("retention_done")
    world.clock.advance(days=1)
    world.erasure.keep_times()
    world.erasure.keep_times()
    do_jobs(world)
    (done,) = world.letters("retention_done", OLIVE)
    assert 4 == done.message["people"]
    assert [] == [word for word in (*ADAS, "Evening", "About piece") if word in dump(world)]
    with world.store.read() as work:
        assert (None, "Ben") == (work.people.get(ADA), getattr(work.people.get(BEN), "name", None))
        assert work.contests.roles.has(other, BEN, "judge")
        assert work.contests.roles.has(contest, OLIVE, "organizer")
    assert [] == [key for key in world.objects.kept if key.startswith("contests/")]


def test_the_passwords_of_accounts_go_with_the_time_to_keep_them(world: World) -> None:
    """Also those that nobody ever took, in a contest in which nobody took part; those of another contest stay."""
    contest = world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    world.pool(3, "blue-notes")
    with world.store.write() as work:
        row = work.contests.lock(contest)
        assert row is not None
        row.retention_days = 30
        row.phase, row.finished_at = Phase.FINISHED, world.clock.now()
    for days in (23, 6):
        world.clock.advance(days=days)
        world.erasure.keep_times()
    assert (3, []) == (sealed(world, contest), world.letters("retention_done"))
    world.clock.advance(days=1)
    world.erasure.keep_times()
    world.erasure.keep_times()

    (done,) = world.letters("retention_done", OLIVE)
    assert (0, 3) == (sealed(world, contest), done.message["passwords"])
    with world.store.read() as work:
        assert ["accounts.retired"] == [row.action for row in work.audit.of_contest(contest) if "retired" in row.action]


def sealed(world: World, contest: str) -> int:
    """How many passwords of the contest's accounts are here."""
    with world.store.read() as work:
        return sum(account.sealed_password != b"" for account in work.accounts.of_contest(contest))


def test_without_a_time_nothing_is_ever_erased(world: World, contest: str) -> None:
    """Unless the settings give one to contests that have none; the organizers have a week then, although the time is long over."""
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.clock.advance(days=1000)
    world.erasure.keep_times()
    assert [] == world.letters("retention_done")
    changed = replace(world.erasure, retention_days=90)
    for days in (0, 6):
        world.clock.advance(days=days)
        changed.keep_times()
        assert (1, []) == (len(world.letters("retention_soon", OLIVE)), world.letters("retention_done"))
    world.clock.advance(days=1)
    changed.keep_times()
    assert 1 == len(world.letters("retention_done", OLIVE))
