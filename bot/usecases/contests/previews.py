"""What the next phase of a contest would bring, in sentences, before anybody confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import left, spoken, until
from bot.rules.naming import natural
from bot.rules.numbers import spelled
from bot.rules.phases import Intake, Phase, Round, next_phase
from bot.rules.roles import Role
from bot.rules.schedule import spoken_schedule
from bot.rules.standings import BoardMode
from bot.rules.words import quoted
from bot.usecases.bylines import bylines
from bot.usecases.contests.finals import Cut, cut_of, nobody_rated
from bot.usecases.judging.counting import counting, coverage_of, open_flags

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.usecases.judging.counting import Coverage
    from models.contests import Contest
    from models.store import Work


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


def preview(work: Work, contest: Contest, now: datetime, zone: str) -> PhasePreview:
    """The next phase of that contest, with moments by the clocks of ``zone`` (IANA). Raises Refusal where there is none."""
    phase = contest.phase
    following = next_phase(phase, contest.rounds)
    if following is None:
        raise Refusal(
            f"*{quoted(contest.name)}* is finished: no phase comes after that. `/kantor board` shows how it ended."
        )
    effects, warnings = {
        Phase.OPEN: _opening,
        Phase.JUDGING: _judging,
        Phase.FINAL: _final,
        Phase.FINISHED: _finishing,
    }[following](work, contest, now, zone)
    unrated = _names_of_unrated(work, contest) if following is Phase.FINISHED else ()
    return PhasePreview(contest.id, contest.name, phase, following, tuple(effects), tuple(warnings), unrated)


def _opening(_work: Work, contest: Contest, now: datetime, zone: str) -> tuple[list[str], list[str]]:
    deadline = spoken(contest.deadline, zone)
    where = {Intake.DM: ", in direct messages to me only,", Intake.CHANNEL: ", in the channel only,"}.get(
        contest.intake, ""
    )
    effects = [
        f"I tell <#{contest.channel_id}> that the contest is open.",
        f"Everybody there can upload up to {counted(contest.submission_limit, 'composition')}{where} until {until(contest.deadline, zone, left(contest.deadline, now))}.",
    ]
    late = f"The deadline, {deadline}, has passed: every upload would be late."
    return effects, [late] if contest.deadline <= now else []


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


def _final(work: Work, contest: Contest, now: datetime, _zone: str) -> tuple[list[str], list[str]]:
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
    return effects, [*_before_final(contest, cut), *_before_finishing(work, contest)]


def _going_on(contest: Contest, cut: Cut) -> Iterator[str]:
    passing = len(cut.passing)
    least = f"with {spelled(cut.last_score)} or more"
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


def _finishing(work: Work, contest: Contest, _now: datetime, _zone: str) -> tuple[list[str], list[str]]:
    effects = [
        "Ratings close: judges can add or change nothing after this.",
        f"I announce the winners of both boards in <#{contest.channel_id}>, thank everybody, and post the final board.",
    ]
    if contest.frozen_board_id is not None:
        effects.append("The freeze of the board ends: everybody sees how it ended.")
    return effects, list(_before_finishing(work, contest))


def _before_finishing(work: Work, contest: Contest) -> Iterator[str]:
    coverage = coverage_of(work, contest)
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


def _names_of_unrated(work: Work, contest: Contest) -> tuple[str, ...]:
    pieces = work.submissions.by_ids(set(coverage_of(work, contest).unrated))
    return tuple(sorted(bylines(work, pieces.values()).values(), key=natural))


def _unrated(work: Work, contest: Contest, coverage: Coverage) -> Iterator[str]:
    """What becomes of compositions without a rating: in a final the first round places them, where it gave them a score."""
    scored = {given.submission_id for given in counting(work, contest) if given.round == Round.PRELIMINARY}
    placed = [piece for piece in coverage.unrated if coverage.round is Round.FINAL and piece in scored]
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


def _not_yet(contest: Contest, unchecked: int) -> str:
    if next_phase(contest.phase, contest.rounds) is Phase.FINAL:
        return f"{_being_checked(unchecked)}, and nobody has heard it. Please begin the final a little later."
    return f"{_being_checked(unchecked)}, so a board would not be final yet. Please finish the contest in a minute, when that is done."


def _being_checked(unchecked: int) -> str:
    return f"{counted(unchecked, 'upload')} {'is' if unchecked == 1 else 'are'} still being checked"


def _unchecked(work: Work, contest: Contest) -> int:
    counts = work.submissions.count_by_state(contest.id)
    return counts.get("received", 0) + counts.get("checking", 0)


def counted(number: int, noun: str) -> str:
    """``1 judge``, ``3 judges``, ``no judges``."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
