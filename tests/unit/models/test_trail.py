"""The trail as the database keeps it: one chain a contest, whoever writes at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bot.rules import chain
from bot.rules.phases import Phase
from models.records import Audit
from tests.makers.fakes import NOON
from tests.makers.world import CHANNEL, JUDY, LOUNGE, OLIVE, world_of

if TYPE_CHECKING:
    from models.store import Store

THREADS, EACH = 6, 8


def test_writers_at_the_same_time_make_one_chain(store: Store) -> None:
    """Each waits for its turn, whether it has locked the contest or not; entries of one go follow each other."""
    world = world_of(store)
    contest = world.contest(Phase.OPEN)

    def write(thread: int) -> None:
        for number in range(EACH):
            with store.write() as work:
                if thread % 2:
                    work.contests.lock(contest)
                facts = {"thread": thread, "number": number}
                work.audit.append(
                    [
                        Audit(
                            id=f"{thread}-{number}-{each}",
                            at=NOON,
                            actor=JUDY,
                            action="x",
                            contest_id=contest,
                            facts=facts,
                        )
                        for each in range(3)
                    ]
                )

    before = _head(store, contest)
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(write, range(THREADS)))
    with store.read() as work:
        checked = chain.check(contest, work.audit.entries(contest))
        goes = [(row.facts["thread"], row.facts["number"]) for row in work.audit.of_contest(contest)[before.number :]]
    assert checked.fits
    assert before.number + 3 * THREADS * EACH == checked.head.number
    assert all(goes[at] == goes[at + 1] == goes[at + 2] for at in range(0, len(goes), 3))


def test_entries_of_two_contests_in_one_go(store: Store) -> None:
    """Each goes to the end of its own chain; what is about no contest is in none."""
    world = world_of(store)
    contests = [world.contest(Phase.DRAFT), world.contest(Phase.DRAFT, name="B", slug="b-jam", channel_id=LOUNGE)]
    with store.write() as work:
        work.audit.append(
            [
                Audit(id=f"e{at}", at=NOON, actor=OLIVE, action="x", contest_id=contest, facts={"channel": CHANNEL})
                for at, contest in enumerate([*contests, None, *contests])
            ]
        )
    with store.read() as work:
        assert all(chain.check(each, work.audit.entries(each)).fits for each in contests)
        loose = work.audit.get("e2")
    assert loose is not None
    assert (None, None) == (loose.number, loose.link)


def _head(store: Store, contest: str) -> chain.Head:
    with store.read() as work:
        return work.audit.head(contest)
