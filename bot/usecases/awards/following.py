"""What the end of a contest, or its being taken back, means for ceremonies and prizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ports import Enclosure
from bot.rules import storage
from bot.rules.phases import JUDGED, Phase
from bot.usecases.awards import certificates, prizes
from bot.usecases.awards.letters import ResultsFile
from bot.usecases.awards.outcome import outcome_of, settled
from bot.usecases.awards.panels import rewrite_panels
from bot.usecases.awards.revealing import open_shows
from bot.usecases.boards.feedback import send_cards, undecided

if TYPE_CHECKING:
    from bot.usecases import happenings as on
    from bot.usecases.desk import Matter


def of_the_end(work: Matter, began: on.PhaseBegan) -> None:
    """Prizes are due. After a ceremony the file of the results is posted, winners get certificates, and authors their feedback."""
    if began.phase is not Phase.FINISHED:
        return
    contest, result = work.contest, work.awards.result(work.contest.id)
    prizes.owe(work, outcome_of(work, contest, work.now) if result is None else settled(work, result))
    if result is None:
        return
    _close(work)
    file = ResultsFile(contest_name=contest.name, sha256=result.sha256, settled_at=result.settled_at)
    upload = Enclosure(storage.results(result.id), f"{contest.slug}-results.json", f"Results of {contest.name}")
    work.post(f"results:{result.id}:{began.turn}", contest.channel_id, file, uploads=[upload])
    certificates.have_made(work, everybody=False)
    if contest.feedback_at is None and not undecided(work, contest):
        send_cards(work)


def of_an_undoing(work: Matter, _: on.PhaseUndone) -> None:
    """Nobody has won anything; and where judges rate again, the results do not stand any more."""
    contest = work.contest
    work.awards.forgive(contest.id)
    if contest.phase not in JUDGED:
        return
    result = work.awards.result(contest.id)
    if result is not None:
        result.undone_at = work.now
        work.awards.forget_consents(contest.id)
        _close(work)


def _close(work: Matter) -> None:
    for show in open_shows(work):
        show.ended_at, show.turn = work.now, show.turn + 1
        rewrite_panels(work, show)
