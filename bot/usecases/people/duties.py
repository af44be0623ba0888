"""Requests to help, as they stand: what a person is told of one, and the letters about it, which follow whatever happens."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from bot.rules.allocation import judges_needed
from bot.rules.duties import Duty, Standing, effort, is_over, standing
from bot.rules.phases import JUDGED, Round
from bot.rules.roles import Role
from bot.usecases.judging.allotting import SECONDS
from bot.usecases.judging.piles import further_wanted, ratings_wanted, round_heard
from bot.usecases.letters import post
from bot.usecases.messages import dump
from bot.usecases.people.letters import Asking, DutyAsked, DutyReminder
from bot.usecases.people.nudges import taking_part

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.usecases import happenings as on
    from bot.usecases.desk import Matter
    from models.contests import Contest
    from models.duties import DutyRequest
    from models.store import Work


@dataclass(frozen=True)
class Expected:
    """What there will be to hear, as far as can be told."""

    pieces: int
    """0: nobody takes part yet."""
    handed_in: int
    """Compositions that are accepted; where there are none, ``pieces`` is as many as those may hand in who take part so far."""
    seconds: float
    """Of a composition, on average."""


def expected(work: Work, contest: Contest) -> Expected:
    """What there will be to hear in the round that is judged, or will be."""
    final = round_heard(contest) is Round.FINAL
    seconds = [
        piece.seconds or SECONDS for piece in work.submissions.accepted(contest.id) if piece.in_final or not final
    ]
    if seconds:
        return Expected(len(seconds), len(seconds), fmean(seconds))
    return Expected(len(taking_part(work, contest)) * contest.submission_limit, 0, SECONDS)


def judges_wanted(contest: Contest, there: Expected) -> int | None:
    """How many judges it takes; None where nobody can tell: all hear all, or they have no limit of time, or nobody takes part yet."""
    each, minutes = ratings_wanted(contest), _minutes(contest)
    if not each or minutes is None or not there.pieces or round_heard(contest) is Round.FINAL:
        return None
    return max(each, judges_needed(there.pieces, each, there.seconds, minutes, further_wanted(contest)))


def _minutes(contest: Contest) -> float | None:
    return float(contest.texts.get("minutes") or 0) or None


def asking_of(work: Work, contest: Contest, request: DutyRequest, there: Expected, judges: int) -> Asking:
    """What the person is told; ``judges``: how many there would be if all accept who were asked."""
    final = round_heard(contest) is Round.FINAL
    each, further = (0, 0) if final else (ratings_wanted(contest), further_wanted(contest))
    takes = effort(there.pieces, each, judges, there.seconds, _minutes(contest), further)
    return Asking(
        request_id=request.id,
        duty=request.duty,
        asked_by=request.asked_by,
        asked_at=request.asked_at,
        channel_id=contest.channel_id,
        words=request.words,
        begins=begins(contest, request),
        ends=request.day if request.duty is Duty.JUDGE else None,
        running=contest.phase in JUDGED,
        time_zone=work.people.zone_of(request.user_id, contest.time_zone),
        pieces=takes.pieces,
        minutes=takes.minutes,
        seconds=there.seconds,
        handed_in=there.handed_in,
        limit=contest.submission_limit,
        finalists=contest.finalists if contest.rounds > 1 and not final else 0,
        blind=contest.blind,
    )


def begins(contest: Contest, request: DutyRequest) -> datetime | None:
    """When what the person was asked for begins, as far as anybody has said so."""
    return contest.deadline if request.duty is Duty.JUDGE else request.day


def standing_of(work: Work, contest: Contest, request: DutyRequest) -> Standing:
    """How the request stands."""
    judges = request.duty is Duty.JUDGE and work.contests.roles.has(contest.id, request.user_id, Role.JUDGE)
    return standing(
        request.duty, contest.phase, request.answer, withdrawn=request.withdrawn_at is not None, judges=judges
    )


_ANSWERABLE = frozenset({Standing.WAITING, Standing.ACCEPTED, Standing.DECLINED})


def is_changeable(contest: Contest, request: DutyRequest, stands: Standing) -> bool:
    """Whether the person can answer, or change their mind."""
    return stands in _ANSWERABLE and not is_over(request.duty, contest.phase)


def all_follow(work: Matter, requests: Iterable[DutyRequest]) -> None:
    """Rewrite the letters about these requests that say what does not hold any more."""
    for request in requests:
        for kind in (DutyAsked, DutyReminder):
            for letter in work.outbox.about(request.id, kind.kind):
                edit = work.outbox.latest_edit(letter.key)
                message = _now(work, request, kind.model_validate(letter.message))
                if dump(message) != (letter if edit is None else edit).message:
                    key = f"duty_stands:{letter.key}:{work.now.timestamp():.3f}"
                    post(work, key, letter.recipient, message, work.now, edits=letter.key, contest_id=work.contest.id)


def _now(work: Matter, request: DutyRequest, message: DutyAsked | DutyReminder) -> DutyAsked | DutyReminder:
    contest, stands = work.contest, standing_of(work, work.contest, request)
    # Who has declined reads no dates.
    open_ = stands in {Standing.WAITING, Standing.ACCEPTED}
    told = {"begins": begins(contest, request), "running": contest.phase in JUDGED} if open_ else {}
    return message.model_copy(
        update={
            "asking": message.asking.model_copy(update=told),
            "standing": stands,
            "why": request.why,
            "changeable": is_changeable(contest, request, stands),
        }
    )


def of_a_judge(work: Matter, judge: on.JudgeAppointed | on.JudgeLeft | on.JudgeBack) -> None:
    """They judge now, or no more."""
    request = work.duties.of_person(work.contest.id, judge.judge, Duty.JUDGE)
    if request is not None:
        all_follow(work, [request])


def of_a_move(work: Matter, _: on.PhaseBegan | on.PhaseUndone) -> None:
    """What the contest is past nobody is asked for any more."""
    all_follow(work, work.duties.of_contest(work.contest.id))


def of_new_settings(work: Matter, changed: on.ContestChanged) -> None:
    """The judging begins at another time."""
    if "deadline" in changed.names:
        all_follow(work, work.duties.of_contest(work.contest.id))
