"""Asking people for help: to judge, to present the ceremony, to speak there. Who was asked, and what they said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Problems, Refusal
from bot.rules.duties import Answer, Duty, Standing, is_over
from bot.rules.moments import spoken, to_utc
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.rules.words import quoted
from bot.usecases.finding import not_archived
from bot.usecases.judging.appointing import able, require_not_void
from bot.usecases.letters import Draft, post_all
from bot.usecases.people.duties import all_follow, asking_of, expected, judges_wanted, standing_of
from bot.usecases.people.letters import DutyAsked, DutyWithdrawn
from bot.usecases.who import remember
from models.duties import DutyRequest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.ports import Profile
    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.store import Work

MOST = 20
"""People who are asked at a time."""
MAX_WORDS = 300
"""Characters of an organizer's own words."""
_VERBS = {Duty.JUDGE: "judge", Duty.PRESENTER: "present", Duty.SPEAKER: "speak"}


@dataclass(frozen=True)
class AskForm:
    """What the window shows."""

    contest_id: str
    contest_name: str
    time_zone: str
    """The contest's: the organizer writes in it."""
    deadline: datetime
    people: tuple[str, ...]
    """Whom the organizer has named already."""
    judging: bool
    """Whether somebody can still be asked to judge; for the ceremony they can."""
    pieces: int
    """That are expected; 0: nobody can tell yet."""
    handed_in: int
    judges: int
    """That there are."""
    needed: int | None
    """As ``judges_wanted``."""


@dataclass(frozen=True)
class Ask:
    """The submitted window. A Refusal's ``field`` is ``people``, ``duty``, ``day`` or ``words``."""

    actor: str
    contest_id: str
    people: tuple[str, ...]
    duty: str
    day: datetime | None
    """Naive, by the clocks of the contest's time zone: until when a judge should be through, or when the ceremony is."""
    words: str


@dataclass(frozen=True)
class Known:
    """Somebody who needs no letter."""

    user_id: str
    standing: Standing
    """``APPOINTED``: they judge already; else how the request stands that they had before."""


@dataclass(frozen=True)
class AskDone:
    """Whom I have written to, and whom not."""

    contest_name: str
    duty: Duty
    people: tuple[str, ...]
    """User ids of those who are asked."""
    known: tuple[Known, ...]
    authors: tuple[str, ...]
    """Those of the asked judges who have compositions in the contest themselves."""

    def those(self, standing: Standing) -> tuple[str, ...]:
        """Of the others, those whose request stands so; user ids."""
        return tuple(each.user_id for each in self.known if each.standing is standing)


@dataclass(frozen=True)
class Request:
    """Somebody who was asked."""

    request_id: str
    user_id: str
    duty: Duty
    asked_by: str
    asked_at: datetime
    standing: Standing
    answered_at: datetime | None
    why: str
    reminded_at: datetime | None


@dataclass(frozen=True)
class RequestList:
    """Everybody who was asked, for organizers."""

    contest_name: str
    channel_id: str
    requests: tuple[Request, ...]
    """Without those that were taken back, or that became moot."""
    judges: int
    needed: int | None
    pieces: int
    """That are expected."""
    handed_in: int
    open: bool
    """Whether somebody can still be asked for something."""


@dataclass(frozen=True)
class Withdrawn:
    """A request that was taken back."""

    contest_name: str
    user_id: str
    duty: Duty
    had_accepted: bool


@dataclass(frozen=True)
class Recruiting:
    """Ask, look who was asked, take it back."""

    desk: Desk

    def form(self, actor: str, channel_id: str, people: Sequence[str] = ()) -> AskForm:
        """The window. Raises Refusal for people who are no organizers, and where nobody is needed any more."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as work:
            contest, there = work.contest, expected(work, work.contest)
            left = _duties_left(contest)
            return AskForm(
                contest_id=contest.id,
                contest_name=contest.name,
                time_zone=contest.time_zone,
                deadline=contest.deadline,
                people=tuple(people[:MOST]),
                judging=Duty.JUDGE in left,
                pieces=there.pieces,
                handed_in=there.handed_in,
                judges=len(work.contests.roles.holders(contest.id, Role.JUDGE)),
                needed=judges_wanted(contest, there),
            )

    def ask(self, command: Ask) -> AskDone:
        """Write to these people. Whoever was asked before, or judges already, is asked nothing. Raises Refusal: then nobody is."""
        self.desk.who.require_organizer(command.actor, command.contest_id)
        problems = Problems()
        duty = problems.of(Duty.JUDGE, _duty, command.duty)
        problems.of(None, _require_few, command.people)
        words = problems.of("", _words, command.words)
        profiles = problems.of([], self._able, command.people[:MOST], duty)
        with self.desk.organizer(command.actor, command.contest_id) as work:
            contest = not_archived(work.contest)
            if duty not in _duties_left(contest):
                raise _nobody_needed(contest)
            day = problems.of(None, _day, contest, command.day, work.now)
            if duty is Duty.JUDGE:
                for profile in profiles:
                    problems.of(None, require_not_void, work, profile.user_id)
            problems.settle()
            done = _sorted(work, duty, [profile.user_id for profile in profiles])
            _write(work, duty, [profile for profile in profiles if profile.user_id in done.people], words, day)
            return done

    def _able(self, people: Sequence[str], duty: Duty) -> list[Profile]:
        try:
            return able(self.desk.who, people, _VERBS[duty], guests=True, done="asked")
        except Refusal as refusal:
            raise Refusal(refusal.sentence, field="people") from refusal

    def listed(self, actor: str, channel_id: str) -> RequestList | None:
        """Everybody who was asked; None for people who are no organizers. Raises Refusal where there is no contest."""
        contest = self.desk.who.contest_meant(actor, channel_id)
        if Role.ORGANIZER not in self.desk.who.roles_if_known(actor, contest.id):
            return None
        with self.desk.store.read() as work:
            there = expected(work, contest)
            return RequestList(
                contest_name=contest.name,
                channel_id=contest.channel_id,
                requests=tuple(_requests(work, contest)),
                judges=len(work.contests.roles.holders(contest.id, Role.JUDGE)),
                needed=None if is_over(Duty.JUDGE, contest.phase) else judges_wanted(contest, there),
                pieces=there.pieces,
                handed_in=there.handed_in,
                open=contest.phase is not Phase.FINISHED,
            )

    def withdraw(self, actor: str, request_id: str) -> Withdrawn:
        """Take a request back, also one that was accepted, but for a judge's. Safe to repeat. Raises Refusal."""
        with self.desk.store.read() as looking:
            contest_id = found(looking, request_id).contest_id
        with self.desk.organizer(actor, contest_id) as work:
            contest, request = work.contest, found(work, request_id)
            had_accepted = request.answer is Answer.ACCEPTED
            if request.withdrawn_at is None:
                _require_no_judge(request)
                request.withdrawn_at = work.now
                work.note("duty.withdrawn", person=request.user_id, duty=request.duty.value)
                if had_accepted:
                    letter = DutyWithdrawn(contest_name=contest.name, duty=request.duty, by=actor)
                    work.post(f"duty_withdrawn:{request.id}", request.user_id, letter)
                all_follow(work, [request])
            return Withdrawn(contest.name, request.user_id, request.duty, had_accepted)


def found(work: Work, request_id: str) -> DutyRequest:
    """The request of that id. Raises Refusal where there is none any more."""
    request = work.duties.get(request_id)
    if request is None:
        raise Refusal(
            "I cannot find that request any more: an organizer has taken it back, or has asked anew since. Please look for a newer message of mine."
        )
    return request


def _require_no_judge(request: DutyRequest) -> None:
    if request.duty is Duty.JUDGE and request.answer is Answer.ACCEPTED:
        raise Refusal(
            f"<@{request.user_id}> has agreed to judge meanwhile. `/kantor judges remove @name` lets a judge go, and tells them."
        )


def _duties_left(contest: Contest) -> tuple[Duty, ...]:
    left = tuple(duty for duty in Duty if not is_over(duty, contest.phase))
    if not left:
        raise _nobody_needed(contest)
    return left


def _nobody_needed(contest: Contest) -> Refusal:
    return Refusal(f"*{quoted(contest.name)}* has moved on, and nobody is needed for that any more.")


def _duty(word: str) -> Duty:
    if word not in set(Duty):
        raise Refusal("Please choose what you would like them to do.", field="duty")
    return Duty(word)


def _require_few(people: Collection[str]) -> None:
    if not people:
        raise Refusal("Please choose at least one person.", field="people")
    if len(people) > MOST:
        raise Refusal(f"Please ask up to {MOST} people at a time.", field="people")


def _words(text: str) -> str:
    words = text.strip()
    if len(words) > MAX_WORDS:
        raise Refusal(f"Please keep this to {MAX_WORDS} characters; it has {len(words)}.", field="words")
    return words


def _day(contest: Contest, wall: datetime | None, now: datetime) -> datetime | None:
    if wall is None:
        return None
    day = to_utc(wall, contest.time_zone)
    if day is None:
        raise Refusal("On that day clocks skip this hour. Please choose a time an hour later.", field="day")
    if day <= now:
        present = spoken(now, contest.time_zone)
        raise Refusal(f"That moment has passed: it is {present} now. Please choose a later one.", field="day")
    if day <= contest.deadline and contest.phase in {Phase.DRAFT, Phase.OPEN}:
        deadline = spoken(contest.deadline, contest.time_zone)
        raise Refusal(f"Compositions come in until {deadline}. Please choose a later moment.", field="day")
    return day


def _sorted(work: Matter, duty: Duty, people: Sequence[str]) -> AskDone:
    """Who is to be asked, and who need not be, and why."""
    contest = work.contest
    stands = {
        each.user_id: standing_of(work, contest, each)
        for each in work.duties.of_contest(contest.id)
        if each.duty is duty
    }
    if duty is Duty.JUDGE:
        judges = work.contests.roles.holders(contest.id, Role.JUDGE)
        stands = dict.fromkeys(judges, Standing.APPOINTED) | stands
    again = {Standing.WITHDRAWN, Standing.LEFT}
    asked = tuple(each for each in people if stands.get(each, Standing.WITHDRAWN) in again)
    return AskDone(
        contest_name=contest.name,
        duty=duty,
        people=asked,
        known=tuple(Known(each, stands[each]) for each in people if each not in asked),
        authors=tuple(each for each in asked if duty is Duty.JUDGE and work.submissions.counting(contest.id, each)),
    )


def _write(work: Matter, duty: Duty, people: Sequence[Profile], words: str, day: datetime | None) -> None:
    contest = work.contest
    if not people:
        return
    requests = [_new(work, duty, profile, words, day) for profile in people]
    there = expected(work, contest)
    waiting = [each for each in work.duties.of_contest(contest.id) if each.duty is Duty.JUDGE]
    judges = len(work.contests.roles.holders(contest.id, Role.JUDGE)) + sum(
        standing_of(work, contest, each) is Standing.WAITING for each in waiting
    )
    drafts = [
        Draft(
            f"duty:{request.id}",
            request.user_id,
            DutyAsked(contest_name=contest.name, asking=asking_of(work, contest, request, there, judges)),
            contest_id=contest.id,
            subject_id=request.id,
        )
        for request in requests
    ]
    post_all(work, drafts, work.now)
    work.note("duty.asked", people=[request.user_id for request in requests], duty=duty.value, reason=words)


def _new(work: Matter, duty: Duty, profile: Profile, words: str, day: datetime | None) -> DutyRequest:
    remember(work, profile, work.now)
    request = DutyRequest(
        id=work.desk.ids.new(),
        contest_id=work.contest.id,
        user_id=profile.user_id,
        duty=duty,
        asked_by=work.actor,
        asked_at=work.now,
        words=words,
        day=day,
        why="",
    )
    work.duties.ask(request)
    return request


def _requests(work: Work, contest: Contest) -> list[Request]:
    shown = {Standing.WAITING, Standing.ACCEPTED, Standing.DECLINED}
    stand = [(each, standing_of(work, contest, each)) for each in work.duties.of_contest(contest.id)]
    return [
        Request(
            request_id=each.id,
            user_id=each.user_id,
            duty=each.duty,
            asked_by=each.asked_by,
            asked_at=each.asked_at,
            standing=stands,
            answered_at=each.answered_at,
            why=each.why,
            reminded_at=each.reminded_at,
        )
        for each, stands in stand
        if stands in shown
    ]
