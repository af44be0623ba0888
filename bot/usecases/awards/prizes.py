"""Prizes, from the moment they are won until their winners have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.ceremony import Act
from bot.rules.prizes import Category, load, of_place
from bot.rules.roles import Role
from bot.usecases.awards.letters import PrizeWon
from bot.usecases.awards.outcome import heading
from models.awards import PrizeDue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.rules.prizes import Prize
    from bot.usecases.awards.outcome import Outcome
    from bot.usecases.desk import Desk, Matter


def owe(work: Matter, outcome: Outcome) -> None:
    """Write down who has won what, and tell the winners; those that everybody gets are told, and no list."""
    due = list(_won(work, outcome))
    work.awards.owe([each for each, _ in due])
    organizers = tuple(work.contests.roles.holders(work.contest.id, Role.ORGANIZER))
    for each, honour in due:
        letter = PrizeWon(
            contest_name=work.contest.name,
            prize_id=each.id,
            what=said(each),
            honour=honour,
            organizers=organizers,
        )
        work.post(prize_key(each), each.user_id, letter)


def said(due: PrizeDue) -> str:
    """What it is, as ``bot.rules.prizes.Prize.said``."""
    many = f"{due.number} x " if due.number > 1 else ""
    return f"{many}{due.what}{f' (from {due.giver})' if due.giver else ''}"


def prize_key(due: PrizeDue) -> str:
    """Of the letter that tells the winner."""
    return f"prize:{due.id}"


def _won(work: Matter, outcome: Outcome) -> Iterator[tuple[PrizeDue, str]]:
    contest = work.contest
    prizes = load(contest.texts.get("prizes", ()))
    authors = work.submissions.authors(contest.id)
    most = max([contest.winners, *(each.last for each in prizes)])
    for step in outcome.steps(most):
        if step.act is Act.WELCOME:
            continue
        category = Category(step.award.value) if step.award else Category.AI if step.act is Act.AI else Category.JUDGES
        for prize in of_place(prizes, category, step.place):
            for key in step.winners:
                yield (
                    _due(work, prize, step.place, authors.get(key, key), key if key in authors else None),
                    heading(step),
                )


def _due(work: Matter, prize: Prize, place: int, user_id: str, submission_id: str | None) -> PrizeDue:
    return PrizeDue(
        id=work.desk.ids.new(),
        contest_id=work.contest.id,
        user_id=user_id,
        submission_id=submission_id,
        category=prize.category.value,
        place=place,
        what=prize.what,
        number=prize.number,
        giver=prize.giver,
        received_at=None,
        ticked_by=None,
    )


@dataclass(frozen=True)
class Prizes:
    """Tick them off."""

    desk: Desk

    def received(self, actor: str, prize_id: str) -> None:
        """The winner has it. Safe to repeat. Raises Refusal for everybody else."""
        with self.desk.store.read() as look:
            found = look.awards.prize(prize_id)
        if found is None or found.user_id != actor:
            raise Refusal(
                "That prize is not yours, or the contest it was for goes on. `/kantor place` shows your places."
            )
        with self.desk.person(actor, found.contest_id) as work:
            due = work.awards.prize(prize_id)
            if due is not None and due.received_at is None:
                _tick(work, due)

    def tick(self, actor: str, contest_id: str, received: Collection[str], shown: Collection[str]) -> int:
        """Of the prizes that an organizer was shown these were received, and the others were not; how many are due still. Raises Refusal."""
        with self.desk.organizer(actor, contest_id) as work:
            for due in work.awards.prizes(contest_id):
                if due.id in received and due.received_at is None:
                    _tick(work, due)
                elif due.id in shown and due.id not in received and due.received_at is not None:
                    due.received_at = due.ticked_by = None
                    work.note("prize.unticked", prize=due.what, winner=due.user_id)
            return sum(due.received_at is None for due in work.awards.prizes(contest_id))


def _tick(work: Matter, due: PrizeDue) -> None:
    due.received_at, due.ticked_by = work.now, work.actor
    work.note("prize.received", prize=due.what, winner=due.user_id)
    letter = PrizeWon(
        contest_name=work.contest.name, prize_id=due.id, what=said(due), honour="", organizers=(), state="received"
    )
    work.post(f"{prize_key(due)}:received", due.user_id, letter, edits=prize_key(due))
