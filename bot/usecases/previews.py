"""What the next phase of a contest would bring, in sentences, before anybody confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import spoken
from bot.rules.phases import Phase, next_phase, round_of
from bot.rules.schedule import spoken_schedule
from bot.usecases.invitations import pile_of
from bot.usecases.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from models.contest import Contest
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


def preview(work: Work, contest: Contest, now: datetime) -> PhasePreview:
    """The next phase of that contest. Raises Refusal where there is none."""
    phase = Phase(contest.phase)
    following = next_phase(phase, contest.rounds)
    if following is None:
        raise Refusal(f"*{contest.name}* is finished: no phase comes after that. `/kantor board` shows how it ended.")
    effects, warnings = {
        Phase.OPEN: _opening,
        Phase.JUDGING: _judging,
        Phase.FINAL: _final,
        Phase.FINISHED: _finishing,
    }[following](work, contest, now)
    return PhasePreview(contest.id, contest.name, phase, following, tuple(effects), tuple(warnings))


def _opening(_work: Work, contest: Contest, now: datetime) -> tuple[list[str], list[str]]:
    deadline = spoken(contest.deadline, contest.time_zone)
    effects = [
        f"I tell <#{contest.channel_id}> that the contest is open.",
        f"Everybody there can upload up to {counted(contest.submission_limit, 'composition')} until {deadline}.",
    ]
    late = f"The deadline, {deadline}, has passed: every upload would be late."
    return effects, [late] if contest.deadline <= now else []


def _judging(work: Work, contest: Contest, now: datetime) -> tuple[list[str], list[str]]:
    judges = work.contests.roles.holders(contest.id, Role.JUDGE)
    accepted = work.submissions.accepted(contest.id)
    effects = [
        "Uploads close: what reaches Slack after this moment is refused.",
        f"Each judge hears the compositions one at a time, in their direct messages: {counted(len(accepted), 'composition')} for {counted(len(judges), 'judge')}.",
    ]
    if contest.board_cron:
        effects.append(
            f"I post the board in <#{contest.channel_id}> {spoken_schedule(contest.board_cron)} ({contest.time_zone})."
        )
    return effects, list(_before_judging(work, contest, now, judges=len(judges), accepted=len(accepted)))


def _before_judging(work: Work, contest: Contest, now: datetime, *, judges: int, accepted: int) -> Iterator[str]:
    if now < contest.deadline:
        deadline = spoken(contest.deadline, contest.time_zone)
        yield f"The deadline is only on {deadline}: people may be counting on it."
    if not judges:
        yield "There are no judges yet. Add them with `/kantor judges add @...`, now or later."
    if not accepted:
        yield "No composition has been accepted yet."
    unchecked = _unchecked(work, contest)
    if unchecked:
        yield f"{_being_checked(unchecked)}; whatever is accepted goes on to the judges."


def _final(work: Work, contest: Contest, _now: datetime) -> tuple[list[str], list[str]]:
    effects = [
        "Ratings of the preliminary round close: judges can add or change nothing in it after this.",
        f"The best {contest.finalists} go on to the final, with all that tie for the last of these places.",
    ]
    return effects, list(_before_finishing(work, contest))


def _finishing(work: Work, contest: Contest, _now: datetime) -> tuple[list[str], list[str]]:
    effects = [
        "Ratings close: judges can add or change nothing after this.",
        f"I post the final board in <#{contest.channel_id}>, with the AI judge's board beside it.",
    ]
    return effects, list(_before_finishing(work, contest))


def _before_finishing(work: Work, contest: Contest) -> Iterator[str]:
    rated = {rating.submission_id for rating in work.ratings.of_round(contest.id, round_of(Phase(contest.phase)))}
    unrated = sum(piece.id not in rated for piece in work.submissions.accepted(contest.id))
    if unrated:
        verb = "has no rating and gets" if unrated == 1 else "have no rating and get"
        yield f"{counted(unrated, 'composition')} {verb} no place."
    for judge in work.contests.roles.holders(contest.id, Role.JUDGE):
        pile = pile_of(work, contest, judge)
        if pile.unrated:
            yield f"<@{judge}> has rated {pile.done} of {pile.total}."
    unchecked = _unchecked(work, contest)
    if unchecked:
        yield _not_yet(unchecked)


def require_all_checked(work: Work, contest: Contest) -> None:
    """Raises Refusal while uploads are being checked: the final board is posted once, and would not be final."""
    unchecked = _unchecked(work, contest)
    if unchecked:
        raise Refusal(_not_yet(unchecked))


def _not_yet(unchecked: int) -> str:
    return f"{_being_checked(unchecked)}, so a board would not be final yet. Please finish the contest in a minute, when that is done."


def _being_checked(unchecked: int) -> str:
    return f"{counted(unchecked, 'upload')} {'is' if unchecked == 1 else 'are'} still being checked"


def _unchecked(work: Work, contest: Contest) -> int:
    counts = work.submissions.count_by_state(contest.id)
    return counts.get("received", 0) + counts.get("checking", 0)


def counted(number: int, noun: str) -> str:
    """``1 judge``, ``3 judges``, ``no judges``."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
