"""The pictures of a ceremony, drawn before it begins, so that each click is answered at once; then the presenter gets the panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.ports import RevealCard
from bot.rules import ceremony as rules
from bot.rules import storage
from bot.rules.ceremony import Act
from bot.usecases.awards.outcome import Teller, settled
from bot.usecases.awards.panels import send_panel

if TYPE_CHECKING:
    from bot.ports import ObjectStore, Printer
    from bot.usecases.awards.letters import Revealed, StepTold
    from bot.usecases.desk import Desk, Matter
    from models.awards import Ceremony

PREPARE = "ceremony"
"""Name of the job."""


def prepare_soon(work: Matter, ceremony: Ceremony) -> None:
    """Have it prepared."""
    args = {"ceremony_id": ceremony.id}
    key, contest_id = f"{PREPARE}:{ceremony.id}", work.contest.id
    work.jobs.enqueue(work.desk.ids.new(), PREPARE, key, args, work.now, contest_id=contest_id)


@dataclass(frozen=True)
class Preparing:
    """Draw, and hand over the panel."""

    desk: Desk
    printer: Printer
    objects: ObjectStore

    def prepare(self, ceremony_id: str) -> None:
        """Draw a picture of each step; a second time draws what is missing. Raises as the store and the printer do."""
        with self.desk.store.read() as work:
            ceremony = work.awards.ceremony(ceremony_id)
            contest = None if ceremony is None else work.contests.get(ceremony.contest_id)
            if ceremony is None or contest is None:
                return
            result = next(each for each in work.awards.results(contest.id) if each.id == ceremony.result_id)
            steps = rules.load(ceremony.steps)
            tell = Teller.of(work, contest, settled(work, result), steps)
        for number, step in enumerate(steps, start=1):
            key = storage.reveal(result.id, number)
            if not self.objects.exists(key):
                self.objects.put(key, self.printer.card(card_of(contest.name, tell.told(step))).png)
        self._hand_over(ceremony_id, has_pictures=True)

    def give_up(self, ceremony_id: str) -> None:
        """After the last try: without pictures, since words and music are what matters."""
        self._hand_over(ceremony_id, has_pictures=False)

    def _hand_over(self, ceremony_id: str, *, has_pictures: bool) -> None:
        with self.desk.anyone() as errand:
            ceremony = errand.awards.ceremony(ceremony_id)
            contest = None if ceremony is None else errand.lock(ceremony.contest_id)
            if ceremony is None or contest is None or ceremony.ended_at is not None:
                return
            ceremony.has_pictures = has_pictures
            send_panel(errand.about(contest), ceremony, ceremony.presenter)


def card_of(contest_name: str, step: StepTold) -> RevealCard:
    """What stands on the picture of a step."""
    lines = tuple(map(_line, step.winners)) or (contest_name,)
    below = step.below if step.act is not Act.WELCOME else "The awards"
    said = f"{step.heading}: {', '.join(lines)}. {below}".strip()
    return RevealCard(contest_name, step.heading, lines, below, said, medal=step.place if step.place <= 3 else 0)


def _line(winner: Revealed) -> str:
    return f"{winner.title} by {winner.called}" if winner.title else winner.called
