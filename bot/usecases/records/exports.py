"""Files for organizers: the whole contest, and the list of accounts to rotate. They go to the asker's direct messages only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.errors import Refusal
from bot.ports import Enclosure
from bot.rules import storage
from bot.rules.phases import JUDGED, Phase
from bot.rules.tables import csv_text, zipped
from bot.rules.words import quoted
from bot.usecases.accounts.letters import RotationList
from bot.usecases.blindness import is_kept_blind
from bot.usecases.boards.bundling import bundle_of, call_judges
from bot.usecases.boards.letters import Papers
from bot.usecases.boards.reporting import report_of
from bot.usecases.desk import KANTOR
from bot.usecases.finding import known
from bot.usecases.judging.counting import why_not
from bot.usecases.messages import TroubleAlarm
from bot.usecases.records.exporting import files_of, rotation_of
from bot.usecases.records.letters import BundleReady, ExportReady, ReportReady

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Leaflet, ObjectStore, Printer
    from bot.usecases.desk import Desk, Matter
    from bot.usecases.messages import Message
    from models.contests import Contest
    from models.store import Work

COMMAND_LINE = "cli"
"""Whoever runs the bot, as the audit trail names them."""
EXPORT = "export"
"""The name of the job."""
LINKED = timedelta(minutes=10)
"""So long a link to a file works: it is made when somebody wants it, and whoever it is passed on to gets the file."""
KEPT_DAYS = 7
"""So long we keep a file after it was sent."""
_WHOLE, _ROTATION, _BUNDLE, _REPORT = "contest", "rotation", "bundle", "report"
_KINDS = (ExportReady.kind, RotationList.kind, BundleReady.kind, ReportReady.kind, Papers.kind)
"""Of these letters."""


@dataclass(frozen=True)
class Linked:
    """A file that somebody may fetch now."""

    url: str
    filename: str
    contest_name: str


@dataclass(frozen=True)
class Exports:
    """Ask for a file, make it, and throw it away after some days."""

    desk: Desk
    objects: ObjectStore
    printer: Printer

    def ask(self, user_id: str, channel_id: str) -> str:
        """Order everything of the contest meant; its name.

        Raises Refusal for those who do not organize it, and for those who still judge it blind: who wrote what stands in it.
        """
        with self.desk.organizer(user_id, channel_id=channel_id) as work:
            _require_open_eyes(work, user_id)
            return _order(work, _WHOLE)

    def ask_bundle(self, user_id: str, channel_id: str) -> str:
        """Order the results bundle of the contest meant; its name. Raises Refusal as ``ask``, and before anything is judged."""
        with self.desk.organizer(user_id, channel_id=channel_id) as work:
            _require_open_eyes(work, user_id)
            _require_judged(work.contest)
            return _order(work, _BUNDLE)

    def ask_report(self, user_id: str, channel_id: str) -> str:
        """Order the fairness report of the contest meant; its name. Raises Refusal as ``ask_bundle``."""
        with self.desk.organizer(user_id, channel_id=channel_id) as work:
            _require_open_eyes(work, user_id)
            _require_judged(work.contest)
            return _order(work, _REPORT)

    def bundle(self, slug: str) -> bytes:
        """The results bundle of that contest, for whoever runs the bot. Raises Refusal where there is none."""
        contest_id = self._called(slug, _BUNDLE)
        with self.desk.store.read() as looking:
            return bundle_of(looking, known(looking.contests.get(contest_id)))

    def report(self, slug: str) -> Leaflet:
        """The fairness report likewise."""
        contest_id = self._called(slug, _REPORT)
        with self.desk.store.read() as looking:
            found = report_of(looking, known(looking.contests.get(contest_id)), self.desk.clock.now())
        return self.printer.report(found)

    def _called(self, slug: str, what: str) -> str:
        """Give the judges their pseudonyms, and note that whoever runs the bot takes that; the contest's id."""
        with self.desk.store.read() as looking:
            found = known(looking.contests.by_slug(slug), "`kantor audit verify` names them all.")
            _require_judged(found)
        with self.desk.person(COMMAND_LINE, found.id) as work:
            call_judges(work)
            work.note(f"export.{what}")
        return found.id

    def ask_rotation(self, user_id: str, contest_id: str) -> str:
        """Order the list of accounts whose passwords were seen; the contest's name. Raises Refusal as ``ask``."""
        with self.desk.organizer(user_id, contest_id, hint="`/kantor accounts` begins anew.") as work:
            return _order(work, _ROTATION)

    def make(self, contest_id: str, user_id: str, what: str, folder: str) -> None:
        """The job: write the file, and send it. Safe to repeat. Raises Unavailable: try again later."""
        now = self.desk.clock.now()
        if what in {_BUNDLE, _REPORT}:
            with self.desk.person(KANTOR, contest_id) as calling:
                call_judges(calling)
        with self.desk.store.read() as work:
            contest = work.contests.get(contest_id)
            if contest is None:
                return
            report = report_of(work, contest, now) if what == _REPORT else None
            message, files = self._made(work, contest, what, folder, now)
        if report is not None:  # drawn after the transaction: it takes seconds
            leaflet = self.printer.report(report)
            files = [
                (replace(upload, alt_text=leaflet.alt_text), data)
                for (upload, _), data in zip(files, (leaflet.html, leaflet.png), strict=True)
            ]
        for upload, data in files:
            self.objects.put(upload.object_key, data)
        uploads = [upload for upload, _ in files]
        if self.objects.link(uploads[0].object_key, uploads[0].filename, LINKED) is not None:
            uploads[0], message = replace(uploads[0], by_link=True), message.model_copy(update={"order": folder})
        with self.desk.anyone() as work:
            work.about(contest).post(_key(folder), user_id, message, uploads=uploads)

    def link(self, user_id: str, order: str) -> Linked:
        """A link to the file of that order, for whoever ordered it. Raises Refusal where it is gone, and as ``ask``."""
        gone = Refusal(f"That file is gone: I keep one for {KEPT_DAYS} days. Please ask for it once more.")
        with self.desk.store.read() as work:
            row = work.outbox.by_key(_key(order))
        if row is None or row.contest_id is None or row.recipient != user_id or not row.uploads:
            raise gone
        upload = Enclosure(**row.uploads[0])
        with self.desk.organizer(user_id, row.contest_id) as work:
            if row.kind != RotationList.kind:
                _require_open_eyes(work, user_id)
            work.note("export.link")
        url = self.objects.link(upload.object_key, upload.filename, LINKED)
        if url is None:  # the setting was taken away
            raise gone
        return Linked(url, upload.filename, work.contest.name)

    def give_up(self, contest_id: str, user_id: str, reference: str) -> None:
        """After the last try: the asker learns that there is no file."""
        with self.desk.anyone() as work:
            contest = work.contests.get(contest_id)
            if contest is not None:
                what = "the file that you asked for could not be made. Please ask for it once more"
                alarm = TroubleAlarm(contest_name=contest.name, what=what, reference=reference)
                work.about(contest).post(f"export_failed:{reference}:{user_id}", user_id, alarm)

    def throw_away(self) -> None:
        """Upkeep: delete the files that were sent long enough ago; Slack has its own copies."""
        self.forget(self.desk.clock.now() - timedelta(days=KEPT_DAYS))

    def forget(self, sent_before: datetime) -> None:
        """Delete the files that were sent, or given up, before then. Safe to repeat."""
        with self.desk.store.read() as work:
            due = [
                (row.id, upload["object_key"])
                for row in work.outbox.of_kinds(*_KINDS)
                if row.uploads and row.is_settled and (row.sent_at or row.created_at) < sent_before
                for upload in row.uploads
            ]
        for _, key in due:
            self.objects.delete(key)
        if due:
            with self.desk.anyone() as work:
                for letter_id in {letter_id for letter_id, _ in due}:
                    work.outbox.forget_uploads(letter_id)

    def _made(
        self, work: Work, contest: Contest, what: str, folder: str, now: datetime
    ) -> tuple[Message, list[tuple[Enclosure, bytes]]]:
        """The letter, and its files: the first one may be handed out by a link."""
        if what == _ROTATION:
            rows: list[dict[str, Any]] = rotation_of(work, contest)
            columns = ("account_id", "user_name", "holder", "holder_id", "shown_at", "state", "rotate")
            data = ("\ufeff" + csv_text(columns, rows)).encode()
            number = len({(row["account_id"], row["user_name"]) for row in rows})
            listed = RotationList(contest_name=contest.name, accounts=number, kept_days=KEPT_DAYS)
            return listed, [(_upload(folder, f"{contest.slug}-accounts-to-rotate.csv", "Accounts to rotate"), data)]
        if what == _BUNDLE:
            data = bundle_of(work, contest)
            bundled = BundleReady(contest_name=contest.name, made_at=now, kept_days=KEPT_DAYS)
            return bundled, [(_upload(folder, f"{contest.slug}-results.zip", f"Results of {contest.name}"), data)]
        if what == _REPORT:
            title = f"How fairly {contest.name} was judged"
            reported = ReportReady(contest_name=contest.name, made_at=now, kept_days=KEPT_DAYS)
            return reported, [
                (_upload(folder, f"{contest.slug}-fairness.{form}", title), b"") for form in ("html", "png")
            ]
        given = work.ratings.given(contest.id)
        ready = ExportReady(
            contest_name=contest.name,
            made_at=now,
            submissions=len(work.submissions.of_contest(contest.id)),
            ratings=len(given),
            uncounted=sum(bool(why_not(each)) for each in given),
            kept_days=KEPT_DAYS,
        )
        data = zipped(files_of(work, contest, given, now))
        return ready, [(_upload(folder, f"{contest.slug}-{now:%Y-%m-%d}.zip", f"Export of {contest.name}"), data)]


def _require_open_eyes(work: Matter, user_id: str) -> None:
    if is_kept_blind(work, work.contest, user_id):
        raise Refusal(
            f"You judge *{quoted(work.contest.name)}*, and its export says who wrote what. Please ask another organizer for it, "
            "or wait until the contest is finished."
        )


def _require_judged(contest: Contest) -> None:
    if contest.phase not in {*JUDGED, Phase.FINISHED}:
        raise Refusal(
            f"Nothing has been judged yet in *{quoted(contest.name)}*, so there are no results. `/kantor phase next` shows what comes next."
        )


def _key(order: str) -> str:
    return f"export:{order}"


def _order(work: Matter, what: str) -> str:
    contest, user_id, now, job_id = work.contest, work.actor, work.now, work.desk.ids.new()
    args = {"contest_id": contest.id, "user_id": user_id, "what": what, "folder": job_id}
    # A double click within the minute is one file.
    key = f"{EXPORT}:{what}:{contest.id}:{user_id}:{now:%Y-%m-%dT%H:%M}"
    if work.jobs.enqueue(job_id, EXPORT, key, args, now, owner=user_id, contest_id=contest.id):
        work.note(f"export.{what}")
    return contest.name


def _upload(folder: str, filename: str, title: str) -> Enclosure:
    return Enclosure(storage.export(folder, filename), filename, title)
