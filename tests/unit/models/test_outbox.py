"""The outbox: unique keys, order for each recipient, leases, and files that are remembered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.outbox import LetterState, OutboxRow
from models.store import Store

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
        return work.outbox.claim(now, LEASE, busy)


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


def test_postponed_letter_holds_its_place(store: Store, now: datetime) -> None:
    """A letter that was put off is still sent before the recipient's later ones."""
    add(store, "1", "C1", now)
    add(store, "2", "C1", now)
    row = claim(store, now)
    assert row is not None
    with store.write() as work:
        work.outbox.postpone(row.id, now + SECOND, "Unavailable", row.attempts)

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
            work.outbox.postpone(row.id, now, "late", 1),
            work.outbox.fail(row.id, "late", 1),
            work.outbox.extend(row.id, 1, now),
        )
    sent(store, row, now)

    with store.read() as work:
        found = work.outbox.by_key("1")
    assert found is not None
    assert ((False, False, False), LetterState.SENT) == (said, found.state)


def test_where_it_landed(store: Store, now: datetime) -> None:
    """A sent letter knows its channel, its ts and its time, and no longer waits."""
    add(store, "1", "U0ADA", now)
    sent(store, claim(store, now), now + SECOND)

    with store.read() as work:
        found, waiting = work.outbox.by_key("1"), work.outbox.waiting()
    assert found is not None
    assert ("C1", "1.000100", now + SECOND, 0) == (found.sent_channel, found.sent_ts, found.sent_at, waiting)


def test_remembered_upload(store: Store, now: datetime) -> None:
    """Slack's id of a file is kept with that file alone, and is there for the next attempt."""
    with store.write() as work:
        work.outbox.add("card:1", "C1", {}, [PICTURE, SOUND], now=now)
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
        work.outbox.postpone(row.id, now + 5 * SECOND, "Unavailable", row.attempts)

    with store.read() as work:
        waits = (work.outbox.due_in(now), work.outbox.due_in(now + 9 * SECOND), work.outbox.due_in(now, ["C1"]))
    assert (5 * SECOND, 0 * SECOND, None) == waits


def test_starting(store: Store, now: datetime) -> None:
    """Letters are found by the beginning of their key; signs that SQL takes for wildcards mean themselves."""
    for key in ("invite:U_1:a", "invite:U_1:b", "invite:UX1:c", "other"):
        add(store, key, "U_1", now)

    with store.read() as work:
        found = [row.key for row in work.outbox.starting("invite:U_1:")]
    assert ["invite:U_1:a", "invite:U_1:b"] == found


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "claim", "sent", "postpone", "crash"]), st.sampled_from(["C1", "C2", "U1"])),
    max_size=30,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_order_for_each_recipient(
    steps: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory, now: datetime
) -> None:
    """Whatever happens on the way: each recipient's letters are sent in the order in which they were written, none twice."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('outbox') / 'kantor.db'}")
    store.create_tables()
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
                    work.outbox.postpone(row.id, moment, "again", row.attempts)
    store.dispose()
    assert {to: keys[: len(out[to])] for to, keys in written.items()} == out
