"""What organizers fill in about a contest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from bot.rules.phases import Intake
from bot.rules.standings import BoardMode
from bot.usecases.contests.contests import NewContest
from bot.usecases.contests.editable import (
    Basics,
    Board,
    Change,
    Criteria,
    Judging,
    Part,
    Prizes,
    TakingPart,
    Texts,
    Titles,
    WrittenCriterion,
)
from bot.usecases.contests.editing import EditContest
from bot.usecases.submissions.corrections import Correct
from bot.usecases.submissions.extensions import Extend
from handlers import payloads
from handlers.contests.editing_views import OUR_WORDS, YES
from handlers.contests.views import NO_BOARD
from handlers.ids import Block
from handlers.submissions.parsing import window_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from handlers.payloads import Sent, State


def new_contest(sent: Sent) -> NewContest:
    """The modal of a new contest."""
    return NewContest(
        actor=sent.user_id,
        name=sent.text(Block.NAME),
        slug=sent.text(Block.SLUG),
        time_zone=sent.text(Block.TIME_ZONE),
        channel_id=sent.text(Block.CHANNEL),
        deadline=datetime.combine(
            date.fromisoformat(sent.text(Block.DEADLINE_DATE)), time.fromisoformat(sent.text(Block.DEADLINE_TIME))
        ),
        submission_limit=int(sent.text(Block.LIMIT)),
        rounds=int(sent.text(Block.ROUNDS) or 1),
        intake=Intake(sent.text(Block.INTAKE) or Intake.BOTH),
        prizes=sent.text(Block.PRIZES),
        board_cron=schedule(sent.state),
    )


def edit(sent: Sent) -> EditContest:
    """The filled-in modal of one part."""
    which = Part(sent.facts["part"])
    seen = dict(each.split("=", 1) for each in sent.facts["seen"].split())
    return EditContest(sent.user_id, sent.contest_id, which, _CHANGES[which](sent.state), seen)


def schedule(state: State) -> str:
    """A schedule of one's own wins over the menu's."""
    preset = state.text(Block.BOARD_PRESET)
    return state.text(Block.BOARD_CRON) or ("" if preset == NO_BOARD else preset)


def _basics(state: State) -> Basics:
    day, hour = state.text(Block.DEADLINE_DATE), state.text(Block.DEADLINE_TIME)
    return Basics(
        name=state.text(Block.NAME),
        slug=state.text(Block.SLUG) if Block.SLUG in state.values else None,
        channel_id=state.text(Block.CHANNEL) or None,
        time_zone=state.text(Block.TIME_ZONE) or None,
        deadline=datetime.combine(date.fromisoformat(day), time.fromisoformat(hour)) if day and hour else None,
    )


def _taking_part(state: State) -> TakingPart:
    limit, grace = (int(state.text(block)) for block in (Block.LIMIT, Block.GRACE))
    return TakingPart(limit, Intake(state.text(Block.INTAKE)), grace)


def _judging(state: State) -> Judging:
    rounds, finalists = (state.text(block) for block in (Block.ROUNDS, Block.FINALISTS))
    return Judging(
        rounds=int(rounds) if rounds else None,
        finalists=int(finalists) if finalists else None,
        winners=int(state.text(Block.WINNERS)),
        blind=state.text(Block.BLIND) == YES,
        practice=state.text(Block.PRACTICE) == YES,
    )


def _board(state: State) -> Board:
    return Board(BoardMode(state.text(Block.BOARD_MODE)), schedule(state))


def _criteria(state: State) -> Criteria:
    places = range(sum(block.startswith("title_") for block in state.values))
    return Criteria(
        tuple(
            WrittenCriterion(*(state.text(f"{what}_{place}") for what in ("title", "question", "weight")))
            for place in places
        )
    )


def _titles(state: State) -> Titles:
    titles, meanings = (tuple(state.text(f"{what}_{score}") for score in range(1, 6)) for what in ("score", "meaning"))
    return Titles(titles, meanings)


def _prizes(state: State) -> Prizes:
    return Prizes(state.text(Block.PRIZES))


def _texts(state: State) -> Texts:
    rules, tenets, terms = (_own(state, block) for block in (Block.RULES, Block.TENETS, Block.ACCOUNT_TERMS))
    return Texts(rules, tenets, terms, state.text(Block.RETENTION))


def _own(state: State, block: Block) -> str:
    """Our own words stood there: where nobody touched them, they are nobody's choice."""
    text = state.text(block)
    return "" if text == OUR_WORDS[block].strip() else text


_CHANGES: Mapping[Part, Callable[[State], Change]] = {
    Part.BASICS: _basics,
    Part.TAKING_PART: _taking_part,
    Part.JUDGING: _judging,
    Part.BOARD: _board,
    Part.CRITERIA: _criteria,
    Part.TITLES: _titles,
    Part.PRIZES: _prizes,
    Part.TEXTS: _texts,
}


def extend(sent: Sent) -> Extend:
    """The submitted window of more time."""
    return Extend(
        actor=sent.user_id,
        contest_id=sent.contest_id,
        user_id=sent.text(Block.PERSON),
        until=datetime.combine(
            date.fromisoformat(sent.text(Block.UNTIL_DATE)), time.fromisoformat(sent.text(Block.UNTIL_TIME))
        ),
        reason=sent.text(Block.REASON),
    )


@dataclass(frozen=True)
class Sought:
    """What ``/kantor find`` is to look for."""

    words: str
    people: tuple[str, ...]
    """User ids."""
    shown: str
    """As the person wrote it."""


def sought(typed: str) -> Sought:
    """The words behind ``find``; people who are mentioned are taken out of them."""
    people = payloads.mentioned(typed)
    words = payloads.without_mentions(typed)
    return Sought(words, people, words or "that person")


def correct(sent: Sent) -> Correct:
    """The window in which an organizer replaces a file."""
    return Correct(sent.user_id, sent.facts["submission_id"], window_file(sent), sent.text(Block.REASON))
