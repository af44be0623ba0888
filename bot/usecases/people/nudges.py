"""Reminders: those that organizers send, one a day a person at most, and the one on the last day to whoever has sent nothing in.

Who takes part in a contest is told as far as Kantor knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import FRESH, is_last_day, left, zone
from bot.rules.phases import JUDGED, Phase
from bot.rules.roles import Role
from bot.rules.words import quoted
from bot.usecases.contests.countdowns import deadline_known_since
from bot.usecases.judging.invitations import piles_of
from bot.usecases.judging.letters import JudgingDigest
from bot.usecases.letters import Draft, post_all
from bot.usecases.people.letters import Checklist, ComposerNudge, DutyReminder, JudgeNudge
from bot.usecases.submissions.arrivals import deadline_of
from bot.usecases.submissions.letters import ExtensionNote
from models.submissions import SubmissionState

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
                return Nudged(sent)
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
            return Nudged(len(due))

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
        Phase.CEREMONY: "waits for its ceremony",
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
    reminded = work.outbox.recipients_lately({*_NUDGES, JudgingDigest.kind, DutyReminder.kind}, ONCE, now)
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


_ON_ITS_WAY = frozenset(
    {SubmissionState.RECEIVED, SubmissionState.CHECKING, SubmissionState.ACCEPTED, SubmissionState.LATE}
)


def taking_part(work: Work, contest: Contest) -> list[str]:
    """Whoever sent something in, has an account or waits for one, or was welcomed in the channel; user ids, each once.

    Not everybody in the channel: many are there to listen.
    """
    sent_in = {piece.user_id for piece in work.submissions.of_contest(contest.id)}
    holders = {account.holder for account in work.accounts.of_contest(contest.id) if account.holder is not None}
    waiting = {each.user_id for each in work.accounts.waits.queue(contest.id)}
    welcomed = set(work.outbox.recipients_of(Checklist.kind, contest.id))
    return sorted(sent_in | holders | waiting | welcomed)


def without_a_composition(work: Work, contest: Contest) -> list[str]:
    """Those of them who have nothing that counts or may yet, and do not help to run the contest; user ids."""
    have = {piece.user_id for piece in work.submissions.of_contest(contest.id) if piece.state in _ON_ITS_WAY}
    helpers = {each for role in (Role.JUDGE, Role.ORGANIZER) for each in work.contests.roles.holders(contest.id, role)}
    return [person for person in taking_part(work, contest) if person not in have | helpers]


@dataclass(frozen=True)
class LastDay:
    """Remind people who have no composition, by daylight, once a deadline."""

    desk: Desk

    def remind(self) -> int:
        """Write to whoever is to be reminded now; to how many. Safe to repeat, by however many replicas. May raise Unavailable."""
        now = self.desk.clock.now()
        with self.desk.store.read() as work:
            near = [each for each in work.contests.in_phase(Phase.OPEN) if _due(work, each, now)]
        # Of people who have left the channel Slack alone knows.
        here = {each.id: self.desk.who.directory.everybody_in(each.channel_id) for each in near}
        return sum(self._remind(each.id, here[each.id], now) for each in near)

    def _remind(self, contest_id: str, here: frozenset[str], now: datetime) -> int:
        with self.desk.anyone() as work:
            contest = work.lock(contest_id)
            # Somebody may have sent something in since we looked.
            nudges = {} if contest is None else _due(work, contest, now)
            due = [
                Draft(_key(contest_id, person, nudge), person, nudge, contest_id=contest_id)
                for person, nudge in nudges.items()
                if person in here
            ]
            known = work.outbox.known([each.key for each in due])
            new = [draft for draft in due if draft.key not in known]
            post_all(work, new, now)
            return len(new)


def _key(contest_id: str, person: str, nudge: ComposerNudge) -> str:
    # The deadline is in the key: of a moved one they are reminded anew.
    return f"last_day:{contest_id}:{nudge.deadline.astimezone(UTC).isoformat()}:{person}"


def _due(work: Work, contest: Contest, now: datetime) -> dict[str, ComposerNudge]:
    """What each of those reads who are to be reminded now."""
    if contest.phase != Phase.OPEN:
        return {}
    since = deadline_known_since(work, contest)
    told = work.outbox.recipients_lately({Checklist.kind, ExtensionNote.kind}, FRESH, now)
    people = [each for each in left_in_peace(work, without_a_composition(work, contest), now) if each not in told]
    nudges = {each: composer_nudge(work, contest, each, now) for each in people}
    return {
        each: nudge
        for each, nudge in nudges.items()
        if is_last_day(nudge.deadline, since, now, now.astimezone(zone(nudge.time_zone) or UTC).hour)
    }
