"""What the names of jobs stand for: which use case does the work, and which one tells people where it failed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.boards.finale import FINALE
from bot.usecases.judging.practice import OFFER
from bot.usecases.people.checklists import REFRESH
from bot.usecases.records.erasure import ERASE_FILES
from bot.usecases.records.exports import EXPORT
from bot.usecases.verdicts.copies import COMPARE
from bot.worker import Task

if TYPE_CHECKING:
    from bot.usecases.boards.finale import Finale
    from bot.usecases.judging.practice import Practice
    from bot.usecases.people.onboarding import Onboarding
    from bot.usecases.records.erasure import Erasure
    from bot.usecases.records.exports import Exports
    from bot.usecases.verdicts.copies import Copies
    from bot.usecases.verdicts.verdicts import Verdicts


def tasks(  # noqa: PLR0913 - all that a worker calls
    *,
    verdicts: Verdicts,
    copies: Copies,
    onboarding: Onboarding,
    practice: Practice,
    finale: Finale,
    exports: Exports,
    erasure: Erasure,
) -> dict[str, Task]:
    """All tasks, by the name of their job."""
    return {
        "check_submission": Task(
            lambda args: verdicts.check(args["submission_id"]),
            lambda args, reference: verdicts.give_up(args["submission_id"], reference),
        ),
        COMPARE: Task(
            lambda args: copies.compare(args["submission_id"]),
            lambda args, reference: copies.give_up(args["submission_id"], reference),
        ),
        # A checklist that stays as it was is worth no alarm.
        REFRESH: Task(lambda args: onboarding.refresh(args["contest_id"]), lambda *_: None),
        FINALE: Task(lambda args: finale.tell(**args), lambda args, _: finale.give_up(**args)),
        OFFER: Task(lambda args: practice.offer(**args), lambda args, _: practice.give_up(**args)),
        EXPORT: Task(
            lambda args: exports.make(**args),
            lambda args, reference: exports.give_up(args["contest_id"], args["user_id"], reference),
        ),
        ERASE_FILES: Task(lambda args: erasure.erase_files(**args), lambda *_: None),  # the worker logs it
    }
