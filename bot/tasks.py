"""What the names of jobs stand for: which use case does the work, and which one tells people where it failed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.turns import Task
from bot.usecases.awards.certificates import CERTIFICATES
from bot.usecases.awards.preparing import PREPARE
from bot.usecases.boards.finale import FINALE
from bot.usecases.boards.publishing import PUBLISH
from bot.usecases.judging.practice import OFFER
from bot.usecases.people.checklists import REFRESH
from bot.usecases.records.erasure import ERASE_FILES
from bot.usecases.records.exports import EXPORT
from bot.usecases.verdicts.copies import COMPARE

if TYPE_CHECKING:
    from bot.usecases.services import Services


def tasks(services: Services) -> dict[str, Task]:
    """All tasks, by the name of their job."""
    return {
        "check_submission": Task(
            lambda args: services.verdicts.check(args["submission_id"]),
            lambda args, reference: services.verdicts.give_up(args["submission_id"], reference),
        ),
        COMPARE: Task(
            lambda args: services.copies.compare(args["submission_id"]),
            lambda args, reference: services.copies.give_up(args["submission_id"], reference),
        ),
        # A checklist that stays as it was is worth no alarm.
        REFRESH: Task(lambda args: services.onboarding.refresh(args["contest_id"]), lambda *_: None),
        FINALE: Task(lambda args: services.finale.tell(**args), lambda args, _: services.finale.give_up(**args)),
        PUBLISH: Task(
            lambda args: services.publishing.publish(**args),
            lambda args, reference: services.publishing.give_up(args["contest_id"], reference),
        ),
        PREPARE: Task(
            lambda args: services.preparing.prepare(**args), lambda args, _: services.preparing.give_up(**args)
        ),
        CERTIFICATES: Task(
            lambda args: services.certificates.make(**args),
            lambda args, reference: services.certificates.give_up(args["contest_id"], reference),
        ),
        OFFER: Task(lambda args: services.practice.offer(**args), lambda args, _: services.practice.give_up(**args)),
        EXPORT: Task(
            lambda args: services.exports.make(**args),
            lambda args, reference: services.exports.give_up(args["contest_id"], args["user_id"], reference),
        ),
        ERASE_FILES: Task(lambda args: services.erasure.erase_files(**args), lambda *_: None),  # the worker logs it
    }
