"""The one entrance of use cases: Slack is asked before, then one transaction opens in which all is at hand.

With the contest locked, the person's role looked at, the moment, and the pen for the audit trail and for letters. What is slow, or
not ours, is never asked while a transaction is open: whoever waits for Slack keeps nobody from writing.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bot.usecases.finding import STATUS, known
from bot.usecases.letters import post, post_about, post_to_organizers
from models.store import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from bot.ports import Clock, Enclosure, Ids, Outside
    from bot.usecases.happenings import Happening
    from bot.usecases.messages import Message
    from bot.usecases.who import Who
    from models.contests import Contest
    from models.store import Store
    from models.submissions import Submission


KANTOR = "kantor"
"""The bot itself, as the audit trail names it."""


class Errand(Work):
    """One transaction in which somebody wants something, and now."""

    contest_id: str | None = None
    """The contest that it is about, where it is about one."""

    def __init__(self, work: Work, actor: str, now: datetime, desk: Desk) -> None:
        vars(self).update(vars(work))  # the same transaction, with more at hand
        self.actor, self.now, self.desk = actor, now, desk

    def lock(self, contest_id: str) -> Contest | None:
        """As ``work.contests.lock``; and now is when that turn came, so that what is written down stands in the order in which it was served."""
        contest = self.contests.lock(contest_id)
        self.now = self.desk.clock.now()
        return contest

    def note(self, action: str, *, by: str = "", **facts: Any) -> None:
        """Write into the audit trail that the actor, or whom ``by`` names, did this; ``facts`` are plain JSON values."""
        entry, who = self.desk.ids.new(), by or self.actor
        self.audit.note(entry, at=self.now, actor=who, action=action, contest_id=self.contest_id, **facts)

    def post(  # noqa: PLR0913 - a letter is what it says
        self,
        key: str,
        to: str,
        message: Message,
        *,
        thread_ts: str | None = None,
        uploads: Sequence[Enclosure] = (),
        edits: str | None = None,
    ) -> bool:
        """A letter, about the contest where it is about one, as ``letters.post`` has it."""
        return post(
            self,
            key,
            to,
            message,
            self.now,
            contest_id=self.contest_id,
            thread_ts=thread_ts,
            uploads=uploads,
            edits=edits,
        )

    def post_about(
        self, key: str, piece: Submission, message: Message, *, to: str | None = None, uploads: Sequence[Enclosure] = ()
    ) -> None:
        """A letter about a submission, as ``letters.post_about`` has it."""
        post_about(self, key, piece, message, self.now, to=to, uploads=uploads)

    def about(self, contest: Contest) -> Matter:
        """The same transaction, as one about that contest."""
        return Matter(self, contest)


class Matter(Errand):
    """One transaction about a contest, which is locked where anything may be changed."""

    def __init__(self, errand: Errand, contest: Contest) -> None:
        super().__init__(errand, errand.actor, errand.now, errand.desk)
        self.contest, self.contest_id = contest, contest.id

    def happened(self, happening: Happening) -> None:
        """Let everything follow that comes of it, here and now."""
        self.desk.follow(self, happening)

    def post_to_organizers(  # noqa: PLR0913 - a letter is what it says
        self,
        key: str,
        message: Message,
        uploads: Sequence[Enclosure] = (),
        *,
        about: Submission | None = None,
        veiled: Message | None = None,
        edits: str | None = None,
    ) -> None:
        """A letter to each of the contest's organizers, as ``letters.post_to_organizers`` has it."""
        others = self.desk.who.organizer_ids
        post_to_organizers(
            self,
            key,
            self.contest,
            message,
            self.now,
            others,
            uploads,
            subject_id=None if about is None else about.id,
            veiled=veiled,
            edits=edits,
        )


@dataclass(frozen=True)
class Desk:
    """Where everybody comes in."""

    who: Who
    store: Store
    clock: Clock
    ids: Ids
    follow: Callable[[Matter, Happening], None]
    """Does what comes of a happening (``followers.follow``)."""

    @contextmanager
    def anyone(self, actor: str = KANTOR, *, reads: bool = False) -> Iterator[Errand]:
        """Whoever it is, about no contest, or one that is found inside; with ``reads`` nothing can be changed."""
        with self.store.read() if reads else self.store.write() as work:
            yield Errand(work, actor, self.clock.now(), self)

    @contextmanager
    def person(self, actor: str, contest_id: str, *, reads: bool = False, hint: str = STATUS) -> Iterator[Matter]:
        """Whoever it is, about that contest. Raises Refusal, with the ``hint`` what to do then, where it is gone."""
        with self.anyone(actor, reads=reads) as work:
            yield work.about(known(_entered(work, contest_id, reads=reads), hint))

    @contextmanager
    def organizer(
        self, actor: str, contest_id: str = "", *, channel_id: str = "", reads: bool = False, hint: str = STATUS
    ) -> Iterator[Matter]:
        """An organizer of that contest, or of the one that a word in the channel means.

        Raises Refusal for others, and as ``person``. May raise Unavailable.
        """
        contest_id = contest_id or self.who.contest_meant(actor, channel_id).id
        person = self.who.ask(actor)
        with self.anyone(actor, reads=reads) as work:
            contest = _entered(work, contest_id, reads=reads)
            person.require_organizer(work, contest_id)
            yield work.about(known(contest, hint))


def _entered(work: Errand, contest_id: str, *, reads: bool) -> Contest | None:
    return work.contests.get(contest_id) if reads else work.lock(contest_id)


Port = TypeVar("Port")


class Guarded:
    """Stands before something of the world outside, and is used like it; in the middle of a transaction it raises RuntimeError."""

    def __init__(self, port: object, store: Store) -> None:
        self._port, self._store = port, store

    def __getattr__(self, name: str) -> Any:
        """Asked of whatever stands behind it."""
        self._store.require_idle()
        return getattr(self._port, name)


def guarded(port: Port, store: Store) -> Port:
    """The same port, which refuses to be asked while this thread has a transaction of that store open."""
    return cast("Port", Guarded(port, store))


def guard(outside: Outside, store: Store) -> Outside:
    """All that waits for somebody; the clock, the ids and the vault answer at once."""
    return replace(
        outside,
        directory=guarded(outside.directory, store),
        door=guarded(outside.door, store),
        files=guarded(outside.files, store),
        objects=guarded(outside.objects, store),
        inspector=guarded(outside.inspector, store),
        posters=guarded(outside.posters, store),
        printer=guarded(outside.printer, store),
    )
