"""Friendly reminders that organizers send: to people without a composition, to judges with pieces left; one a day a person at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.countdown import left
from bot.rules.phases import JUDGED, Phase
from bot.rules.roles import Role
from bot.rules.words import quoted
from bot.usecases.judging.invitations import piles_of
from bot.usecases.judging.letters import JudgingDigest
from bot.usecases.letters import Draft, post_all
from bot.usecases.people.letters import ComposerNudge, JudgeNudge
from bot.usecases.people.takingpart import without_a_composition
from bot.usecases.submissions.arrivals import deadline_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.usecases.desk import Desk
    from models.contests import Contest
    from models.store import Work

ONCE = timedelta(hours=24)
_NUDGES = (ComposerNudge.kind, JudgeNudge.kind)
"""Kinds of these letters."""


@dataclass(frozen=True)
class NudgePreview:
    """Whom a reminder would reach."""

    nudge_id: str
    """What is confirmed with it goes out once."""
    contest_id: str
    contest_name: str
    judges: bool
    """True: judges with pieces left; False: people without a composition."""
    people: tuple[str, ...]
    """User ids of those who would be reminded."""
    rested: int
    """So many more were reminded within the last day, and are left in peace."""
    example: ComposerNudge | JudgeNudge | None = None
    """What the first of them will read."""


@dataclass(frozen=True)
class Nudged:
    """Whom it reached."""

    contest_name: str
    judges: bool
    people: int
    """0: all of them were reminded meanwhile, or need no reminder any more."""


@dataclass(frozen=True)
class Nudges:
    """Look whom it reaches, and send it."""

    desk: Desk

    def preview(self, actor: str, channel_id: str) -> NudgePreview:
        """Who would be reminded now. Raises Refusal for people who are no organizers, and where nobody has anything to do."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as seen:
            contest, now = seen.contest, seen.now
            _require_time(contest, now)
        here = self._here(contest)
        with self.desk.store.read() as work:
            behind = _behind(work, contest, here)
            due = left_in_peace(work, behind, now)
            example = _words(work, contest, due[0], now) if due else None
        judges, rested = contest.phase in JUDGED, len(behind) - len(due)
        return NudgePreview(self.desk.ids.new(), contest.id, contest.name, judges, tuple(due), rested, example)

    def send(self, actor: str, contest_id: str, nudge_id: str, *, judges: bool) -> Nudged:
        """Remind those who still need it. Repeating it says nothing twice. Raises Refusal."""
        with self.desk.organizer(actor, contest_id, reads=True) as seen:
            contest = seen.contest
        here = self._here(contest)
        with self.desk.organizer(actor, contest_id) as work:
            contest, now = work.contest, work.now
            sent = sum(len(work.outbox.about(nudge_id, kind)) for kind in _NUDGES)
            if sent:
                return Nudged(contest.name, judges, sent)
            _require_time(contest, now)
            if judges is not (contest.phase in JUDGED):
                raise Refusal(
                    f"*{quoted(contest.name)}* has moved on since you looked. `/kantor nudge` shows who is behind now."
                )
            due = left_in_peace(work, _behind(work, contest, here), now)
            words = {each: _words(work, contest, each, now) for each in due}
            drafts = [
                Draft(f"nudge:{nudge_id}:{each}", each, said, contest_id=contest.id, subject_id=nudge_id)
                for each, said in words.items()
            ]
            post_all(work, drafts, now)
            work.note("nudge.sent", to="judges" if judges else "participants", people=due)
            return Nudged(contest.name, judges, len(due))

    def _here(self, contest: Contest) -> frozenset[str]:
        """Judges may be outside of the channel; of the others only those who are still in it are reminded."""
        return frozenset() if contest.phase in JUDGED else self.desk.who.directory.everybody_in(contest.channel_id)


def _require_time(contest: Contest, now: datetime) -> None:
    if contest.phase == Phase.OPEN and now < contest.deadline:
        return
    if contest.phase in JUDGED:
        return
    why = {
        Phase.DRAFT: "is not open yet",
        Phase.OPEN: "takes no more compositions since its deadline",
        Phase.FINISHED: "is finished",
    }[contest.phase]
    raise Refusal(
        f"*{quoted(contest.name)}* {why}, so there is nothing to remind anybody of. `/kantor announce` tells people anything else."
    )


def _behind(work: Work, contest: Contest, here: frozenset[str]) -> list[str]:
    if contest.phase == Phase.OPEN:
        return [person for person in without_a_composition(work, contest) if person in here]
    holders = work.contests.roles.holders(contest.id, Role.JUDGE)
    rows = work.contests.roles.rows_among(contest.id, Role.JUDGE, holders)
    piles = piles_of(work, contest, holders)
    return [judge for judge in holders if piles[judge].unrated and rows[judge].paused_at is None]


def left_in_peace(work: Work, behind: list[str], now: datetime) -> list[str]:
    """Those of them whom nobody reminded for a day, also not for other contests, nor by the reminders that come by themselves."""
    reminded = work.outbox.recipients_lately({*_NUDGES, JudgingDigest.kind}, ONCE, now)
    return [person for person in behind if person not in reminded]


def _words(work: Work, contest: Contest, user_id: str, now: datetime) -> ComposerNudge | JudgeNudge:
    if contest.phase in JUDGED:
        pile = piles_of(work, contest, [user_id])[user_id]
        return JudgeNudge(contest_id=contest.id, contest_name=contest.name, done=pile.done, total=pile.total)
    return composer_nudge(work, contest, user_id, now)


def composer_nudge(work: Work, contest: Contest, user_id: str, now: datetime) -> ComposerNudge:
    """What somebody without a composition reads, with their own deadline."""
    deadline = deadline_of(work, contest, user_id)
    return ComposerNudge(
        contest_name=contest.name,
        channel_id=contest.channel_id,
        deadline=deadline,
        time_zone=work.people.zone_of(user_id, contest.time_zone),
        left=left(deadline, now),
    )
