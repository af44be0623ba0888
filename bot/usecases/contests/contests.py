"""Contests: their beginning, their phases, their judges.

What the next phase of one would bring is said in sentences, before anybody confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Problems, Refusal
from bot.rules.moments import left, spoken, until
from bot.rules.naming import natural
from bot.rules.numbers import counted, spelled
from bot.rules.phases import JUDGED, OVER, Intake, Phase, Round, next_phase
from bot.rules.prizes import beyond, load, told_of
from bot.rules.roles import Role
from bot.rules.schedule import spoken_schedule
from bot.rules.standings import BoardMode, Scores
from bot.rules.words import one_line, quoted
from bot.usecases.accounts.handover import pool_count
from bot.usecases.blindness import bylines, is_kept_blind, judges_who_watch
from bot.usecases.contests import newcontest, settings, written
from bot.usecases.contests.finals import Cut, begin_final, cut_of, nobody_rated
from bot.usecases.contests.letters import PhaseNews
from bot.usecases.contests.newcontest import NewContest
from bot.usecases.happenings import ContestPrepared, PhaseBegan
from bot.usecases.judging.appointing import able, appoint
from bot.usecases.judging.counting import counting, coverage_of, open_flags
from bot.usecases.judging.fairness import goes_by
from bot.usecases.judging.panels import below_floor
from bot.usecases.who import remember
from models.contests import ContestMove
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.ports import Profile
    from bot.usecases.contests.finals import Cut
    from bot.usecases.desk import Desk, Matter
    from bot.usecases.judging.counting import Coverage
    from models.contests import Contest
    from models.store import Work


__all__ = ["ContestStatus", "ContestSummary", "Contests", "JudgesAdded", "NewContest", "PhasePreview"]


@dataclass(frozen=True)
class ContestSummary:
    """A contest as it stands."""

    contest_id: str
    name: str
    slug: str
    phase: Phase
    deadline: datetime
    """In UTC."""
    time_zone: str
    channel_id: str
    submission_limit: int


MIN_WHY, MAX_WHY = 3, 500
"""Characters of a reason for closing a round early."""
PATIENCE = timedelta(minutes=1)
"""Jobs that wait for longer, while no worker is heard of for as long, are nobody's."""


@dataclass(frozen=True)
class ContestStatus:
    """The answer to ``/kantor status``."""

    contest: ContestSummary
    deadline_text: str
    """The deadline in the asking person's zone with UTC beside it, as it stands in sentences."""
    submissions: Mapping[str, int]
    """How many are in each state: received, checking, accepted, refused, failed (0 where none)."""
    judges: tuple[str, ...]
    ratings: int
    ratings_possible: int
    """Those that count, and those that the judges of now have yet to give."""
    unrated: int
    """Accepted compositions without any rating."""
    fewest_ratings: int
    """The number of ratings of the accepted composition that has the fewest; 0 where there is none."""
    pool_left: int | None
    """Free accounts; None for people who are no organizers."""
    letters_waiting: int | None
    """Messages that have not gone out yet, in the whole workspace; None for people who are no organizers."""
    letters_failed: int | None = None
    """Messages that will never arrive; None as above."""
    jobs_failed: int | None = None
    """What was tried again and again, and given up; None as above."""
    unattended: bool = False
    """Whether jobs wait, and no worker has been heard of; only organizers are told."""
    finalists: int | None = None
    """How many compositions are in the final; None before it."""
    watching: tuple[str, ...] = ()
    """Judges of a blind contest who sit where compositions are uploaded; only organizers are told."""


@dataclass(frozen=True)
class JudgesAdded:
    """Who became a judge, and who was one already (user ids)."""

    contest_name: str
    added: tuple[str, ...]
    already: tuple[str, ...]
    composing: tuple[str, ...] = ()
    """Those of the new ones who have compositions in the contest themselves."""


@dataclass(frozen=True)
class Contests:
    """Begin a contest, look at it, move it on, and add its judges."""

    desk: Desk

    def create(self, command: NewContest) -> ContestSummary:
        """Write down a new contest, as a draft. Safe to repeat. Raises Refusal with the field that is wrong."""
        self.desk.who.require_organizer(command.actor)
        profile = self.desk.who.profile(command.actor)
        now = self.desk.clock.now()
        problems = Problems()
        wanted = problems.of({}, settings.checked, command.written, newcontest.NOTHING, now)
        channel_id = command.written["channel_id"]
        problems.of(None, written.require_channel, self.desk.who.directory, channel_id, command.actor)
        with self.desk.anyone(command.actor) as work:
            if profile is not None:
                remember(work, profile, now)
            work.contests.lock_places()
            made = newcontest.repeated(work, command.actor, wanted) if wanted else None
            if made is not None:
                return _summary(made)
            slug = (wanted or command.written)["slug"].strip()
            problems.of(None, written.require_free_slug, work, slug)
            problems.of(None, written.require_free_channel, work, channel_id)
            problems.settle()
            contest = newcontest.row(self.desk.ids.new(), command.actor, wanted, now)
            work.contests.add(contest)
            work.contests.roles.give(contest.id, command.actor, Role.ORGANIZER, added_by=command.actor, now=now)
            about = work.about(contest)
            about.happened(ContestPrepared())
            about.note("contest.created", slug=contest.slug)
        return _summary(contest)

    def status(self, actor: str, channel_id: str, *, is_there: bool = False) -> ContestStatus:
        """How the contest stands, with more for organizers. Raises Refusal where there is none that the person may know of."""
        contest = self.desk.who.contest_meant(actor, channel_id, is_there=is_there)
        organizes = Role.ORGANIZER in self.desk.who.roles_if_known(actor, contest.id)
        zone = self.desk.who.zone_of(actor, contest.time_zone)
        with self.desk.store.read() as work:
            status = _status(work, contest, zone, self.desk.clock.now(), organizes=organizes)
        if not organizes:
            return status
        return replace(status, watching=judges_who_watch(self.desk.who.directory, contest, status.judges))

    def preview_next(self, actor: str, channel_id: str) -> PhasePreview:
        """What ``advance`` would do. Raises Refusal for people who are no organizers, and after the end."""
        contest = self.desk.who.contest_meant(actor, channel_id)
        self.desk.who.require_organizer(actor, contest.id)
        zone = self.desk.who.zone_of(actor, contest.time_zone)
        with self.desk.store.read() as work:
            seen = preview(work, contest, self.desk.clock.now(), zone)
            if is_kept_blind(
                work, contest, actor
            ):  # the last piece without a rating may be the one that they have yet to hear
                seen = replace(seen, unrated=())
            judges = work.contests.roles.holders(contest.id, Role.JUDGE)
        watching = judges_who_watch(self.desk.who.directory, contest, judges) if contest.phase == Phase.DRAFT else ()
        return replace(seen, warnings=(*seen.warnings, *not_blind(watching)))

    def advance(self, actor: str, contest_id: str, expected: Phase, reason: str = "") -> ContestSummary:
        """Move the contest to the phase after ``expected``. The same organizer may repeat that; nothing happens twice.

        Raises Refusal where it is not in ``expected`` any more, and where compositions have too few ratings and no ``reason`` is given.
        """
        with self.desk.organizer(actor, contest_id) as work:
            contest = work.contest
            if moved_already(work, expected):
                return _summary(contest)
            following = next_phase(expected, contest.rounds)
            if contest.phase != expected or following is None:
                raise Refusal(
                    f"*{quoted(contest.name)}* is in the phase *{contest.phase}* already, so nothing was changed. "
                    "`/kantor status` shows how it stands."
                )
            if following in {Phase.FINAL, Phase.FINISHED} and expected is not Phase.CEREMONY:
                require_all_checked(work, contest)
                _require_floor(work, reason)
            cut = begin_phase(work, following)
            note_move(work, expected)
            if cut is not None:
                work.note("final.began", finalists=len(cut.passing), last_score=spelled(cut.last_score))
        return _summary(contest)

    def add_judges(self, actor: str, channel_id: str, user_ids: Sequence[str]) -> JudgesAdded:
        """Make people judges, and welcome them by a letter. Raises Refusal (nobody is added) where one of them cannot be."""
        contest = self.desk.who.contest_meant(actor, channel_id)
        self.desk.who.require_organizer(actor, contest.id)
        if not user_ids:
            raise Refusal("Please name the judges, such as `/kantor judges add @judy @jack`.")
        profiles = able(self.desk.who, user_ids, "judge", guests=True)
        with self.desk.organizer(actor, contest.id) as work:
            contest = work.contest
            if contest.phase in OVER:
                raise Refusal(f"*{quoted(contest.name)}* is finished, so there is nothing left to judge.")
            problems = Problems()
            added = [each.user_id for each in profiles if problems.of(False, self._add_judge, work, each)]
            problems.settle()
            composing = tuple(judge for judge in added if work.submissions.counting(contest.id, judge))
        already = tuple(profile.user_id for profile in profiles if profile.user_id not in added)
        return JudgesAdded(contest.name, tuple(added), already, composing)

    def _add_judge(self, work: Matter, profile: Profile) -> bool:
        judge = profile.user_id
        remember(work, profile, work.now)
        if not appoint(work, judge):
            return False
        work.note("judge.added", judge=judge)
        return True


def _summary(contest: Contest) -> ContestSummary:
    return ContestSummary(
        contest_id=contest.id,
        name=contest.name,
        slug=contest.slug,
        phase=contest.phase,
        deadline=contest.deadline,
        time_zone=contest.time_zone,
        channel_id=contest.channel_id,
        submission_limit=contest.submission_limit,
    )


def _status(work: Work, contest: Contest, zone: str, now: datetime, *, organizes: bool) -> ContestStatus:
    counts = work.submissions.count_by_state(contest.id)
    coverage = coverage_of(work, contest)
    return ContestStatus(
        contest=_summary(contest),
        deadline_text=until(
            contest.deadline, zone, left(contest.deadline, now) if contest.phase in {Phase.DRAFT, Phase.OPEN} else ""
        ),
        submissions={state.value: counts.get(state.value, 0) for state in SubmissionState},
        judges=coverage.judges,
        ratings=coverage.done,
        ratings_possible=coverage.due,
        unrated=len(coverage.unrated),
        fewest_ratings=coverage.fewest,
        # After the end none is handed out.
        pool_left=pool_count(work, contest, now).free if organizes and contest.phase != Phase.FINISHED else None,
        letters_waiting=work.outbox.waiting() if organizes else None,
        letters_failed=work.outbox.failed() if organizes else None,
        jobs_failed=work.jobs.failures(contest.id) if organizes else None,
        unattended=organizes and work.jobs.unattended(now, PATIENCE),
        finalists=None if contest.final_at is None else len(coverage.ratings),
    )


BEGAN = {
    Phase.OPEN: "opened_at",
    Phase.JUDGING: "judging_at",
    Phase.FINAL: "final_at",
    Phase.CEREMONY: "ceremony_at",
    Phase.FINISHED: "finished_at",
}
"""The column that says since when."""


def begin_phase(work: Matter, phase: Phase, fingerprint: str = "") -> Cut | None:
    """Begin that phase; who goes on, where it is the final. Raises Refusal where it cannot begin.

    ``fingerprint``: of the results that stand from now on, where they wait for their ceremony.
    """
    contest, now = work.contest, work.now
    turn = times(work, contest, phase)
    cut = begin_final(work, contest, work.desk.ids.new(), turn, now) if phase is Phase.FINAL else None
    contest.phase = phase
    setattr(contest, BEGAN[phase], now)
    news = PhaseNews(
        contest_name=contest.name,
        phase=phase,
        deadline=contest.deadline,
        time_zone=contest.time_zone,
        limit=contest.submission_limit,
        intake=contest.intake,
        finalists=None if cut is None else len(cut.passing),
        rounds=contest.rounds,
        prizes=told_of(contest.texts) if phase is Phase.OPEN else (),
        fingerprint=fingerprint,
    )
    work.post(f"phase:{contest.id}:{phase}{_again(turn)}", contest.channel_id, news)
    work.happened(PhaseBegan(phase, turn))
    return cut


def note_move(work: Matter, before: Phase, *, back: bool = False) -> None:
    """Write down that the contest has just left that phase, for the next one or for the one before."""
    contest, after = work.contest, work.contest.phase
    move = ContestMove(contest_id=contest.id, actor=work.actor, before=before, after=after, back=back, at=work.now)
    work.contests.move(move)
    work.note("contest.undone" if back else "contest.advanced", before=before.value, after=after)


def moved_already(work: Matter, before: Phase, *, back: bool = False) -> bool:
    """Whether this very move of the actor is what brought the contest where it is."""
    this = work.actor, before, work.contest.phase, back
    return any(this == (one.actor, one.before, one.after, one.back) for one in work.contests.moves(work.contest.id))


def times(work: Work, contest: Contest, phase: Phase) -> int:
    """How often that phase has begun so far: letters about it are told apart by that, since after an undo it begins anew."""
    return sum(move.after == phase and not move.back for move in work.contests.moves(contest.id))


def _again(turn: int) -> str:
    return f":{turn + 1}" if turn else ""


@dataclass(frozen=True)
class PhasePreview:
    """What the next phase would bring, to be confirmed."""

    contest_id: str
    name: str
    phase: Phase
    next_phase: Phase
    effects: tuple[str, ...]
    warnings: tuple[str, ...]
    unrated: tuple[str, ...] = ()
    """At the end: the names of the compositions that nobody rated in this round."""
    below: int = 0
    """Compositions with fewer ratings than they should have: the round closes for a reason only, which is kept."""


def preview(work: Work, contest: Contest, now: datetime, zone: str) -> PhasePreview:
    """The next phase of that contest, with moments by the clocks of ``zone`` (IANA). Raises Refusal where there is none."""
    phase = contest.phase
    following = next_phase(phase, contest.rounds)
    if following is None:
        raise Refusal(
            f"*{quoted(contest.name)}* is finished: no phase comes after that. `/kantor board` shows how it ended."
        )
    unrated: tuple[str, ...] = ()
    below = 0
    if phase in JUDGED:
        coverage = coverage_of(work, contest)  # once: it is most of what the preview of a large contest costs
        effects, warnings = (_final if following is Phase.FINAL else _finishing)(work, contest, now, coverage)
        unrated = _names_of_unrated(work, coverage) if following is Phase.FINISHED else ()
        below = len(below_floor(work, contest, coverage))
    else:
        effects, warnings = (_opening if following is Phase.OPEN else _judging)(work, contest, now, zone)
    return PhasePreview(contest.id, contest.name, phase, following, tuple(effects), tuple(warnings), unrated, below)


def _opening(_work: Work, contest: Contest, now: datetime, zone: str) -> tuple[list[str], list[str]]:
    deadline = spoken(contest.deadline, zone)
    where = {Intake.DM: ", in direct messages to me only,", Intake.CHANNEL: ", in the channel only,"}.get(
        contest.intake, ""
    )
    effects = [
        f"I tell <#{contest.channel_id}> that the contest is open.",
        f"Everybody there can upload up to {counted(contest.submission_limit, 'composition')}{where} until {until(contest.deadline, zone, left(contest.deadline, now))}.",
    ]
    late = f"The deadline, {deadline}, has passed: every upload would be late." if contest.deadline <= now else ""
    prizes = beyond(load(contest.texts.get("prizes", ())), contest.winners)
    return effects, [each for each in (late, prizes) if each]


def _judging(work: Work, contest: Contest, now: datetime, zone: str) -> tuple[list[str], list[str]]:
    judges = work.contests.roles.holders(contest.id, Role.JUDGE)
    accepted = work.submissions.accepted(contest.id)
    effects = [
        "Uploads close: what is sent from now on counts only for people whom you give more time (`/kantor extend`)."
        if now < contest.deadline
        else "Uploads close: a file that comes from now on waits for your decision (`/kantor late`).",
        f"Each judge gets the compositions in their direct messages, a few at a time: {counted(len(accepted), 'composition')} for {counted(len(judges), 'judge')}.",
    ]
    if contest.board_cron and contest.board_mode != BoardMode.HIDDEN:
        effects.append(
            f"I post the board in <#{contest.channel_id}> {spoken_schedule(contest.board_cron)} ({contest.time_zone})."
        )
    return effects, list(_before_judging(work, contest, now, zone, judges=len(judges), accepted=len(accepted)))


def _before_judging(  # noqa: PLR0913 - what has been counted already
    work: Work, contest: Contest, now: datetime, zone: str, *, judges: int, accepted: int
) -> Iterator[str]:
    if now < contest.deadline:
        deadline = until(contest.deadline, zone, left(contest.deadline, now))
        yield f"The deadline is only on {deadline}: people may be counting on it."
    if not judges:
        yield "There are no judges yet. Add them with `/kantor judges add @...`, now or later."
    if not accepted:
        yield "No composition has been accepted yet."
    unchecked = _unchecked(work, contest)
    if unchecked:
        yield f"{_being_checked(unchecked)}; whatever is accepted goes on to the judges."
    yield from _undecided(work, contest)
    for extension in work.contests.extensions(contest.id):
        if extension.until > now:
            theirs = until(extension.until, zone, left(extension.until, now))
            yield f"<@{extension.user_id}> has more time, until {theirs}: what comes by then still counts, and goes on to the judges."


def _final(work: Work, contest: Contest, now: datetime, coverage: Coverage) -> tuple[list[str], list[str]]:
    cut = cut_of(work, contest, now)
    if not cut.passing:
        raise nobody_rated(contest)
    judges = work.contests.roles.holders(contest.id, Role.JUDGE)
    authors = len(set(work.submissions.authors(contest.id).values()))
    effects = [
        "Ratings of the preliminary round close: judges can add or change nothing in it after this.",
        *_going_on(contest, cut),
        f"I write to {counted(authors, 'author')} whether they are in the final, and tell <#{contest.channel_id}> how many go on.",
        f"Each judge hears them once more, in their direct messages: {counted(len(judges), 'judge')}.",
    ]
    return effects, [*_before_final(contest, cut), *_before_finishing(work, contest, coverage)]


def _going_on(contest: Contest, cut: Cut) -> Iterator[str]:
    passing = len(cut.passing)
    fair = "a fair score of " if goes_by(contest) is Scores.FAIR else ""
    least = f"with {fair}{spelled(cut.last_score)} or more"
    goes = "goes" if passing == 1 else "go"
    yield f"{counted(passing, 'composition')} of {cut.heard} {goes} on to the final, {least}."
    if passing > contest.finalists:
        yield f"That is more than {contest.finalists}, since {cut.tied} share the last place: all of them go on."


def _before_final(contest: Contest, cut: Cut) -> Iterator[str]:
    if len(cut.passing) == cut.rated:
        yield (
            f"Everything that has a rating would go on: for {cut.rated} compositions a final of {contest.finalists} "
            "changes nothing. `/kantor contest edit` sets fewer, or one round only."
        )


def _finishing(work: Work, contest: Contest, _now: datetime, coverage: Coverage) -> tuple[list[str], list[str]]:
    closing = "Ratings close: judges can add or change nothing after this."
    if contest.phase == Phase.CEREMONY:
        closing = (
            "What the ceremony has not shown by then is not revealed step by step: everybody sees all of it at once."
        )
    effects = [
        closing,
        f"I announce the winners of both boards in <#{contest.channel_id}>, thank everybody, and post the final board.",
    ]
    if contest.frozen_board_id is not None:
        effects.append("The freeze of the board ends: everybody sees how it ended.")
    return effects, [] if contest.phase == Phase.CEREMONY else list(_before_finishing(work, contest, coverage))


def _before_finishing(work: Work, contest: Contest, coverage: Coverage) -> Iterator[str]:
    yield from _unrated(work, contest, coverage)
    for judge, pile in coverage.piles.items():
        if pile.unrated:
            yield f"<@{judge}> has rated {pile.done} of {pile.total}."
    yield from _undecided(work, contest)
    flags = len(open_flags(work, contest))
    if flags:
        yield f"{counted(flags, 'flag')} of judges {'waits' if flags == 1 else 'wait'} for a look: `/kantor flags`."
    unchecked = _unchecked(work, contest)
    if unchecked:
        yield _not_yet(contest, unchecked)


def _names_of_unrated(work: Work, coverage: Coverage) -> tuple[str, ...]:
    pieces = work.submissions.by_ids(set(coverage.unrated))
    return tuple(sorted(bylines(work, pieces.values()).values(), key=natural))


def _unrated(work: Work, contest: Contest, coverage: Coverage) -> Iterator[str]:
    """What becomes of compositions without a rating: in a final the first round places them, where it gave them a score."""
    given = counting(work, contest) if coverage.round is Round.FINAL and coverage.unrated else ()
    scored = {each.submission_id for each in given if each.round == Round.PRELIMINARY}
    placed = [piece for piece in coverage.unrated if piece in scored]
    nothing = len(coverage.unrated) - len(placed)
    if placed and not coverage.done:
        yield "No finalist has a rating in the final: their scores of the first round would decide all their places."
    elif len(placed) == 1:
        yield (
            "1 finalist has no rating in the final: it gets its place behind the finalists that have one, by its score of "
            "the first round."
        )
    elif placed:
        yield (
            f"{len(placed)} finalists have no rating in the final: they get their places behind the finalists that have "
            "one, by their scores of the first round."
        )
    if nothing:
        yield f"{counted(nothing, 'composition')} {'has no rating and gets' if nothing == 1 else 'have no rating and get'} no place."


def not_blind(judges: Sequence[str]) -> Iterator[str]:
    """What to say of judges who read the channel in which people upload."""
    if judges:
        who = ", ".join(f"<@{judge}>" for judge in judges[:5]) + (" and others" if len(judges) > 5 else "")
        reads = "judges and reads" if len(judges) == 1 else "judge and read"
        yield (
            f"{who} {reads} the channel, and would see who uploads what. `/kantor contest edit` takes compositions in "
            "direct messages only."
        )


def _undecided(work: Work, contest: Contest) -> Iterator[str]:
    late = work.submissions.count_by_state(contest.id).get("late", 0)
    if late:
        verb = "waits" if late == 1 else "wait"
        yield f"{counted(late, 'late file')} {verb} for a decision: `/kantor late`."


def require_all_checked(work: Work, contest: Contest) -> None:
    """Raises Refusal while uploads are being checked: a round ends once, and would end without them."""
    unchecked = _unchecked(work, contest)
    if unchecked:
        raise Refusal(_not_yet(contest, unchecked))


def _require_floor(work: Matter, reason: str) -> None:
    """Raises Refusal where compositions have too few ratings, and nobody says why the round closes all the same."""
    lacking = below_floor(work, work.contest)
    if not lacking:
        return
    why = one_line(reason)
    if not MIN_WHY <= len(why) <= MAX_WHY:
        have = "1 composition has" if len(lacking) == 1 else f"{len(lacking)} compositions have"
        raise Refusal(
            f"{have} fewer ratings than the others, so a comparison would be unfair. `/kantor panel` names them. To close the round all "
            f"the same, say why in {MIN_WHY} to {MAX_WHY} characters: it is kept.",
            field="reason",
        )
    work.note("round.closed_early", below=len(lacking), reason=why)


def _not_yet(contest: Contest, unchecked: int) -> str:
    if next_phase(contest.phase, contest.rounds) is Phase.FINAL:
        return f"{_being_checked(unchecked)}, and nobody has heard it. Please begin the final a little later."
    return f"{_being_checked(unchecked)}, so a board would not be final yet. Please finish the contest in a minute, when that is done."


def _being_checked(unchecked: int) -> str:
    return f"{counted(unchecked, 'upload')} {'is' if unchecked == 1 else 'are'} still being checked"


def _unchecked(work: Work, contest: Contest) -> int:
    counts = work.submissions.count_by_state(contest.id)
    return counts.get("received", 0) + counts.get("checking", 0)
