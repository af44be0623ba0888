"""Whoever was asked to help says yes or no, and may think better of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.duties import Answer, Duty, Standing, is_over
from bot.rules.roles import Role
from bot.rules.words import one_line, quoted
from bot.usecases.happenings import JudgeLeft
from bot.usecases.judging.appointing import appoint
from bot.usecases.people.duties import all_follow, expected, judges_wanted, standing_of
from bot.usecases.people.letters import DutyAnswered
from bot.usecases.people.recruiting import found

if TYPE_CHECKING:
    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.duties import DutyRequest

MAX_WHY = 300


@dataclass(frozen=True)
class Reply:
    """What somebody has said, or is about to."""

    request_id: str
    contest_name: str
    duty: Duty
    asked_by: str
    accepted: bool
    """As it stood before; after an answer, as it is now."""


@dataclass(frozen=True)
class Volunteering:
    """Accept, decline."""

    desk: Desk

    def declining(self, actor: str, request_id: str) -> Reply:
        """What declining would be about. Raises Refusal for everybody else, and where it cannot be answered any more."""
        with self.desk.store.read() as looking:
            contest_id = found(looking, request_id).contest_id
        with self.desk.person(actor, contest_id, reads=True) as work:
            request = _own(work, request_id)
            _require_answerable(work, request)
            _require_nothing_rated(work, request)
            return _reply(work, request)

    def accept(self, actor: str, request_id: str) -> Reply:
        """Yes: who is asked to judge is a judge from now on. Safe to repeat. Raises as ``declining``."""
        return self._answer(actor, request_id, Answer.ACCEPTED, "")

    def decline(self, actor: str, request_id: str, why: str) -> Reply:
        """No; who had accepted to judge, and has rated nothing, judges no more. Safe to repeat. Raises as ``declining``."""
        said = one_line(why)
        if len(said) > MAX_WHY:
            raise Refusal(f"Please keep this to {MAX_WHY} characters.", field="reason")
        return self._answer(actor, request_id, Answer.DECLINED, said)

    def _answer(self, actor: str, request_id: str, answer: Answer, why: str) -> Reply:
        with self.desk.store.read() as looking:
            contest_id = found(looking, request_id).contest_id
        with self.desk.person(actor, contest_id) as work:
            request = _own(work, request_id)
            before = request.answer
            if before is answer and standing_of(work, work.contest, request) is Standing(answer.value):
                return _reply(work, request)
            _require_answerable(work, request)
            if answer is Answer.DECLINED:
                _require_nothing_rated(work, request)
            request.answer, request.answered_at, request.why = answer, work.now, why
            work.note(f"duty.{answer}", duty=request.duty.value, **({"reason": why} if why else {}))
            if request.duty is Duty.JUDGE:
                _begin_or_leave(work, request)
            _tell(work, request, changed=before is not None)
            all_follow(work, [request])
            return _reply(work, request)


def _own(work: Matter, request_id: str) -> DutyRequest:
    request = found(work, request_id)
    if request.user_id != work.actor:
        raise Refusal("Somebody else was asked that, so only they can answer it.")
    return request


def _require_answerable(work: Matter, request: DutyRequest) -> None:
    """Raises Refusal that says how it stands, and what can be done."""
    contest, stands = work.contest, standing_of(work, work.contest, request)
    if stands is Standing.WITHDRAWN:
        raise Refusal(
            f"An organizer has taken that request back, so there is nothing to answer. For questions ask <@{request.asked_by}>."
        )
    if is_over(request.duty, contest.phase):
        raise Refusal(
            f"*{quoted(contest.name)}* has moved on, and nobody is needed for that any more. Thank you all the same!"
        )
    if stands is Standing.APPOINTED:
        raise Refusal(
            f"You judge *{quoted(contest.name)}* already: an organizer has made you a judge meanwhile. `/kantor judge` shows your pieces, and how to leave."
        )
    if stands is Standing.LEFT:
        raise Refusal(
            f"You have left the judging of *{quoted(contest.name)}*. If you would like to judge again, ask <@{request.asked_by}>: an organizer can add you."
        )


def _require_nothing_rated(work: Matter, request: DutyRequest) -> None:
    """Whether ratings still count is asked by the window in which a judge leaves."""
    if request.duty is Duty.JUDGE and request.answer is Answer.ACCEPTED:
        given = sum(each.judge == request.user_id for each in work.ratings.given(work.contest.id))
        if given:
            ratings = "1 rating" if given == 1 else f"{given} ratings"
            raise Refusal(
                f"You have given {ratings} already. Please leave with `/kantor judge`: there you say whether they still count."
            )


def _begin_or_leave(work: Matter, request: DutyRequest) -> None:
    """A judge begins; or leaves, having rated nothing."""
    if request.answer is Answer.ACCEPTED:
        appoint(work, request.user_id, by=request.asked_by)
        return
    role = work.contests.roles.held(work.contest.id, request.user_id, Role.JUDGE)
    if role is not None and role.recused_at is None:
        role.recused_at = work.now
        work.happened(JudgeLeft(request.user_id))


def _tell(work: Matter, request: DutyRequest, *, changed: bool) -> None:
    contest = work.contest
    others = [each for each in work.duties.of_contest(contest.id) if each.duty is request.duty]
    letter = DutyAnswered(
        contest_name=contest.name,
        channel_id=contest.channel_id,
        person=request.user_id,
        duty=request.duty,
        accepted=request.answer is Answer.ACCEPTED,
        why=request.why,
        changed=changed,
        waiting=sum(standing_of(work, contest, each) is Standing.WAITING for each in others),
        judges=len(work.contests.roles.holders(contest.id, Role.JUDGE)),
        needed=judges_wanted(contest, expected(work, contest)),
    )
    work.post(f"duty_answered:{request.id}:{work.now.timestamp():.3f}", request.asked_by, letter)


def _reply(work: Matter, request: DutyRequest) -> Reply:
    contest: Contest = work.contest
    accepted = request.answer is Answer.ACCEPTED
    return Reply(request.id, contest.name, request.duty, request.asked_by, accepted)
