"""The outbox: unique keys, order for each recipient, leases, and files that are remembered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.outbox import Lane, LetterState, OutboxRow
from models.store import Store
from tests.makers.databases import with_tables

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
PICTURE = {
    "object_key": "submissions/1/picture.png",
    "filename": "a.png",
    "title": "A",
    "alt_text": "",
    "file_id": None,
}
SOUND = {**PICTURE, "object_key": "submissions/1/sound.mp3", "filename": "a.mp3"}


def add(store: Store, key: str, to: str, now: datetime) -> bool:
    with store.write() as work:
        return work.outbox.add(key, to, {"kind": "receipt"}, now=now)


def claim(store: Store, now: datetime, busy: tuple[str, ...] = ()) -> OutboxRow | None:
    with store.write() as work:
        return next(iter(work.outbox.claim(work.outbox.due(now, busy), now, LEASE)), None)


def claim_key(store: Store, now: datetime, busy: tuple[str, ...] = ()) -> str | None:
    row = claim(store, now, busy)
    return None if row is None else row.key


def sent(store: Store, row: OutboxRow | None, now: datetime) -> None:
    assert row is not None
    with store.write() as work:
        work.outbox.sent(row.id, "C1", "1.000100", now)


def test_key_is_taken_once(store: Store, now: datetime) -> None:
    """A second letter of the same key is not written, even after the first one was sent."""
    first, second = add(store, "card:1", "C1", now), add(store, "card:1", "C1", now)
    sent(store, claim(store, now), now)

    assert (True, False, False) == (first, second, add(store, "card:1", "C1", now))


def test_letter_comes_back_whole(store: Store, now: datetime) -> None:
    """What was written is what is claimed."""
    with store.write() as work:
        work.outbox.add("card:1", "C1", {"kind": "card", "bars": 8}, [PICTURE, SOUND], "1.000100", now=now)

    row = claim(store, now)

    assert row is not None
    assert ({"kind": "card", "bars": 8}, [PICTURE, SOUND], "1.000100", "C1", 1) == (
        row.message,
        row.uploads,
        row.thread_ts,
        row.recipient,
        row.attempts,
    )


def test_one_in_flight_for_each_recipient(store: Store, now: datetime) -> None:
    """While a letter to a channel is on its way, its next one waits, and other channels' letters do not."""
    for key, to in (("1", "C1"), ("2", "C1"), ("3", "C2")):
        add(store, key, to, now)

    assert ["1", "3", None] == [claim_key(store, now) for _ in range(3)]


def test_next_after_sent(store: Store, now: datetime) -> None:
    """Once a letter was sent, the recipient's next one goes."""
    add(store, "1", "C1", now)
    add(store, "2", "C1", now)
    sent(store, claim(store, now), now)

    assert "2" == claim_key(store, now)


def test_busy_recipients_are_left_out(store: Store, now: datetime) -> None:
    """A recipient that is resting gets nothing, others do."""
    add(store, "1", "C1", now)
    add(store, "2", "C2", now)

    assert ["2", None] == [claim_key(store, now, busy=("C1",)) for _ in range(2)]


def add_in_thread(store: Store, key: str, thread_ts: str, now: datetime, *uploads: dict[str, str | None]) -> None:
    with store.write() as work:
        work.outbox.add(key, "C1", {"kind": "receipt"}, uploads, thread_ts, now=now)


def test_threads_do_not_wait_for_each_other(store: Store, now: datetime) -> None:
    """While a letter to one thread is on its way, the next one to it waits, and one to another thread does not."""
    for key, thread in (("1", "1.0"), ("2", "1.0"), ("3", "2.0")):
        add_in_thread(store, key, thread, now)

    assert ["1", "3", None] == [claim_key(store, now) for _ in range(3)]


def test_messages_before_files(store: Store, now: datetime) -> None:
    """A receipt does not wait behind cards."""
    add_in_thread(store, "card", "1.0", now, PICTURE)
    add_in_thread(store, "receipt", "2.0", now)

    assert ["receipt", "card"] == [claim_key(store, now) for _ in range(2)]


def test_files_go_to_busy_recipients(store: Store, now: datetime) -> None:
    """Slack's one message a second is about messages."""
    add_in_thread(store, "card", "1.0", now, PICTURE)
    add_in_thread(store, "receipt", "2.0", now)

    assert ["card", None] == [claim_key(store, now, busy=("C1",)) for _ in range(2)]


@pytest.mark.parametrize(("closed", "left"), [(Lane.FILES, "receipt"), (Lane.MESSAGES, "card")])
def test_nothing_goes_in_a_closed_lane(store: Store, now: datetime, closed: Lane, left: str) -> None:
    """Where Slack takes no files for a while, messages go on, and the other way round; nobody looks for the others in vain."""
    add_in_thread(store, "card", "1.0", now, PICTURE)
    add_in_thread(store, "receipt", "2.0", now)
    with store.write() as work:
        first, second = (work.outbox.claim(work.outbox.due(now, closed=[closed]), now, LEASE) for _ in range(2))
        due = work.outbox.due_in(now, closed=[closed])

    assert ([left], [], LEASE) == ([row.key for row in first], second, due)


def test_uncounted_attempt(store: Store, now: datetime) -> None:
    """What Slack did not look at is no attempt."""
    add(store, "1", "C1", now)
    row = claim(store, now)
    assert row is not None
    with store.write() as work:
        work.outbox.postpone(row.id, now, "RateLimited", row.attempts, counted=False, now=now)

    again = claim(store, now)
    assert again is not None
    assert 1 == again.attempts


def test_messages_waiting(store: Store, now: datetime) -> None:
    """The queue of a channel: its messages that are not sent, files apart."""
    add_in_thread(store, "card", "1.0", now, PICTURE)
    for key, to in (("1", "C1"), ("2", "C1"), ("3", "C2")):
        add(store, key, to, now)
    sent(store, claim(store, now), now)

    with store.read() as work:
        assert (1, 1, 0) == tuple(work.outbox.messages_waiting(to) for to in ("C1", "C2", "C3"))


def test_known(store: Store, now: datetime) -> None:
    """Of many keys those that have a letter."""
    add(store, "7", "C1", now)

    with store.read() as work:
        assert {"7"} == work.outbox.known([str(number) for number in range(6000)])


def test_failed_letters(store: Store, now: datetime) -> None:
    """Those that will never arrive are counted, and told apart from the others."""
    for key in ("1", "2"):
        add(store, key, f"C{key}", now)
    with store.write() as work:
        (row,) = work.outbox.claim(work.outbox.due(now), now, LEASE)
        work.outbox.fail(row.id, "is_archived")

    with store.read() as work:
        assert 1 == work.outbox.failed()
        theirs = work.outbox.states_of("receipt", ["C1", "C2"])
        assert {"1": LetterState.FAILED, "2": LetterState.PENDING} == theirs


def test_many_letters_at_once(store: Store, now: datetime) -> None:
    """They are written in their order, but for those whose key is known."""
    add(store, "2", "C2", now)
    rows: list[dict[str, Any]] = [
        {"key": key, "recipient": "C1", "message": {"kind": "card"}, "uploads": [], "thread_ts": None} for key in "123"
    ]
    with store.write() as work:
        work.outbox.add_all(rows, now=now)
        work.outbox.add_all([], now=now)

    with store.read() as work:
        assert ["2", "1", "3"] == [row.key for row in work.outbox.of_kinds()]


def test_postponed_letter_holds_its_place(store: Store, now: datetime) -> None:
    """A letter that was put off is still sent before the recipient's later ones."""
    add(store, "1", "C1", now)
    add(store, "2", "C1", now)
    row = claim(store, now)
    assert row is not None
    with store.write() as work:
        work.outbox.postpone(row.id, now + SECOND, "Unavailable", row.attempts, now=now)

    assert [None, "1"] == [claim_key(store, now), claim_key(store, now + SECOND)]


def test_failed_letter_makes_way(store: Store, now: datetime) -> None:
    """A letter that will never arrive does not hold up the next one."""
    add(store, "1", "C1", now)
    add(store, "2", "C1", now)
    row = claim(store, now)
    assert row is not None
    with store.write() as work:
        work.outbox.fail(row.id, "Undeliverable", row.attempts)

    assert "2" == claim_key(store, now)


def test_lease_runs_out(store: Store, now: datetime) -> None:
    """A letter whose pump died is taken up again when the lease is over, as a second attempt, and before the later ones."""
    add(store, "1", "C1", now)
    add(store, "2", "C1", now)
    claim(store, now)

    early, late = claim(store, now + LEASE - SECOND), claim(store, now + LEASE)

    assert (None, ("1", 2)) == (early, late and (late.key, late.attempts))


def test_overtaken_pump(store: Store, now: datetime) -> None:
    """A pump whose letter was taken up by another cannot put it off or fail it, but what it sent is sent."""
    add(store, "1", "C1", now)
    row = claim(store, now)
    claim(store, now + LEASE)
    assert row is not None
    with store.write() as work:
        said = (
            work.outbox.postpone(row.id, now, "late", 1, now=now),
            work.outbox.fail(row.id, "late", 1),
            work.outbox.extend(row.id, 1, now, now=now),
        )
    sent(store, row, now)

    with store.read() as work:
        found = work.outbox.by_key("1")
    assert found is not None
    assert ((False, False, False), LetterState.SENT) == (said, found.state)


def test_a_claim_never_comes_back(store: Store, now: datetime) -> None:
    """Attempts that do not count begin anew, claims do not: whoever took the letter up before is told from the one who has it."""
    add(store, "1", "C1", now)
    first = claim(store, now)
    assert first is not None
    with store.write() as work:
        work.outbox.postpone(first.id, now, "RateLimited", first.claims, counted=False, now=now)
    second = claim(store, now)
    assert second is not None

    assert first.attempts == second.attempts
    with store.write() as work:
        kept = [work.outbox.extend(row.id, row.claims, now + LEASE, now=now) for row in (first, second)]
    assert [False, True] == kept


def test_what_we_are_at_is_not_taken_up_again(store: Store, now: datetime) -> None:
    """A letter in our own hands is neither claimed nor due, although its lease ran out while the machine slept."""
    add(store, "1", "C1", now)
    row = claim(store, now)
    assert row is not None
    with store.write() as work:
        again, due = work.outbox.due(now + LEASE, held=[row.id]), work.outbox.due_in(now + LEASE, held=[row.id])

    assert ([], None) == (again, due)


def test_where_it_landed(store: Store, now: datetime) -> None:
    """A sent letter knows its channel, its ts and its time, and no longer waits."""
    add(store, "1", "U0ADA", now)
    sent(store, claim(store, now), now + SECOND)

    with store.read() as work:
        found, waiting = work.outbox.by_key("1"), work.outbox.waiting()
    assert found is not None
    assert ("C1", "1.000100", now + SECOND, 0) == (found.sent_channel, found.sent_ts, found.sent_at, waiting)


def test_a_letter_becomes_one_message(store: Store, now: datetime) -> None:
    """Saying it twice is no harm; another message of the same letter is a twin, and is not noted."""
    add(store, "1", "C1", now)
    row = claim(store, now)
    assert row is not None
    with store.write() as work:
        said = [work.outbox.sent(row.id, "C1", ts, now) for ts in ("1.000100", "1.000100", "2.000100")]
        found = work.outbox.by_key("1")

    assert found is not None
    assert ([True, True, False], "1.000100") == (said, found.sent_ts)


def test_remembered_upload(store: Store, now: datetime) -> None:
    """Slack's id of a file is kept with that file alone, and is there for the next attempt."""
    with store.write() as work:
        work.outbox.add("card:1", "C1", {"kind": "receipt"}, [PICTURE, SOUND], now=now)
    row = claim(store, now)
    assert row is not None
    with store.write() as work:
        work.outbox.remember_upload(row.id, "submissions/1/sound.mp3", "F1")

    again = claim(store, now + LEASE)

    assert again is not None
    assert [PICTURE, {**SOUND, "file_id": "F1"}] == again.uploads


def test_remember_for_nobody(store: Store) -> None:
    """A file of a letter that does not exist is a mistake that shows."""
    with pytest.raises(KeyError), store.write() as work:
        work.outbox.remember_upload(7, "x", "F1")


def test_due_in_looks_at_the_first_in_line(store: Store, now: datetime) -> None:
    """A letter behind one that was put off is not due, so nobody looks for it in vain."""
    add(store, "1", "C1", now)
    add(store, "2", "C1", now)
    row = claim(store, now)
    assert row is not None
    with store.write() as work:
        work.outbox.postpone(row.id, now + 5 * SECOND, "Unavailable", row.attempts, now=now)

    with store.read() as work:
        waits = (work.outbox.due_in(now), work.outbox.due_in(now + 9 * SECOND), work.outbox.due_in(now, ["C1"]))
    assert (5 * SECOND, 0 * SECOND, None) == waits


def test_letters_are_found_by_their_facts(store: Store, now: datetime) -> None:
    """By what they are about and their kind, whatever their key says; an edit is about the same, and is no letter of its own."""
    with store.write() as work:
        for key, kind, piece in (("1", "card", "p1"), ("2", "card", "p2"), ("3", "receipt", "p1"), ("4", "card", "p1")):
            work.outbox.add(key, "U1", {"kind": kind}, now=now, subject_id=piece)
        work.outbox.add_edit("5", "1", {"kind": "card"}, now=now)

    with store.read() as work:
        assert ["1", "4"] == [row.key for row in work.outbox.about("p1", "card")]
        assert ["3"] == [row.key for row in work.outbox.of_kinds("receipt")]
        edit = work.outbox.by_key("5")
        assert edit is not None
        assert ("card", "p1") == (edit.kind, edit.subject_id)


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "claim", "sent", "postpone", "crash"]), st.sampled_from(["C1", "C2", "U1"])),
    max_size=30,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_order_for_each_recipient(
    steps: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory, now: datetime
) -> None:
    """Whatever happens on the way: each recipient's letters are sent in the order in which they were written, none twice."""
    store = Store(with_tables(tmp_path_factory.mktemp("outbox") / "kantor.db"))
    moment, flying = now, dict[str, OutboxRow]()
    written: dict[str, list[str]] = {"C1": [], "C2": [], "U1": []}
    out: dict[str, list[str]] = {"C1": [], "C2": [], "U1": []}
    for number, (step, to) in enumerate(steps):
        if step == "add":
            add(store, str(number), to, moment)
            written[to].append(str(number))
        elif step == "claim" and (row := claim(store, moment)) is not None:
            assert row.recipient not in flying
            flying[row.recipient] = row
        elif step == "crash":
            moment += LEASE
            flying.clear()
        elif (row := flying.pop(to, None)) is not None:
            with store.write() as work:
                if step == "sent":
                    work.outbox.sent(row.id, to, "1.0", moment)
                    out[to].append(row.key)
                else:
                    work.outbox.postpone(row.id, moment, "again", row.attempts, now=now)
    store.dispose()
    assert {to: keys[: len(out[to])] for to, keys in written.items()} == out
