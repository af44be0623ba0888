"""Certificates: for winners after a ceremony, and for all who took part where organizers want it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.ports import Certificate, Enclosure
from bot.rules import storage
from bot.rules.ceremony import Act
from bot.rules.moments import zone
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.rules.words import quoted
from bot.usecases.awards.letters import CertificateLetter
from bot.usecases.awards.outcome import Teller, heading, outcome_of, settled
from bot.usecases.desk import KANTOR
from bot.usecases.messages import TroubleAlarm
from models.erasure import GONE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.ports import ObjectStore, Paper, Printer
    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.store import Work

CERTIFICATES = "certificates"
"""Name of the job."""
SIGNED = 4
"""So many organizers sign."""


def have_made(work: Matter, *, everybody: bool) -> bool:
    """Have them made, once. False where that was ordered before."""
    contest_id = work.contest.id
    args = {"contest_id": contest_id, "everybody": everybody}
    key = f"{CERTIFICATES}:{contest_id}:{'everybody' if everybody else 'winners'}"
    return work.jobs.enqueue(work.desk.ids.new(), CERTIFICATES, key, args, work.now, contest_id=contest_id)


@dataclass(frozen=True)
class Ordered:
    """What comes of an order."""

    contest_name: str
    everybody: bool
    is_new: bool


@dataclass(frozen=True)
class _Whose:
    """One certificate, and who gets it."""

    user_id: str
    submission_id: str | None
    paper: Certificate

    @property
    def name(self) -> str:
        """Tells it from all others of the contest."""
        told = f"{self.user_id}:{self.submission_id}:{self.paper.honour}"
        return sha256(told.encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Certificates:
    """Order, make and send them."""

    desk: Desk
    printer: Printer
    objects: ObjectStore

    def order(self, actor: str, contest_id: str, *, everybody: bool) -> Ordered:
        """Send them to the winners, or to all who took part. Safe to repeat. Raises Refusal before the end, and for others."""
        with self.desk.organizer(actor, contest_id) as work:
            contest = work.contest
            if contest.phase != Phase.FINISHED:
                raise Refusal(f"*{quoted(contest.name)}* is not finished, so nobody has won anything yet.")
            is_new = have_made(work, everybody=everybody)
            if is_new:
                work.note("certificates.ordered", everybody=everybody)
            return Ordered(contest.name, everybody, is_new)

    def make(self, contest_id: str, *, everybody: bool) -> None:
        """Print and send them, one after the other; a second time sends what is missing. Raises as the store does."""
        with self.desk.store.read() as work:
            contest = work.contests.get(contest_id)
            if contest is None or contest.phase != Phase.FINISHED:
                return
            wanted = list(_wanted(work, contest, self.desk.clock.now(), everybody=everybody))
        for each in wanted:
            with self.desk.store.read() as work:
                if work.outbox.by_key(_key(contest_id, each)) is not None:
                    continue
            paper = self.printer.certificate(each.paper)
            files = self._keep(contest_id, each, paper)
            with self.desk.person(KANTOR, contest_id) as work:
                letter = CertificateLetter(
                    contest_name=work.contest.name,
                    honour=each.paper.honour,
                    title=each.paper.title,
                    alt_text=paper.alt_text,
                )
                work.post(_key(contest_id, each), each.user_id, letter, uploads=files)

    def give_up(self, contest_id: str, reference: str) -> None:
        """After the last try: the organizers learn that some are missing."""
        with self.desk.person(KANTOR, contest_id) as work:
            what = "some certificates could not be made. `/kantor ceremony` sends what is missing"
            alarm = TroubleAlarm(contest_name=work.contest.name, what=what, reference=reference)
            work.post_to_organizers(f"certificates_failed:{reference}", alarm)

    def _keep(self, contest_id: str, each: _Whose, paper: Paper) -> tuple[Enclosure, ...]:
        title = f"{each.paper.honour}: {each.paper.title or each.paper.recipient}"
        files = []
        for kind, data in (("png", paper.png), ("pdf", paper.pdf)):
            key = storage.certificate(contest_id, each.name, kind)
            self.objects.put(key, data)
            alt_text = paper.alt_text if kind == "png" else ""
            files.append(Enclosure(key, f"certificate.{kind}", title, alt_text))
        return tuple(files)


def _key(contest_id: str, each: _Whose) -> str:
    return f"certificate:{contest_id}:{each.name}"


def _wanted(work: Work, contest: Contest, now: datetime, *, everybody: bool) -> Iterator[_Whose]:
    result = work.awards.result(contest.id)
    outcome = outcome_of(work, contest, now) if result is None else settled(work, result)
    steps = outcome.steps(contest.winners)
    tell = Teller.of(work, contest, outcome, steps)
    ended = contest.finished_at or now
    organizers = work.contests.roles.holders(contest.id, Role.ORGANIZER)[:SIGNED]
    signed = tuple(tell.names[each] for each in organizers if each in tell.names)
    day, mark = (
        ended.astimezone(zone(contest.time_zone) or ZoneInfo("UTC")).date(),
        "" if result is None else result.sha256,
    )
    won: set[str] = set()
    for step in steps:
        told = tell.told(step)
        for key, winner in zip(step.winners, told.winners, strict=True):
            won.add(winner.user_id)
            paper = Certificate(
                contest=contest.name,
                recipient=winner.called,
                honour=heading(step),
                reason=told.below or told.explained,
                title=winner.title,
                day=day,
                signed=signed,
                medal=step.place if step.place <= 3 and step.act is not Act.AWARD else 0,
                mark=mark,
            )
            if not winner.user_id.startswith(GONE):
                yield _Whose(winner.user_id, key if key in tell.pieces else None, paper)
    if everybody:
        pieces = work.submissions.accepted(contest.id)
        for author in dict.fromkeys(piece.user_id for piece in pieces if not piece.user_id.startswith(GONE)):
            if author in won:
                continue
            first = next(piece for piece in pieces if piece.user_id == author)
            name = tell.names.get(author, "somebody")
            paper = Certificate(
                contest.name, name, "Took part", "Thank you for your music", first.title, day, signed, mark=mark
            )
            yield _Whose(author, first.id, paper)
