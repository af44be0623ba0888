"""A judge's letters follow their pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.usecases.judging.behalf import EnterRating
from bot.usecases.judging.following import SETTLED
from bot.usecases.judging.ratings import RatingValues
from bot.usecases.stored import load
from bot.usecases.submissions.corrections import Correct
from bot.usecases.submissions.handins import WindowFile
from handlers.letters import draw
from models.judging import MarkKind
from tests.makers.judged import ALL_THREE, invited, judged, save
from tests.makers.world import CHANNEL, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def shown(world: World, piece: str, judge: str = JUDY) -> list[dict[str, Any]]:
    """What the letters that sent that piece to the judge say now, oldest first."""
    with world.store.read() as work:
        sent = [row for row in work.outbox.about(piece, "rating_invitation") if row.recipient == judge]
        return [dict((work.outbox.latest_edit(row.key) or row).message) for row in sent]


def test_a_skip_is_shown_and_undone(world: World) -> None:
    """The button that rates stands in the newest letter alone; after an undo it is the invitation again."""
    judged(world)
    piece = invited(world)[0]
    before = shown(world, piece)
    world.clock.advance(minutes=1)
    world.marks.skip(JUDY, piece)
    (letter, *_) = shown(world, piece)
    assert ("piece_stands", "skipped", True) == (letter["kind"], letter["standing"], letter["undo"])
    world.clock.advance(minutes=1)
    world.marks.undo(JUDY, piece, MarkKind.SKIPPED)
    world.marks.undo(JUDY, piece, MarkKind.SKIPPED)
    assert before == shown(world, piece)[:1]


def test_what_came_back_after_a_skip_leaves_one_live_letter(world: World) -> None:
    """The older one says that it has come back below."""
    judged(world, 1)
    piece = invited(world)[0]
    world.clock.advance(minutes=1)
    world.marks.skip(JUDY, piece)
    older, newer = shown(world, piece)
    assert ("skipped", False) == (older["standing"], older["undo"])
    assert "rating_invitation" == newer["kind"]


def test_a_flag_is_shown_undone_and_settled(world: World) -> None:
    """The organizers' letter says that it was taken back; what they have settled the judge cannot take back."""
    judged(world)
    piece, other = invited(world)[:2]
    world.marks.flag(JUDY, piece, "copy", "I know this one")
    assert ("flagged", True) == (shown(world, piece)[0]["standing"], shown(world, piece)[0]["undo"])
    world.clock.advance(minutes=1)
    world.marks.undo(JUDY, piece, MarkKind.FLAGGED)
    assert "rating_invitation" == shown(world, piece)[0]["kind"]
    assert [False, True] == [letter.message["taken_back"] for letter in world.letters("flag_alarm", OLIVE)]
    world.clock.advance(minutes=1)
    world.marks.flag(JUDY, other, "copy", "I know this one, too")
    world.clock.advance(minutes=1)
    mark = world.letters("flag_alarm", OLIVE)[-1].message["mark_id"]
    world.marks.settle(OLIVE, mark, "You need not", comes_back=False)
    assert ("recused", False) == (shown(world, other)[0]["standing"], shown(world, other)[0]["undo"])
    with pytest.raises(Refusal, match="has decided"):
        world.marks.undo(JUDY, other, MarkKind.RECUSED)
    with world.store.read() as work:
        recusal = work.ratings.marks.on(other, JUDY, MarkKind.RECUSED)
        assert recusal is not None
        assert SETTLED == recusal.reason


def test_a_recusal_is_shown_and_undone(world: World) -> None:
    """A rating that was given counts again, and its letter says that it stands."""
    judged(world)
    piece = invited(world)[0]
    save(world, piece)
    world.marks.recuse(JUDY, piece, "I helped")
    assert ("recused", True) == (shown(world, piece)[0]["standing"], shown(world, piece)[0]["undo"])
    world.clock.advance(minutes=1)
    world.marks.undo(JUDY, piece, MarkKind.RECUSED)
    assert "rating_stands" == shown(world, piece)[0]["kind"]
    assert [False, True] == [letter.message["taken_back"] for letter in world.letters("recusal_news", OLIVE)]


def test_a_withdrawn_piece_has_no_button_and_who_rated_it_is_told(world: World) -> None:
    """The judges by its alias, the organizers by its name; nobody where nobody had rated it."""
    judged(world)
    rated, unrated = invited(world)[:2]
    save(world, rated)
    for piece in (rated, unrated):
        world.compositions.withdraw(world.piece(piece).user_id, piece)
        assert "withdrawn" == shown(world, piece)[0]["standing"]
    told = {letter.recipient: letter.message["called"] for letter in world.letters("piece_withdrawn")}
    assert {JUDY: world.piece(rated).alias, OLIVE: world.piece(rated).name} == told


def test_a_replaced_piece_says_under_which_name_it_comes(world: World) -> None:
    """The new version has an alias of its own, and an empty form."""
    judged(world)
    old = invited(world)[0]
    save(world, old)
    world.clock.advance(minutes=1)
    world.files.uploaded["F99"] = b"the right bytes"
    file = WindowFile("F99", "Right.mid", "", "", 300, world.clock.now())
    world.corrections.correct(Correct(OLIVE, old, file, "Wrong file attached"))
    with world.store.read() as work:
        new = work.submissions.versions(world.piece(old).root_id)[-1]
    world.verdicts.check(new.id)
    (letter, *_) = shown(world, old)
    assert ("replaced", world.piece(new.id).alias) == (letter["standing"], letter["now_called"])


def left(world: World, contest: str) -> None:
    """Judy leaves by herself, and her ratings count on."""
    world.marks.leave(JUDY, contest, "No time any more", counted=True)


def let_go(world: World, contest: str) -> None:
    """An organizer lets her go, and what she gave."""
    world.voiding.void(OLIVE, contest, JUDY, "knew the composer")


def appointed(world: World, contest: str) -> None:
    """She is named again."""
    assert contest
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])


def restored(world: World, contest: str) -> None:
    """It is taken back."""
    world.voiding.restore_in(OLIVE, contest, JUDY)


@pytest.mark.parametrize(("go", "come_back"), [(left, appointed), (let_go, restored)])
def test_who_judges_no_more_has_no_buttons_until_they_are_back(
    world: World, go: Callable[[World, str], None], come_back: Callable[[World, str], None]
) -> None:
    """Neither for what they rated nor for what they did not; back again, everything is as it was."""
    contest = judged(world)
    save(world, invited(world)[0])
    rated, unrated, skipped = invited(world)
    world.clock.advance(minutes=1)
    world.marks.skip(JUDY, skipped)
    pieces = (rated, unrated, skipped)
    before = [shown(world, piece)[0] for piece in pieces]
    assert ["rating_stands", "rating_invitation", "piece_stands"] == [letter["kind"] for letter in before]
    world.clock.advance(minutes=1)
    go(world, contest)
    assert {("judges_no_more", world.piece(piece).alias) for piece in pieces} == {
        (shown(world, piece)[0]["kind"], shown(world, piece)[0]["alias"]) for piece in pieces
    }
    world.clock.advance(minutes=1)
    come_back(world, contest)
    assert before == [shown(world, piece)[0] for piece in pieces]


def test_who_was_let_go_with_nothing_rated_has_no_buttons_either(world: World) -> None:
    """Not even of the practice piece."""
    contest = judged(world, practice=True)
    world.practice.offer(contest, JUDY)
    world.staff.remove_judges(OLIVE, CHANNEL, [JUDY])
    assert {"judges_no_more"} == {latest(world, f"{kind}:{contest}:{JUDY}")["kind"] for kind in PRACTICE}
    world.clock.advance(minutes=1)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    assert list(PRACTICE.values()) == [latest(world, f"{kind}:{contest}:{JUDY}")["kind"] for kind in PRACTICE]


PRACTICE = {"practice": "practice_invitation", "practice_waits": "practice_waits"}


def latest(world: World, key: str) -> dict[str, Any]:
    """What the letter of that key says now."""
    with world.store.read() as work:
        row = work.outbox.latest_edit(key) or work.outbox.by_key(key)
        assert row is not None
        return dict(row.message)


def test_after_the_practice_no_letter_offers_it(world: World) -> None:
    """Not the piece, and not the word that the judging has begun."""
    contest = judged(world, practice=True)
    world.practice.offer(contest, JUDY)
    world.practice.finish(JUDY, contest, tried=True)
    assert [True, True] == [latest(world, f"{kind}:{contest}:{JUDY}")["done"] for kind in PRACTICE]


def test_no_invitation_says_how_many_there_are(world: World) -> None:
    """Pieces are withdrawn and handed in later, and what was sent before would say something else than what comes after."""
    judged(world)
    before = invited(world)
    world.compositions.withdraw(world.piece(before[0]).user_id, before[0])
    texts = [draw(load(letter.message)).text for letter in world.letters("rating_invitation", JUDY)]
    assert len(before) < len(texts)
    assert not [text for text in texts if any(sign.isdigit() for sign in text)]


def test_a_reminder_and_an_entry_follow_their_piece(world: World) -> None:
    """The button goes with the piece, from the reminder and from the word that somebody entered a rating."""
    judged(world)
    world.clock.advance(days=1, hours=1)
    assert 1 == world.digests.send_due()
    (reminder,) = world.letters("judging_digest", JUDY)
    piece = reminder.message["submission_id"]
    entry = EnterRating(OLIVE, JUDY, piece, RatingValues(ALL_THREE), "Told me by telephone")
    world.behalf.enter(entry)
    (entered,) = world.letters("rating_entered", JUDY)
    assert (piece, True) == (latest(world, reminder.key)["submission_id"], latest(world, entered.key)["changeable"])
    world.compositions.withdraw(world.piece(piece).user_id, piece)
    assert (None, False) == (latest(world, reminder.key)["submission_id"], latest(world, entered.key)["changeable"])


def test_a_round_that_is_over_leaves_no_live_button_until_it_is_undone(world: World) -> None:
    """The final begins, ends, and both are taken back; what was rated keeps words that stay true, and is not rewritten."""
    contest = judged(world)
    save(world, invited(world)[0])
    rated, unrated, skipped = invited(world)
    world.clock.advance(minutes=1)
    world.marks.skip(JUDY, skipped)
    pieces = (rated, unrated, skipped)
    before = [shown(world, piece)[0] for piece in pieces]
    over = ["rating_stands", "over", "over"]
    world.clock.advance(minutes=1)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert over == standings(world, *pieces)
    assert before[0] == shown(world, rated)[0]
    assert "until its round closes" in draw(load(before[0])).text
    assert "Rate" not in str(draw(load(shown(world, unrated)[0])).blocks)
    assert "rating_invitation" == shown(world, rated)[-1]["kind"]
    world.clock.advance(minutes=1)
    world.undoing.undo(OLIVE, contest, Phase.FINAL)
    assert before == [shown(world, piece)[0] for piece in pieces]
    world.clock.advance(minutes=1)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.clock.advance(minutes=1)
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    assert over == standings(world, *pieces)
    assert "over" == shown(world, rated)[-1]["standing"]
    world.clock.advance(minutes=1)
    world.undoing.undo(OLIVE, contest, Phase.FINISHED)
    assert over == standings(world, *pieces)
    assert "rating_invitation" == shown(world, rated)[-1]["kind"]


def standings(world: World, *pieces: str) -> list[str]:
    """What the first letter of each piece has come to."""
    letters = [shown(world, piece)[0] for piece in pieces]
    return [letter.get("standing", letter["kind"]) for letter in letters]


def test_marks_keep_their_undo_while_they_can_be_taken_back(world: World) -> None:
    """Not in the final for what is not in it, and after the end for nothing. Reminders and entries lose their buttons with the round."""
    contest = judged(world)
    world.clock.advance(days=1, hours=1)
    world.digests.send_due()
    piece, flagged = invited(world)[:2]
    world.behalf.enter(EnterRating(OLIVE, JUDY, piece, RatingValues(ALL_THREE), "Told me by telephone"))
    world.marks.flag(JUDY, flagged, "copy", "I know this one")
    world.marks.recuse(JUDY, piece, "I helped")
    world.marks.undo(JUDY, piece, MarkKind.RECUSED)
    other = invited(world)[2]
    world.marks.recuse(JUDY, other, "I helped")
    assert [True, True] == [shown(world, each)[0]["undo"] for each in (flagged, other)]
    world.clock.advance(minutes=1)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert [("over", False), ("recused", False)] == [
        (shown(world, each)[0]["standing"], shown(world, each)[0]["undo"]) for each in (flagged, other)
    ]
    reminder, entered = (world.letters(kind, JUDY)[0].key for kind in ("judging_digest", "rating_entered"))
    assert (None, False) == (latest(world, reminder)["submission_id"], latest(world, entered)["changeable"])
    world.marks.flag(JUDY, piece, "copy", "I know this one, too")
    assert ("flagged", True) == (shown(world, piece)[-1]["standing"], shown(world, piece)[-1]["undo"])
    world.clock.advance(minutes=1)
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    assert ("over", False) == (shown(world, piece)[-1]["standing"], shown(world, piece)[-1]["undo"])


def test_invitations_of_the_final_go_before_the_letters_of_the_first_round(world: World) -> None:
    """Edits would go before files: they wait a while."""
    contest = judged(world)
    save(world, invited(world)[0])
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    with world.store.read() as work:
        rows = [
            row for row in work.outbox.of_kinds("rating_invitation", "piece_stands") if row.created_at == row.set_at
        ]
    ends = [row.send_at for row in rows if row.message.get("standing") == "over"]
    invitations = [row.send_at for row in rows if row.message.get("final")]
    assert ends
    assert max(invitations) < min(ends)
