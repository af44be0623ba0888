"""Erasing what we know of a person: on request, by an organizer's hand, or when the time to keep a contest's data is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules import chain, storage
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.rules.words import quoted
from bot.usecases.accounts.bindings import let_go, purged
from bot.usecases.desk import KANTOR, Errand
from bot.usecases.records.journal import Erased
from bot.usecases.records.letters import ErasureAsked, RetentionDone, RetentionSoon
from models.jobs import LATER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from bot.ports import ObjectStore
    from bot.usecases.desk import Desk
    from bot.usecases.records.exports import Exports
    from bot.usecases.records.journal import Journal
    from models.contests import Contest
    from models.erasure import Gone, Traces
    from models.store import Work

ERASE_FILES = "erase_files"
"""The name of the job."""
AGAIN = timedelta(minutes=15)
"""A check that was under way may write its pictures after the first deletion: the second one comes so much later."""
WARNED = timedelta(days=7)
"""So long before the time is over the organizers are told; nothing is erased earlier, however late they were told."""


@dataclass(frozen=True)
class ErasurePreview:
    """What would go, and what to mind."""

    user_id: str
    name: str
    """To be typed, so that nobody is erased by a slip."""
    traces: Traces
    contests: tuple[str, ...]
    """Names of the contests in which they have anything."""
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class ErasureDone:
    """It is done."""

    name: str
    token: str
    pieces: int


@dataclass(frozen=True)
class Erasure:
    """Preview, erase, and keep the retention times."""

    desk: Desk
    objects: ObjectStore
    exports: Exports
    journal: Journal
    retention_days: int | None = None
    """For contests that have no time of their own; None: their data stay."""

    def ask(self, user_id: str) -> None:
        """Pass a person's own wish on to those who can fulfil it: the organizers of their contests, and those of the settings."""
        with self.desk.anyone(user_id) as work:
            traces = work.erasure.traces(user_id)
            ids = traces.contests or tuple(contest.id for contest in work.contests.newest_first()[:1])
            contests = [contest for contest_id in ids if (contest := work.contests.get(contest_id)) is not None]
            for contest in contests:
                # Once a day an organizer, however many contests it is about.
                key = f"erasure_asked:{user_id}:{work.now:%Y-%m-%d}"
                work.about(contest).post_to_organizers(key, ErasureAsked(asked_by=user_id))
            (work.about(contests[0]) if contests else work).note("erasure.asked")

    def preview(self, actor: str, user_id: str) -> ErasurePreview:
        """What there is of that person. Raises Refusal for those who do not organize all of it. May raise Unavailable."""
        with self.desk.store.read() as work:
            traces, name = work.erasure.traces(user_id), self._name(work, user_id)
            contests = [contest for each in traces.contests if (contest := work.contests.get(each)) is not None]
            warnings = tuple(_warnings(work, contests, user_id))
        self._require(actor, contests)
        if name is None:
            raise Refusal(f"I know nothing of <@{user_id}>, so there is nothing to erase.")
        return ErasurePreview(user_id, name, traces, tuple(contest.name for contest in contests), warnings)

    def erase(self, actor: str, user_id: str, typed_name: str) -> ErasureDone:
        """Erase that person everywhere; their files follow at once. Done before: there is nothing left, and it says so."""
        preview = self.preview(actor, user_id)
        if typed_name.strip().lstrip("@").casefold() != preview.name.casefold():
            raise Refusal(f"To be sure, please type the name: {preview.name}", field="typed_name")
        self.journal.vault.prepare()
        with self.desk.anyone(actor) as work:
            work.contests.lock_all()
            token, gone = self._erase(work, user_id, None)
            pieces = len(gone.pieces)
            found = [work.contests.get(each) for each in preview.traces.contests]
            abouts: list[Errand] = [work.about(contest) for contest in found if contest is not None]
            for each in abouts or [work]:
                each.note("person.erased", by=token if actor == user_id else actor, person=token, pieces=pieces)
        return ErasureDone(preview.name, token, pieces)

    def erase_files(
        self, submission_ids: Sequence[str], files: Sequence[str], entry: dict[str, Any] | None = None
    ) -> None:
        """The job: delete all files of these compositions, pictures with them, these others, and all exports. Safe to repeat. May raise Unavailable."""
        if entry is not None:
            self.journal.write(Erased.model_validate(entry))
        with self.desk.store.read() as work:
            folders = [piece.folder for each in submission_ids if (piece := work.submissions.get(each)) is not None]
        for folder in folders:
            self.objects.clear(folder)
        beside = [key for key in self.objects.below(storage.SHARED) if any(each in key for each in submission_ids)]
        for key in (*beside, *files):
            self.objects.delete(key)
        self.exports.forget(self.desk.clock.now() + timedelta(seconds=1))

    def redo(self, work: Work, entries: Sequence[Erased]) -> list[Gone]:
        """Do these again, in the order in which they were done, where the database knows nothing of them: it is from before.

        What has to go from the object store, too, of each person who was found. Raises ConfigurationError where the key is another one.
        """
        new = unknown(work, entries)
        people = self.journal.people(new, work.erasure.everybody())
        return [self._again(work, people[each.token], each) for each in new if each.token in people]

    def _again(self, work: Work, user_id: str, entry: Erased) -> Gone:
        found = [work.contests.get(each) for each in work.erasure.traces(user_id).contests]
        token, gone = self._erase(work, user_id, entry.contests, entry)
        errand = Errand(work, KANTOR, self.desk.clock.now(), self.desk)
        for contest in found:
            if contest is not None and (entry.contests is None or contest.id in entry.contests):
                errand.about(contest).note("person.erased", person=token, pieces=len(gone.pieces))
        return gone

    def keep_times(self) -> None:
        """Upkeep: erase the people of the contests whose time is over; tell the organizers a week before, and afterwards."""
        with self.desk.store.read() as work:
            ended = [contest for contest in work.contests.newest_first() if contest.finished_at is not None]
        for contest in ended:
            days = contest.retention_days if contest.retention_days is not None else self.retention_days
            if days is not None and contest.finished_at is not None:
                self._keep_time(contest, contest.finished_at, days)

    def _keep_time(self, contest: Contest, finished_at: datetime, days: int) -> None:
        now, due, ahead = self.desk.clock.now(), finished_at + timedelta(days=days), min(WARNED, timedelta(days=days))
        with self.desk.store.read() as work:
            people = sorted(work.erasure.people_of(contest.id))
            sealed = work.accounts.has_passwords(contest.id)
        if not (people or sealed) or now < due - ahead:
            return
        if now < max(due, self._told_at(contest, days, due, ahead) + ahead):
            return
        self.journal.vault.prepare()
        for user_id in people:  # each in a transaction of its own: nobody waits long
            with self.desk.anyone() as work:
                work.contests.lock_all()
                self._erase(work, user_id, [contest.id])
        with self.desk.person(KANTOR, contest.id) as work:
            passwords = purged(work, contest.id)
            work.note("retention.erased", people=len(people))
            if passwords:
                work.note("accounts.retired", count=passwords)
            done = RetentionDone(contest_name=contest.name, people=len(people), passwords=passwords)
            work.post_to_organizers(f"retention_done:{contest.id}:{now:%Y-%m-%dT%H}", done)

    def _told_at(self, contest: Contest, days: int, due: datetime, ahead: timedelta) -> datetime:
        """When the organizers were told of this time to keep things; if they were not, they are now."""
        with self.desk.person(KANTOR, contest.id) as work:
            contest, now = work.contest, work.now
            if contest.retention_told_at is not None and contest.retention_told_days == days:
                return contest.retention_told_at
            contest.retention_told_at, contest.retention_told_days = now, days
            soon = RetentionSoon(contest_name=contest.name, slug=contest.slug, at=max(due, now + ahead))
            work.post_to_organizers(f"retention_soon:{contest.id}:{now.isoformat()}", soon)
            work.note("retention.told", days=days)
            return now

    def _erase(
        self, work: Work, user_id: str, contests: Sequence[str] | None, entry: Erased | None = None
    ) -> tuple[str, Gone]:
        now = self.desk.clock.now()
        entry = entry or self.journal.entry(user_id, f"erased-{self.desk.ids.new()[-12:]}", contests, now)
        for account in work.accounts.held_in(user_id, contests):
            let_go(self.journal.vault, account)
        gone = work.erasure.erase(user_id, entry.token, contests=contests, now=now)
        for contest_id, left in sorted(gone.entries.items()):
            facts = {"entries": len(left), "remains": {str(number): each for number, each in sorted(left.items())}}
            about = self.desk.ids.new()
            work.audit.note(about, at=now, actor=KANTOR, action=chain.EMPTIED, contest_id=contest_id, **facts)
        args = {
            "submission_ids": list(gone.pieces),
            "files": list(gone.files),
            "entry": entry.model_dump(mode="json"),
        }
        for name, rest in (("", timedelta(0)), (":again", AGAIN)):
            key = f"{ERASE_FILES}:{entry.token}{name}"
            work.jobs.enqueue(self.desk.ids.new(), ERASE_FILES, key, args, now, rest=rest, priority=LATER)
        return entry.token, gone

    def _name(self, work: Work, user_id: str) -> str | None:
        person = work.people.get(user_id)
        if person is not None:
            return person.name
        traces = work.erasure.traces(user_id)
        return user_id if traces.contests or traces.letters else None

    def _require(self, actor: str, contests: Sequence[Contest]) -> None:
        self.desk.who.require_organizer(actor)
        foreign = [each.name for each in contests if Role.ORGANIZER not in self.desk.who.roles(actor, each.id)]
        if foreign:
            raise Refusal(
                f"They took part in {', '.join(f'*{quoted(name)}*' for name in foreign)}, too, which you do not organize. "
                "Please ask a workspace admin to erase them."
            )


def unknown(work: Work, entries: Sequence[Erased]) -> list[Erased]:
    """Those of these erasures of which the database knows nothing: they were done after what stands in it."""
    return [each for each in entries if work.jobs.by_key(f"{ERASE_FILES}:{each.token}") is None]


def _warnings(work: Work, contests: Sequence[Contest], user_id: str) -> list[str]:
    said = []
    for contest in contests:
        organizers = work.contests.roles.holders(contest.id, Role.ORGANIZER)
        if organizers == [user_id]:
            said.append(
                f"*{quoted(contest.name)}* would have no organizer of its own any more: workspace admins are left."
            )
        if contest.phase != Phase.FINISHED and work.submissions.counting(contest.id, user_id):
            said.append(
                f"*{quoted(contest.name)}* is still on: their compositions leave it, its boards, and the judges' piles."
            )
        if contest.phase != Phase.FINISHED and work.contests.roles.has(contest.id, user_id, Role.JUDGE):
            said.append(
                f"They judge in *{quoted(contest.name)}*: they stop being its judge, and their scores stay without their name."
            )
    return said
