"""Who organizes and who judges a contest; and its end on the shelf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Problems, Refusal
from bot.rules.naming import natural
from bot.rules.phases import JUDGED, Phase
from bot.rules.roles import Role
from bot.rules.words import quoted
from bot.usecases.contests.letters import OrganizerWelcome
from bot.usecases.finding import not_archived
from bot.usecases.happenings import JudgeLeft
from bot.usecases.judging.appointing import able
from bot.usecases.judging.counting import coverage_of
from bot.usecases.judging.letters import JudgeReleased
from bot.usecases.who import remember

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.ports import Profile
    from bot.usecases.desk import Desk, Matter
    from bot.usecases.judging.counting import Coverage
    from models.contests import Contest
    from models.store import Work

_ONE_AT_LEAST = "Somebody has to look after *{name}*: please add another organizer first."


@dataclass(frozen=True)
class StaffChanged:
    """Whom it concerned, and whom it did not, since it was so already (user ids)."""

    contest_name: str
    changed: tuple[str, ...]
    already: tuple[str, ...]
    still: tuple[str, ...] = ()
    """Those of the changed who can organize it nevertheless: admins of the workspace, and people of the settings."""


@dataclass(frozen=True)
class Judge:
    """A judge, with how far they are; None for people who are no organizers."""

    user_id: str
    done: int | None
    total: int | None
    paused: bool


@dataclass(frozen=True)
class StaffList:
    """Who organizes and judges a contest."""

    contest_name: str
    organizers: tuple[str, ...]
    judges: tuple[Judge, ...]
    judging: bool
    """Whether there is something to rate now."""
    left: tuple[tuple[str, int], ...] = ()
    """Who judges no more, and how many of their ratings count still; known to organizers."""


@dataclass(frozen=True)
class ArchivePreview:
    """What putting a contest on the shelf would bring."""

    contest_id: str
    name: str


@dataclass(frozen=True)
class Staff:
    """Name people, let them go, and put a contest away that is over."""

    desk: Desk

    def listed(self, actor: str, channel_id: str) -> StaffList:
        """Everybody of the contest meant, with the judges' progress for organizers. Raises Refusal where there is none."""
        contest = self.desk.who.contest_meant(actor, channel_id)
        organizes = Role.ORGANIZER in self.desk.who.roles_if_known(actor, contest.id)
        with self.desk.store.read() as work:
            organizers = _by_name(work, work.contests.roles.holders(contest.id, Role.ORGANIZER))
            coverage = coverage_of(work, contest)
            judges = _judges(work, contest, coverage, organizes=organizes)
            left = [(each, coverage.left[each]) for each in _by_name(work, coverage.left)] if organizes else []
        return StaffList(contest.name, tuple(organizers), judges, contest.phase in JUDGED, tuple(left))

    def add_organizers(self, actor: str, channel_id: str, user_ids: Sequence[str]) -> StaffChanged:
        """Let people organize this contest, too. Raises Refusal (nobody is added) where one of them cannot."""
        contest = self._organized(actor, channel_id)
        profiles = able(self.desk.who, user_ids, "organize", guests=False)
        with self.desk.organizer(actor, contest.id) as work:
            not_archived(work.contest)
            added = [profile.user_id for profile in profiles if _add(work, profile)]
        already = tuple(profile.user_id for profile in profiles if profile.user_id not in added)
        return StaffChanged(contest.name, tuple(added), already)

    def remove_organizers(self, actor: str, channel_id: str, user_ids: Sequence[str]) -> StaffChanged:
        """Let people organize it no more. Raises Refusal (nobody is removed) where nobody would be left."""
        with self.desk.organizer(actor, channel_id=channel_id) as work:
            contest = not_archived(work.contest)
            holders = work.contests.roles.holders(contest.id, Role.ORGANIZER)
            gone = [user_id for user_id in dict.fromkeys(user_ids) if user_id in holders]
            if not set(holders) - set(gone):
                raise Refusal(_ONE_AT_LEAST.format(name=quoted(contest.name)))
            for user_id in gone:
                work.contests.roles.take(contest.id, user_id, Role.ORGANIZER)
                work.note("organizer.removed", organizer=user_id)
        still = tuple(each for each in gone if Role.ORGANIZER in self.desk.who.roles_if_known(each, contest.id))
        return StaffChanged(contest.name, tuple(gone), tuple(each for each in user_ids if each not in gone), still)

    def remove_judges(self, actor: str, channel_id: str, user_ids: Sequence[str]) -> StaffChanged:
        """Let judges go who have rated nothing. Raises Refusal (nobody goes) where one of them has."""
        with self.desk.organizer(actor, channel_id=channel_id) as work:
            contest = not_archived(work.contest)
            problems = Problems()
            gone = [each for each in dict.fromkeys(user_ids) if problems.of(False, _release, work, each)]
            problems.settle()
        return StaffChanged(contest.name, tuple(gone), tuple(each for each in user_ids if each not in gone))

    def archiving(self, actor: str, channel_id: str) -> ArchivePreview:
        """What ``archive`` would do. Raises Refusal before the end, and where it was done."""
        contest = self._organized(actor, channel_id)
        return ArchivePreview(_finished(contest).id, contest.name)

    def archive(self, actor: str, contest_id: str) -> str:
        """Put a contest away that is over; its name. Safe to repeat. Raises Refusal before the end."""
        with self.desk.organizer(actor, contest_id) as work:
            contest = work.contest
            if contest.archived_at is None:
                _finished(contest).archived_at = work.now
                work.note("contest.archived")
            return contest.name

    def _organized(self, actor: str, channel_id: str) -> Contest:
        contest = self.desk.who.contest_meant(actor, channel_id)
        self.desk.who.require_organizer(actor, contest.id)
        return contest


def _add(work: Matter, profile: Profile) -> bool:
    remember(work, profile, work.now)
    contest, user_id = work.contest, profile.user_id
    if not work.contests.roles.give(contest.id, user_id, Role.ORGANIZER, added_by=work.actor, now=work.now):
        return False
    welcome = OrganizerWelcome(contest_name=contest.name, channel_id=contest.channel_id, added_by=work.actor)
    work.post(f"organizer:{contest.id}:{user_id}:{work.now.timestamp():.0f}", user_id, welcome)
    work.note("organizer.added", organizer=user_id)
    return True


def _release(work: Matter, judge: str) -> bool:
    contest = work.contest
    role = work.contests.roles.held(contest.id, judge, Role.JUDGE)
    if role is None or role.recused_at is not None:
        return False
    given = sum(rating.judge == judge for rating in work.ratings.of_contest(contest.id))
    if given:
        pieces = "1 rating" if given == 1 else f"{given} ratings"
        raise Refusal(
            f"<@{judge}> has given {pieces}, so I let nobody go. Only they can leave now, with `/kantor judge`: "
            "they say whether what they gave still counts. Or name them alone, and say what is to become of it."
        )
    role.recused_at = work.now
    work.happened(JudgeLeft(judge))
    released = JudgeReleased(contest_name=contest.name, by=work.actor)
    work.post(f"released:{contest.id}:{judge}:{work.now.timestamp():.0f}", judge, released)
    work.note("judge.removed", judge=judge)
    return True


def _judges(work: Work, contest: Contest, coverage: Coverage, *, organizes: bool) -> tuple[Judge, ...]:
    rows = work.contests.roles.rows_among(contest.id, Role.JUDGE, coverage.judges)
    return tuple(
        Judge(
            user_id=judge,
            done=coverage.piles[judge].done if organizes else None,
            total=coverage.piles[judge].total if organizes else None,
            paused=organizes and rows[judge].paused_at is not None,
        )
        for judge in _by_name(work, coverage.judges)
    )


def _by_name(work: Work, user_ids: Collection[str]) -> list[str]:
    """In the order of their names, as people count: P9 before P89."""
    names = work.people.names()
    return sorted(user_ids, key=lambda each: natural(names.get(each) or each))


def _finished(contest: Contest) -> Contest:
    if contest.phase != Phase.FINISHED:
        raise Refusal(
            f"*{quoted(contest.name)}* is not over: only a finished contest goes into the archive. `/kantor phase next` leads there."
        )
    return not_archived(contest)
