"""After a ceremony the channel gets what anyone can check: the results bundle, and the fairness report without a word about a single judge.

A job does it, which the transaction leaves that seals the results; the letter's key makes it once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.ports import Enclosure
from bot.rules import storage
from bot.rules.phases import Phase
from bot.usecases.boards.bundling import bundle_of
from bot.usecases.boards.letters import Papers
from bot.usecases.boards.reporting import report_of
from bot.usecases.desk import KANTOR
from bot.usecases.messages import TroubleAlarm
from models.judging import MarkKind

if TYPE_CHECKING:
    from bot.ports import ObjectStore, Printer
    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.store import Work

PUBLISH = "publish"
"""Name of the job."""
FEWEST = 3
"""Of fewer judges everybody would know whose pseudonym is whose."""


def publish_soon(work: Matter, snapshot_id: str) -> None:
    """Have it posted, once for each final board, which has that id."""
    args = {"contest_id": work.contest.id, "snapshot_id": snapshot_id}
    key = f"{PUBLISH}:{snapshot_id}"
    job_id = sha256(key.encode()).hexdigest()[:32]
    work.jobs.enqueue(job_id, PUBLISH, key, args, work.now, contest_id=work.contest.id)


@dataclass(frozen=True)
class Publishing:
    """Post it."""

    desk: Desk
    printer: Printer
    objects: ObjectStore

    def publish(self, contest_id: str, snapshot_id: str) -> None:
        """The job. Safe to repeat; nothing where that end does not hold any more. Raises Unavailable: try again later."""
        with self.desk.store.read() as work:
            contest = work.contests.get(contest_id)
            if contest is None or not _holds(work, contest) or work.outbox.by_key(_key(snapshot_id)) is not None:
                return
            bundle = bundle_of(work, contest) if hides_judges(work, contest) else None
            report = report_of(work, contest, self.desk.clock.now(), public=True)
        leaflet = self.printer.report(report)
        title = f"How fairly {contest.name} was judged"
        files = [
            (f"{contest.slug}-fairness.png", title, leaflet.alt_text, leaflet.png),
            (f"{contest.slug}-fairness.html", title, "", leaflet.html),
        ]
        if bundle is not None:
            files.append((f"{contest.slug}-results.zip", f"Results of {contest.name}", "", bundle))
        uploads = []
        for filename, called, alt_text, data in files:
            uploads.append(Enclosure(storage.export(f"{PUBLISH}-{snapshot_id}", filename), filename, called, alt_text))
            self.objects.put(uploads[-1].object_key, data)
        with self.desk.anyone() as posting:
            locked = posting.lock(contest_id)
            if locked is not None and _holds(posting, locked):
                papers = Papers(contest_name=locked.name, has_bundle=bundle is not None)
                posting.about(locked).post(_key(snapshot_id), locked.channel_id, papers, uploads=uploads)

    def give_up(self, contest_id: str, reference: str) -> None:
        """After the last try: the organizers learn how to do it themselves."""
        with self.desk.person(KANTOR, contest_id) as work:
            what = "the results bundle and the fairness report could not be posted. `/kantor bundle` and `/kantor report` make them for you"
            alarm = TroubleAlarm(contest_name=work.contest.name, what=what, reference=reference)
            work.post_to_organizers(f"papers_failed:{reference}", alarm)


def hides_judges(work: Work, contest: Contest) -> bool:
    """Whether nobody can tell from a bundle's pseudonyms who is who.

    Enough have rated, none of them composed, and none stands out: by stepping aside (an author knows who is close to them), by ratings
    that were taken out, by coming late or leaving.
    """
    rated = {each.judge for each in work.ratings.given(contest.id)}
    stands_out = (
        any(role.voided_at is not None for role in work.contests.roles.of_contest(contest.id))
        or work.ratings.marks.of_kind(contest.id, MarkKind.RECUSED)
        or work.panels.conflicts(contest.id)
        or _came_or_left(work, contest)
    )
    return len(rated) >= FEWEST and not rated & set(work.submissions.authors(contest.id).values()) and not stands_out


def _came_or_left(work: Work, contest: Contest) -> bool:
    """Whether the drawings of who hears what were made for different judges."""
    drawn = [json.loads(each.document) for each in work.panels.drawings(contest.id)]
    return len({(*(judge for judge, _ in each["judges"]), *each["others"]) for each in drawn}) > 1 or any(
        each["others"] for each in drawn
    )


def _holds(work: Work, contest: Contest) -> bool:
    return contest.phase == Phase.FINISHED and work.awards.result(contest.id) is not None


def _key(snapshot_id: str) -> str:
    return f"papers:{snapshot_id}"
