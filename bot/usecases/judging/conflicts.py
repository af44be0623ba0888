"""Conflicts of interest: a judge hears nothing of those whom they should not judge, be it here already or yet to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.phases import OVER
from bot.rules.roles import Role
from bot.rules.words import quoted
from bot.usecases.judging.allotting import allot
from bot.usecases.judging.following import CONFLICT, follow
from bot.usecases.judging.invitations import invite_all
from bot.usecases.judging.letters import ConflictNews
from models.judging import JudgingMark, MarkKind
from models.panels import Conflict, ConflictKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.usecases import happenings as on
    from bot.usecases.desk import Desk, Matter
    from models.store import Work
    from models.submissions import Submission

MOST = 20
"""People who are named in one window."""


@dataclass(frozen=True)
class Declared:
    """A conflict."""

    judge: str
    author: str
    kind: ConflictKind
    declared_by: str


@dataclass(frozen=True)
class ConflictList:
    """What somebody sees of a contest's conflicts: judges their own, organizers all."""

    contest_id: str
    contest_name: str
    conflicts: tuple[Declared, ...]
    judges: tuple[str, ...]
    """For whom the person can declare: themselves; all judges for an organizer."""


@dataclass(frozen=True)
class Conflicts:
    """Declare, look, take back."""

    desk: Desk

    def listed(self, actor: str, contest_id: str) -> ConflictList:
        """Raises Refusal for those who neither judge nor organize it. May raise Unavailable."""
        organizes = Role.ORGANIZER in self.desk.who.roles_if_known(actor, contest_id)
        with self.desk.person(actor, contest_id, reads=True) as work:
            return _listed(work, actor, organizes=organizes)

    def declare(self, actor: str, contest_id: str, judge: str, authors: Sequence[str], kind: str) -> ConflictList:
        """The judge hears nothing of these people's, in either round; ratings of it are kept, and count no more. Safe to repeat.

        Raises Refusal with the field that is wrong, and as ``listed``. May raise Unavailable.
        """
        organizes = Role.ORGANIZER in self.desk.who.roles_if_known(actor, contest_id)
        others = [author for author in dict.fromkeys(authors) if author != judge]
        if not others:
            raise Refusal(
                "Please name at least one person; nobody hears their own compositions anyway.", field="people"
            )
        if kind not in set(ConflictKind):
            raise Refusal("Please choose why.", field="conflict")
        if len(others) > MOST:
            raise Refusal(f"Please name up to {MOST} people at a time.", field="people")
        with self.desk.person(actor, contest_id) as work:
            contest = work.contest
            self._require_time(work, actor, judge, organizes=organizes)
            new = [author for author in others if work.panels.conflict(contest.id, judge, author) is None]
            for author in new:  # what an organizer declared stays theirs
                row = Conflict(
                    contest_id=contest.id, judge=judge, author=author, kind=ConflictKind(kind), declared_by=actor, at=work.now
                )  # fmt: skip
                work.panels.declare(row)
            if new:
                pieces = [piece for piece in work.submissions.accepted(contest.id) if piece.user_id in new]
                rated = len(work.ratings.by_judges([piece.id for piece in pieces], [judge]))
                _recuse(work, judge, pieces, ConflictKind(kind))
                work.note("conflict.declared", judge=judge, authors=new, kind=kind)
                _tell(work, judge, new, kind, rated)
                _go_on(work, judge, pieces)
            return _listed(work, actor, organizes=organizes)

    def withdraw(self, actor: str, contest_id: str, judge: str, author: str) -> ConflictList:
        """The judge may hear that person's compositions again. Safe to repeat. Raises as ``declare``."""
        organizes = Role.ORGANIZER in self.desk.who.roles_if_known(actor, contest_id)
        with self.desk.person(actor, contest_id) as work:
            self._require_time(work, actor, judge, organizes=organizes)
            conflict = work.panels.conflict(contest_id, judge, author)
            if conflict is not None:
                if conflict.declared_by != actor and not organizes:
                    raise Refusal("An organizer declared that. Please ask them.")
                pieces = [piece for piece in work.submissions.accepted(contest_id) if piece.user_id == author]
                marks = [work.ratings.marks.on(piece.id, judge, MarkKind.RECUSED) for piece in pieces]
                for mark in marks:
                    if mark is not None and mark.reason.startswith(CONFLICT):
                        work.ratings.marks.remove(mark)
                work.panels.withdraw(conflict)
                work.note("conflict.withdrawn", judge=judge, authors=[author])
                _go_on(work, judge, pieces)
            return _listed(work, actor, organizes=organizes)

    def _require_time(self, work: Matter, actor: str, judge: str, *, organizes: bool) -> None:
        contest = work.contest
        if judge != actor and not organizes:
            raise Refusal("Only organizers declare that for somebody else.")
        if not work.contests.roles.has(contest.id, judge, Role.JUDGE):
            raise Refusal(f"<@{judge}> is no judge of *{quoted(contest.name)}*.", field="judge" if organizes else None)
        if contest.phase in OVER:
            raise Refusal(f"The judging of *{quoted(contest.name)}* is over: what counted has counted.")


def of_an_acceptance(work: Matter, accepted: on.Accepted) -> None:
    """Something new of a person with whom judges have a conflict: they do not hear it."""
    piece = accepted.counting
    for conflict in work.panels.conflicts(work.contest.id):
        if conflict.author == piece.user_id:
            _recuse(work, conflict.judge, [piece], conflict.kind)


def of_another_version(work: Matter, chosen: on.VersionChosen) -> None:
    """The same for a version that counts again."""
    for conflict in work.panels.conflicts(work.contest.id):
        _recuse(
            work, conflict.judge, [each for each in chosen.versions if each.user_id == conflict.author], conflict.kind
        )


def _recuse(work: Matter, judge: str, pieces: Collection[Submission], kind: ConflictKind) -> None:
    for piece in pieces:
        if work.ratings.marks.on(piece.id, judge, MarkKind.RECUSED) is None:
            work.ratings.marks.add(
                JudgingMark(
                    id=work.desk.ids.new(),
                    contest_id=work.contest.id,
                    submission_id=piece.id,
                    judge=judge,
                    kind=MarkKind.RECUSED,
                    reason=f"{CONFLICT}{kind}",
                    at=work.now,
                )
            )


def _go_on(work: Matter, judge: str, pieces: Collection[Submission]) -> None:
    """Others hear it instead, and what was sent about it follows."""
    allot(work)
    invite_all(work, work.contest, work.now)
    follow(work, work.contest, [piece.id for piece in pieces], work.now, [judge])


def _tell(work: Matter, judge: str, authors: Sequence[str], kind: str, rated: int) -> None:
    """The organizers; and the judge, where it was an organizer who said so."""
    news = ConflictNews(
        contest_name=work.contest.name, judge=judge, authors=tuple(authors), reason=kind, by=work.actor, rated=rated
    )
    key = f"conflict:{work.contest.id}:{judge}:{work.now.timestamp():.3f}"
    work.post_to_organizers(key, news)
    if work.actor != judge:
        work.post(f"{key}:judge", judge, news.model_copy(update={"to_judge": True}))


def _listed(work: Matter, actor: str, *, organizes: bool) -> ConflictList:
    contest = work.contest
    judges = work.contests.roles.holders(contest.id, Role.JUDGE)
    if actor not in judges and not organizes:
        raise Refusal("Only judges and organizers of that contest can declare a conflict.")
    theirs = tuple(judges) if organizes else (actor,)
    found = [
        Declared(each.judge, each.author, each.kind, each.declared_by)
        for each in work.panels.conflicts(contest.id)
        if each.judge in theirs
    ]
    return ConflictList(contest.id, contest.name, tuple(found), theirs)


def declared(work: Work, contest_id: str) -> int:
    """How many conflicts the contest has."""
    return len(work.panels.conflicts(contest_id))
