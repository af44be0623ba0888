"""Letters that rewrite earlier ones: their order, and which of them nobody needs any more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from models.outbox import Lane, LetterState, OutboxRow

if TYPE_CHECKING:
    from datetime import datetime

    from models.store import Store

LEASE = timedelta(seconds=60)


def add(store: Store, key: str, now: datetime, to: str = "U1") -> None:
    with store.write() as work:
        work.outbox.add(key, to, {"kind": "receipt"}, thread_ts="1.000100", now=now)


def edit(store: Store, key: str, edits: str, now: datetime) -> bool:
    with store.write() as work:
        return work.outbox.add_edit(key, edits, {"kind": "receipt"}, now=now)


def claim(store: Store, now: datetime, closed: tuple[Lane, ...] = ()) -> OutboxRow | None:
    with store.write() as work:
        return next(iter(work.outbox.claim(work.outbox.due(now, (), closed), now, LEASE)), None)


def key_of(row: OutboxRow | None) -> str | None:
    return None if row is None else row.key


def settle(store: Store, row: OutboxRow | None, now: datetime) -> None:
    assert row is not None
    with store.write() as work:
        work.outbox.sent(row.id, "D1", "2.000100", now)


def state(store: Store, key: str) -> LetterState:
    with store.read() as work:
        row = work.outbox.by_key(key)
    assert row is not None
    return row.state


def test_an_edit_goes_where_its_letter_went(store: Store, now: datetime) -> None:
    """Recipient and thread are the earlier letter's, and the lane is one of its own."""
    add(store, "list", now, to="U7")
    edit(store, "list:1", "list", now)
    with store.read() as work:
        row = work.outbox.by_key("list:1")
    assert row is not None
    assert ("U7", "1.000100", "list", Lane.EDITS) == (row.recipient, row.thread_ts, row.edits, row.lane)


def test_nothing_to_edit_is_nothing_written(store: Store, now: datetime) -> None:
    """No earlier letter: no edit. The same edit again: not written twice."""
    assert not edit(store, "list:1", "list", now)
    add(store, "list", now)
    assert (True, False) == (edit(store, "list:1", "list", now), edit(store, "list:1", "list", now))


def test_never_before_what_it_rewrites(store: Store, now: datetime) -> None:
    """While the letter is with a pump its edit waits, and goes once that has arrived."""
    add(store, "list", now)
    edit(store, "list:1", "list", now)
    first = claim(store, now)
    meanwhile = claim(store, now)
    settle(store, first, now)
    assert ("list", None, "list:1") == (key_of(first), key_of(meanwhile), key_of(claim(store, now)))


def test_a_newer_edit_takes_the_place_of_older_ones(store: Store, now: datetime) -> None:
    """Slack allows fifty edits a minute: those that would be overwritten at once are not sent; those on their way are, first."""
    add(store, "list", now)
    settle(store, claim(store, now), now)
    edit(store, "list:1", "list", now)
    on_its_way = claim(store, now)
    edit(store, "list:2", "list", now)
    edit(store, "list:3", "list", now)
    waits = claim(store, now)
    settle(store, on_its_way, now)
    assert ("list:1", None, "list:3") == (key_of(on_its_way), key_of(waits), key_of(claim(store, now)))
    assert LetterState.DROPPED is state(store, "list:2")


def test_an_edit_that_waits_holds_up_nobody(store: Store, now: datetime) -> None:
    """Where Slack takes no edits for a while, the same person's next letter goes, and it is not counted as a message in the queue."""
    add(store, "list", now)
    settle(store, claim(store, now), now)
    edit(store, "list:1", "list", now)
    add(store, "verdict", now)
    with store.read() as work:
        queue = work.outbox.messages_waiting("U1")
    assert 1 == queue
    assert "verdict" == key_of(claim(store, now, closed=(Lane.EDITS,)))
    assert None is claim(store, now, closed=(Lane.EDITS,))
    assert "list:1" == key_of(claim(store, now))


def test_messages_go_before_edits(store: Store, now: datetime) -> None:
    """What is new is of more use than what is changed."""
    add(store, "list", now)
    settle(store, claim(store, now), now)
    edit(store, "list:1", "list", now)
    add(store, "verdict", now)
    assert ["verdict", "list:1"] == [key_of(claim(store, now)) for _ in range(2)]


def test_dropped_is_settled(store: Store, now: datetime) -> None:
    """A dropped edit is neither waiting nor failed, and the next one may go."""
    add(store, "list", now)
    settle(store, claim(store, now), now)
    edit(store, "list:1", "list", now)
    row = claim(store, now)
    assert row is not None
    edit(store, "list:2", "list", now)
    with store.write() as work:
        dropped = work.outbox.drop(row.id, "message_not_found", row.attempts)
        again = work.outbox.drop(row.id, "message_not_found", row.attempts)
        counts = (work.outbox.waiting(), work.outbox.failed())
    assert (True, False, (1, 0)) == (dropped, again, counts)
    assert "list:2" == key_of(claim(store, now))


def test_the_newest_edit_and_who_has_the_letter(store: Store, now: datetime) -> None:
    """Of several edits the last one, whatever became of it; recipients by kind and contest, edits and others left out."""
    letters = (
        ("list:c1:u1", "U1", "list", "c1"),
        ("list:c1:u2", "U2", "list", "c1"),
        ("list:c2:u3", "U3", "list", "c2"),
    )
    with store.write() as work:
        for key, person, kind, contest in (*letters, ("other", "U4", "other", "c1")):
            work.outbox.add(key, person, {"kind": kind}, now=now, contest_id=contest)
    edit(store, "list:c1:u1:1", "list:c1:u1", now)
    edit(store, "list:c1:u1:2", "list:c1:u1", now)
    with store.read() as work:
        newest, none = work.outbox.latest_edit("list:c1:u1"), work.outbox.latest_edit("list:c1:u2")
        assert ("list:c1:u1:2", None) == (key_of(newest), none)
        assert ["U1", "U2"] == work.outbox.recipients_of("list", "c1")
