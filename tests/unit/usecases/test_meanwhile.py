"""What SQLite's single writer forbids: two people, or two replicas, at the same thing at the same moment, on PostgreSQL.

In each test the second one has looked before the first one commits, and waits then: what it does must rest on what is true by then.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal, Undeliverable
from bot.pump import OutboxPump
from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.usecases.accounts.accounts import AccountOffer, ClaimAccount
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.newcontest import NOTHING, NewContest, row
from bot.usecases.contests.settings import Part, checked
from bot.usecases.judging.ratings import KeepDraft, RateSubmission, RatingValues
from bot.usecases.submissions.arrivals import Upload
from models.judging import JudgingMark, MarkKind
from models.outbox import LetterState
from models.submissions import SubmissionState
from tests.makers.fakes import RecordingPostman
from tests.makers.meanwhile import meanwhile
from tests.makers.postgres import postgres_store
from tests.makers.world import ADA, BEN, CHANNEL, JACK, JUDY, LOUNGE, OLIVE, World, world_of
from tests.unit.usecases.contests.test_editing import BASICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.contests import Contest
    from models.outbox import OutboxRow
    from models.store import Work
    from models.submissions import Submission


@pytest.fixture
def world() -> Iterator[World]:
    with postgres_store() as store:
        yield world_of(store)


def locked_piece(work: Work, contest: str, piece: str) -> Submission:
    work.contests.lock(contest)
    found = work.submissions.get(piece)
    assert found is not None
    return found


def test_a_composition_withdrawn_while_somebody_rates_it_gets_no_rating(world: World) -> None:
    """The judge looked at it before; what they wrote is refused."""
    contest = world.contest()
    piece = world.accepted()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.contests.advance(OLIVE, contest, Phase.OPEN)

    def withdraw(work: Work) -> None:
        locked_piece(work, contest, piece).state = SubmissionState.WITHDRAWN

    refused = meanwhile(world.store, withdraw, lambda: world.rate(JUDY, piece))
    assert isinstance(refused, Refusal)
    with world.store.read() as work:
        assert [] == list(work.ratings.of_contest(contest))


def test_a_composition_withdrawn_while_its_check_begins_stays_withdrawn(world: World) -> None:
    """The worker does not bring it back."""
    contest = world.contest()
    piece = world.upload()
    assert piece is not None

    def withdraw(work: Work) -> None:
        locked_piece(work, contest, piece.id).state = SubmissionState.WITHDRAWN

    assert meanwhile(world.store, withdraw, lambda: world.verdicts.check(piece.id)) is None
    assert world.piece(piece.id).state is SubmissionState.WITHDRAWN


def test_whoever_withdraws_what_was_just_accepted_withdraws_the_accepted_one(world: World) -> None:
    """It was still being checked when they pressed the button: its alias stays with it."""
    contest = world.contest()
    piece = world.upload()
    assert piece is not None

    def accept(work: Work) -> None:
        found = locked_piece(work, contest, piece.id)
        found.state, found.alias = SubmissionState.ACCEPTED, "Blue Heron"

    assert meanwhile(world.store, accept, lambda: world.compositions.withdraw(ADA, piece.id)) is None
    assert (SubmissionState.WITHDRAWN, "Blue Heron") == (world.piece(piece.id).state, world.piece(piece.id).alias)


def test_the_last_place_is_taken_once(world: World) -> None:
    """Somebody's second file, when one is allowed, is refused although the first one was not yet there when it came."""
    contest = world.contest(submission_limit=1)
    template = world.accepted(BEN, "F9")

    def take(work: Work) -> None:
        piece = locked_piece(work, contest, template)
        twin = {column.name: getattr(piece, column.name) for column in type(piece).__table__.columns}
        twin |= {"id": "twin", "root_id": "twin", "user_id": ADA, "slack_file_id": "F8", "alias": None}
        work.submissions.add(type(piece)(**twin))

    assert meanwhile(world.store, take, lambda: world.upload(ADA, "F7")) is None
    with world.store.read() as work:
        assert {"twin"} == work.submissions.counting(contest, ADA)


def test_a_file_that_two_replicas_hear_of_is_taken_once(world: World) -> None:
    """The second one waits for the first one's mark, and does nothing."""
    contest, now = world.contest(), world.clock.now()
    upload = Upload(
        file_id="F1",
        user_id=ADA,
        channel_id=CHANNEL,
        is_dm=False,
        message_ts=f"{now.timestamp():.6f}",
        thread_ts=None,
        filename="a.mid",
        mimetype="audio/midi",
        filetype="mid",
        size=300,
    )
    first = lambda work: work.events.see(upload.mark, now=now)  # noqa: E731
    assert meanwhile(world.store, first, lambda: world.submissions.receive(upload)) is None
    with world.store.read() as work:
        assert [] == list(work.submissions.of_contest(contest))


def row_of(world: World, contest_id: str, command: NewContest) -> Contest:
    """The row that the command makes."""
    now = world.clock.now()
    return row(contest_id, command.actor, checked(command.written, NOTHING, now), now)


def test_a_channel_gets_one_contest(world: World) -> None:
    """Two organizers send the window in at the same moment: the second one reads that the channel is taken, and by what."""
    command = world.new_contest()
    first = row_of(world, "first", command)

    def begin(work: Work) -> None:
        work.contests.lock_places()
        work.contests.add(first)

    other = world.new_contest(name="Other Jam", slug="other-jam")
    refused = meanwhile(world.store, begin, lambda: world.contests.create(other))
    assert isinstance(refused, Refusal)
    assert "Bach Jam" in refused.sentence


def test_the_same_window_sent_to_two_replicas_makes_one_contest(world: World) -> None:
    """The second one finds what the first one made."""
    command = world.new_contest()
    first = row_of(world, "first", command)

    def begin(work: Work) -> None:
        work.contests.lock_places()
        work.contests.add(first)

    assert meanwhile(world.store, begin, lambda: world.contests.create(command)) is None
    with world.store.read() as work:
        assert ["first"] == [contest.id for contest in work.contests.newest_first()]


def test_a_contest_does_not_move_into_a_channel_that_was_just_taken(world: World) -> None:
    """It was free when the organizer was shown what would change."""
    contest = world.contest()
    form = world.editing.form(OLIVE, contest, Part.BASICS)
    moved = EditContest(OLIVE, contest, Part.BASICS, dict(BASICS, channel_id=LOUNGE), form.seen)
    edit_id = world.editing.prepare(moved).edit_id
    command = world.new_contest(name="Other Jam", slug="other-jam", channel_id=LOUNGE)
    other = row_of(world, "other", command)

    def begin(work: Work) -> None:
        work.contests.lock_places()
        work.contests.add(other)

    refused = meanwhile(world.store, begin, lambda: world.editing.apply(OLIVE, edit_id))
    assert isinstance(refused, Refusal)
    assert CHANNEL == world.row(contest).channel_id


def test_a_phase_moves_once(world: World) -> None:
    """Two organizers confirm the same preview: the second one reads that it has moved."""
    contest = world.contest(Phase.DRAFT)

    def move(work: Work) -> None:
        found = work.contests.lock(contest)
        assert found is not None
        found.phase = Phase.OPEN

    refused = meanwhile(world.store, move, lambda: world.contests.advance(OLIVE, contest, Phase.DRAFT))
    assert isinstance(refused, Refusal)
    with world.store.read() as work:
        assert [] == list(work.contests.moves(contest))


def test_who_is_no_organizer_any_more_decides_nothing(world: World) -> None:
    """Their part was taken from them while they pressed the button."""
    contest = world.contest(Phase.DRAFT)
    with world.store.write() as work:
        work.contests.roles.give(contest, BEN, Role.ORGANIZER, added_by=OLIVE, now=world.clock.now())

    def dismiss(work: Work) -> None:
        work.contests.lock(contest)
        work.contests.roles.take(contest, BEN, Role.ORGANIZER)

    refused = meanwhile(world.store, dismiss, lambda: world.contests.advance(BEN, contest, Phase.DRAFT))
    assert isinstance(refused, Refusal)
    assert Phase.DRAFT is world.row(contest).phase


def test_the_last_account_goes_to_one(world: World) -> None:
    """The second one reads that there is a line."""
    contest = world.contest()
    world.pool(1)
    offers: list[object] = []

    def take(work: Work) -> None:
        work.contests.lock(contest)
        work.accounts.take_free(contest, ADA, view_id="V1", now=world.clock.now())

    claim = ClaimAccount(BEN, contest, "V2", accepted_terms=True)
    assert meanwhile(world.store, take, lambda: offers.append(world.accounts.claim(claim))) is None
    (offer,) = offers
    assert isinstance(offer, AccountOffer)
    assert offer.line is not None


def test_three_passwords_an_hour_of_all_contests_together(world: World) -> None:
    """Whoever opens windows in two contests at the same moment sees no fourth."""
    contest = world.contest()
    world.pool(1)
    other = world.contest(name="Other Jam", slug="other-jam", channel_id=LOUNGE)

    def look(work: Work) -> None:
        work.contests.lock(other)
        work.accounts.looks.lock(ADA)
        for number in range(3):
            work.accounts.looks.note(other, ADA, f"V{number}", now=world.clock.now())

    claim = ClaimAccount(ADA, contest, "V9", accepted_terms=True)
    refused = meanwhile(world.store, look, lambda: world.accounts.claim(claim))
    assert isinstance(refused, Refusal)


@pytest.mark.parametrize("begun", [False, True])
def test_what_was_written_later_stays_in_the_form(world: World, *, begun: bool) -> None:
    """The older draft, which is taken down second, does not write over it; nor does the very first one fail."""
    contest = world.contest()
    piece = world.accepted()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    older, newer = (RatingValues(dict.fromkeys(DEFAULT.keys, 5), words) for words in ("older", "newer"))
    place, now = (piece, JUDY, "preliminary"), world.clock.now()
    if begun:
        world.ratings.keep_draft(KeepDraft(JUDY, piece, older, now - timedelta(seconds=9)))
    late = KeepDraft(JUDY, piece, older, now - timedelta(seconds=1))

    def keep(work: Work) -> None:
        work.ratings.drafts.keep({place: (newer.dump(), now)})

    assert meanwhile(world.store, keep, lambda: world.ratings.keep_draft(late)) is None
    with world.store.read() as work:
        draft = work.ratings.drafts.of(place)
    assert draft is not None
    assert (newer.dump(), now) == (draft.values, draft.updated_at)


def test_a_person_whom_two_replicas_meet_at_once_is_known_once(world: World) -> None:
    """Neither of them fails."""
    contest = world.contest()
    world.pool(1)
    profile = world.directory.profile(ADA)

    def meet(work: Work) -> None:
        work.people.remember(
            ADA, name="Ada of before", time_zone="UTC", is_admin=False, is_ours=True, now=world.clock.now()
        )

    claim = ClaimAccount(ADA, contest, "V1", accepted_terms=True)
    assert meanwhile(world.store, meet, lambda: world.accounts.claim(claim)) is None
    with world.store.read() as work:
        assert profile.name == work.people.names()[ADA]


def test_two_replicas_note_that_they_are_there(world: World) -> None:
    """For the first time, and neither of them fails."""

    def note(work: Work) -> None:
        work.presence.note(world.clock.now())

    def second() -> None:
        with world.store.write() as work:
            work.presence.note(world.later(seconds=1))

    assert meanwhile(world.store, note, second) is None
    with world.store.read() as work:
        assert world.later(seconds=1) == work.presence.until()


def test_nothing_of_somebody_comes_in_while_they_are_erased(world: World) -> None:
    """What they did at the last moment goes with the rest."""
    contest = world.contest()
    piece = world.accepted(BEN)
    world.accepted(ADA, "F2", "Second.mid")

    def flag(work: Work) -> None:
        work.contests.lock(contest)
        mark = {"kind": MarkKind.FLAGGED, "reason": "loud", "at": world.clock.now()}
        work.ratings.marks.add(JudgingMark(id="m", contest_id=contest, submission_id=piece, judge=ADA, **mark))

    assert meanwhile(world.store, flag, lambda: world.erasure.erase(OLIVE, ADA, "Ada")) is None
    with world.store.read() as work:
        mark = work.ratings.marks.get("m")
    assert mark is None or ADA != mark.judge


def test_what_is_written_down_says_when_its_turn_came(world: World) -> None:
    """And not when somebody began to wait: the trail is read in the order of its times."""
    contest = world.contest(Phase.DRAFT)
    began = world.clock.now()

    def wait() -> None:
        world.clock.advance(seconds=5)

    assert (
        meanwhile(
            world.store,
            lambda work: work.contests.lock(contest),
            lambda: world.contests.advance(OLIVE, contest, Phase.DRAFT),
            wait,
        )
        is None
    )
    assert began + timedelta(seconds=5) == world.row(contest).opened_at


def test_two_ratings_of_two_contests_never_wait_for_each_other(world: World) -> None:
    """Whoever locks several contests does so in one order; the second one comes in when the first one has gone."""
    pieces = []
    for channel, slug, file in ((CHANNEL, "bach-jam", "F1"), (LOUNGE, "other-jam", "F2")):
        contest = world.contest(name=slug, slug=slug, channel_id=channel)
        world.inspector.score(f"bytes of {file}".encode(), 70)
        piece = world.upload(ADA, file, f"{file}.mid", channel_id=channel)
        assert piece is not None
        world.verdicts.check(piece.id)
        world.contests.add_judges(OLIVE, channel, [JUDY])
        world.contests.advance(OLIVE, contest, Phase.OPEN)
        pieces.append(piece)
    scores = RatingValues(dict.fromkeys(DEFAULT.keys, 3))
    commands = [RateSubmission(JUDY, each.id, scores) for each in reversed(pieces)]

    def lock_first(work: Work) -> None:
        work.contests.lock(min(each.contest_id for each in pieces))

    def then() -> None:
        with world.store.write() as work:  # it waits for the first, so the second is free
            work.contests.lock(max(each.contest_id for each in pieces))

    assert meanwhile(world.store, lock_first, lambda: world.ratings.rate_all(commands), then) is None
    with world.store.read() as work:
        assert [1, 1] == [len(work.ratings.of_contest(each.contest_id)) for each in pieces]


def taken_up(world: World, *keys: str) -> list[OutboxRow]:
    """These letters to Ada are in the hands of a pump."""
    with world.store.write() as work:
        found = [work.outbox.by_key(key) for key in keys]
        return work.outbox.claim([row.id for row in found if row], world.clock.now(), timedelta(minutes=1))


def test_a_letter_that_fails_while_its_reader_is_erased(world: World) -> None:
    """Who gives it up takes its contest first, as an erasure does: neither waits for the other, and nobody is told of what is gone."""
    contest = world.contest()
    with world.store.write() as work:
        work.outbox.add("told", ADA, {"kind": "rules"}, now=world.clock.now(), contest_id=contest)
    (row,) = taken_up(world, "told")
    pump = OutboxPump(world.store, RecordingPostman(), world.clock)
    erasing: list[Work] = []

    def begin(work: Work) -> None:
        work.contests.lock_all()
        erasing.append(work)

    def erase() -> None:
        erasing[0].erasure.erase(ADA, "erased-1", contests=None, now=world.clock.now())

    failure = meanwhile(world.store, begin, lambda: pump._fail(row, Undeliverable("gone")), erase)
    assert failure is None
    assert [] == world.letters("trouble")
    (row,) = world.letters("erased")
    assert LetterState.DROPPED == row.state


def test_letters_that_arrive_while_their_reader_is_erased(world: World) -> None:
    """A pump has one of two letters in a transaction of its own, and then needs the other: the erasure waits before it has touched either."""
    world.contest()
    with world.store.write() as work:
        for key in ("first", "second"):
            work.outbox.add(key, ADA, {"kind": "rules"}, now=world.clock.now())
    first, second = taken_up(world, "first", "second")
    settling: list[Work] = []

    def settle(work: Work) -> None:
        work.outbox.sent(second.id, "D1", "2.0", world.clock.now())
        settling.append(work)

    failure = meanwhile(
        world.store,
        settle,
        lambda: world.erasure.erase(OLIVE, ADA, ADA),
        lambda: settling[0].outbox.sent(first.id, "D1", "1.0", world.clock.now()),
    )
    assert failure is None
    assert {"erased"} == {row.kind for row in world.letters("erased")}
    with world.store.read() as work:
        assert {"erased"} == {row.kind for row in work.outbox.of_kinds() if row.id in {first.id, second.id}}


def test_whom_letters_went_to_lately_and_who_looks_is_erased(world: World) -> None:
    """What bots on one PostgreSQL tell each other of a person for an hour goes with them, two direct messages of theirs as well."""
    world.contest()
    now = world.clock.now()
    with world.store.write() as work:
        for number, key in enumerate(("first", "second")):
            work.outbox.add(key, ADA, {"kind": "rules"}, now=now)
            row = work.outbox.by_key(key)
            assert row is not None
            work.outbox.sent(row.id, f"D{number}ADA", f"{number}.0", now)
        work.pace.shut(dict.fromkeys((ADA, "D0ADA", "D1ADA", BEN, "lane:files"), timedelta(minutes=5)))
        work.looks.note(ADA, "", now=now)
        work.looks.note(BEN, "", now=now)
    world.erasure.erase(OLIVE, ADA, ADA)
    with world.store.read() as work:
        assert {BEN, "lane:files"} == set(work.pace.waits())
        assert (None, "") == (work.looks.chosen(ADA, since=now), work.looks.chosen(BEN, since=now))


def test_further_listens_that_two_bots_place_are_as_many_as_are_wanted(world: World) -> None:
    """Both looked at the same time, and both would place two."""
    contest = world.contest(rounds=2, submission_limit=4)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    with world.store.write() as work:
        row_ = work.contests.lock(contest)
        assert row_ is not None
        row_.texts, row_.finalists = {**row_.texts, "listens": "1", "further": "2"}, 2
    for number in range(4):
        world.accepted((ADA, BEN)[number % 2], f"F{number}", f"Tune {number}.mid")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    with world.store.read() as work:
        pairs = work.panels.pairs(contest)
    for judge, piece in pairs:
        world.rate(judge, piece)
    others = sorted((judge, piece) for _, piece in pairs for judge in (JUDY, JACK) if (judge, piece) not in pairs)

    def first(work: Work) -> None:
        work.contests.lock(contest)
        work.panels.change(contest, (), dict.fromkeys(others[:2], True), world.clock.now())

    assert meanwhile(world.store, first, world.further.place_due) is None
    with world.store.read() as work:
        assert (6, 2) == work.panels.numbers(contest)


@pytest.mark.parametrize("turn", [0, 1])
def test_further_listens_that_two_bots_place_stay_within_a_judges_minutes(world: World, turn: int) -> None:
    """Each judge has time for one more; both bots looked at the same time, and the other one placed one of the two that there are."""
    contest = world.contest(rounds=2, submission_limit=4)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    with world.store.write() as work:
        row_ = work.contests.lock(contest)
        assert row_ is not None
        row_.texts, row_.finalists = {**row_.texts, "listens": "1", "further": "4", "minutes": "4"}, 2
    for number in range(4):
        world.accepted((ADA, BEN)[number % 2], f"F{number}", f"Tune {number}.mid")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    with world.store.read() as work:
        pairs = work.panels.pairs(contest)
    for judge, piece in pairs:
        world.rate(judge, piece)
    pieces = sorted(piece for _, piece in pairs)
    others = [[piece for piece in pieces if (judge, piece) not in pairs][turn] for judge in (JUDY, JACK)]

    def first(work: Work) -> None:
        work.contests.lock(contest)
        work.panels.change(contest, (), dict.fromkeys(zip((JUDY, JACK), others, strict=True), True), world.clock.now())

    assert meanwhile(world.store, first, world.further.place_due) is None
    with world.store.read() as work:
        assert (6, 2) == work.panels.numbers(contest)
