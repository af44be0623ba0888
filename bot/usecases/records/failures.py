"""Jobs that failed for good: shown to those who can do something about it, tried again, or left at that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.phases import OVER
from bot.rules.words import quoted
from bot.usecases.awards.certificates import CERTIFICATES
from bot.usecases.awards.preparing import PREPARE
from bot.usecases.boards.finale import FINALE
from bot.usecases.boards.publishing import PUBLISH
from bot.usecases.judging.practice import OFFER
from bot.usecases.records.erasure import ERASE_FILES
from bot.usecases.records.exports import EXPORT
from bot.usecases.records.letters import JobDropped
from bot.usecases.submissions.arrivals import standing_failures
from bot.usecases.submissions.submissions import CHECK_JOB
from bot.usecases.verdicts.copies import COMPARE
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.usecases.desk import Desk, Errand
    from models.jobs import Job
    from models.store import Work

IN_WORDS = {
    CHECK_JOB: "the check of a composition",
    COMPARE: "the comparison of a composition with the others",
    "refresh_checklists": "bringing the checklists up to date",
    PREPARE: "the pictures of a ceremony",
    CERTIFICATES: "the certificates",
    FINALE: "telling how the contest ended",
    PUBLISH: "posting the results bundle and the fairness report",
    OFFER: "the practice pieces of a judge",
    EXPORT: "an export",
    ERASE_FILES: "erasing the files of a person",
}
"""What each job is, without saying whose: an organizer who judges may read it."""


@dataclass(frozen=True)
class FailedJob:
    """Something that was tried often enough."""

    job_id: str
    what: str
    reference: str
    """What the log and people call it by."""
    at: datetime
    """When it was tried the last time."""
    contest_id: str | None
    """None where it is about no contest, or about several."""


@dataclass(frozen=True)
class FailedJobs:
    """All of a contest, and those that are about none."""

    contest_id: str
    contest_name: str
    jobs: tuple[FailedJob, ...]


@dataclass(frozen=True)
class Failures:
    """List them, try one again, drop one."""

    desk: Desk

    def listed(self, actor: str, contest_id: str) -> FailedJobs:
        """For organizers. Raises Refusal for others."""
        with self.desk.organizer(actor, contest_id, reads=True) as work:
            return FailedJobs(contest_id, work.contest.name, tuple(map(_told, failed(work, contest_id))))

    def again(self, actor: str, contest_id: str, job_id: str) -> None:
        """Try it as if it were new; nothing happens where somebody has done so. Raises Refusal where it would be in vain."""
        with self.desk.organizer(actor, contest_id) as work:
            _again(work, _found(work, contest_id, job_id))

    def drop(self, actor: str, contest_id: str, job_id: str) -> None:
        """Leave it at that, and tell whom it concerns; nothing happens where that was done. Raises Refusal."""
        with self.desk.organizer(actor, contest_id) as work:
            job = _found(work, contest_id, job_id)
            if job is not None and job.contest_id is None:
                raise Refusal(
                    "This belongs to more than one contest: only whoever runs the bot can drop it (`kantor jobs`)."
                )
            _drop(work, job)

    def all(self) -> list[FailedJob]:
        """Of all contests, for whoever runs the bot."""
        with self.desk.anyone(reads=True) as work:
            return [_told(job) for job in work.jobs.failed()]

    def settle(self, start: str, *, drop: bool) -> FailedJob:
        """Try again or drop the one whose id, or reference, begins so; for whoever runs the bot. Raises Refusal."""
        with self.desk.anyone() as errand:
            found = [job for job in errand.jobs.failed() if start and job.id.startswith(start)]
            if len(found) != 1:
                raise Refusal(f"{len(found) or 'No'} failed jobs have an id that begins with “{quoted(start)}”.")
            told = _told(found[0])
            contest = None if told.contest_id is None else errand.lock(told.contest_id)
            work = errand if contest is None else errand.about(contest)
            (_drop if drop else _again)(work, found[0])
            return told


def failed(work: Work, contest_id: str) -> list[Job]:
    """Those of a contest, and those that are about none."""
    return [job for job in work.jobs.failed() if job.contest_id in {contest_id, None}]


def _told(job: Job) -> FailedJob:
    what = IN_WORDS.get(job.name, job.name)
    return FailedJob(job.id, what, job.id[:8], job.taken_at or job.set_at, job.contest_id)


def _found(work: Work, contest_id: str, job_id: str) -> Job | None:
    return next((job for job in failed(work, contest_id) if job.id == job_id), None)


def _again(work: Errand, job: Job | None) -> None:
    if job is None:
        return
    if job.name == CHECK_JOB:
        _revive(work, job.args["submission_id"])
    if work.jobs.again(job.id, work.now):
        work.note("job.retried", job=job.name, reference=job.id[:8])


def _drop(work: Errand, job: Job | None) -> None:
    if job is None or not work.jobs.drop(job.id):
        return
    work.note("job.dropped", job=job.name, reference=job.id[:8])
    contest = None if job.contest_id is None else work.contests.get(job.contest_id)
    if contest is None or job.owner is None or work.people.get(job.owner) is None:
        return
    letter = JobDropped(contest_name=contest.name, what=_told(job).what, reference=job.id[:8])
    work.post(f"job_dropped:{job.id}", job.owner, letter)


def _revive(work: Errand, submission_id: str) -> None:
    """What we failed to check waits for its check again, as it did before. Raises Refusal where it is in vain."""
    piece = work.submissions.get(submission_id)
    contest = None if piece is None else work.contests.get(piece.contest_id)
    if piece is None or contest is None or piece.state != SubmissionState.FAILED:
        return
    if contest.phase in OVER:
        raise Refusal(f"*{quoted(contest.name)}* is finished, so it takes no composition any more. You can drop it.")
    if piece.id not in {each.id for each in standing_failures(work, contest.id, piece.user_id)}:
        raise Refusal("Its author has sent it in once more since, so there is nothing left to try. You can drop it.")
    piece.state, piece.failed_at = SubmissionState.RECEIVED, None
