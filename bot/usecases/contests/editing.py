"""Changes of a contest: what is to be changed is shown with its effects first, and written when it is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import Problems, Refusal
from bot.rules.criteria import Scheme
from bot.rules.prizes import told_of
from bot.usecases.contests import settings, written
from bot.usecases.contests.letters import ContestNews
from bot.usecases.contests.settings import BY_NAME, marks, plain, put
from bot.usecases.finding import not_archived
from bot.usecases.happenings import ContestChanged
from bot.usecases.judging.fairness import goes_by
from models.contests import ContestEdit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.rules.phases import Phase
    from bot.usecases.contests.settings import Fields, Part
    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.store import Work

_FORGET_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class EditMenu:
    """A contest with all that can be changed in it."""

    contest_id: str
    phase: Phase
    fields: Fields
    ratings: int
    """How many were given: from the first on the criteria stay."""


@dataclass(frozen=True)
class EditForm:
    """What one modal asks for."""

    contest_id: str
    part: Part
    phase: Phase
    fields: Fields
    """All of them, as they are."""
    seen: Mapping[str, str]
    """Comes back with the answer (``EditContest``)."""


@dataclass(frozen=True)
class EditContest:
    """The modal of one part, filled in."""

    actor: str
    contest_id: str
    part: Part
    written: Fields
    """What was written for each setting that the modal asked for; ``bot.usecases.contests.settings`` says in which form."""
    seen: Mapping[str, str]


@dataclass(frozen=True)
class EditPreview:
    """What the change would bring, to be confirmed."""

    edit_id: str
    name: str
    effects: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Edited:
    """A contest after its change."""

    name: str
    channel_id: str
    told: bool
    """Whether its channel hears of it."""


@dataclass(frozen=True)
class Editing:
    """Change a contest."""

    desk: Desk

    def menu(self, actor: str, channel_id: str) -> EditMenu:
        """The contest as it is. Raises Refusal for people who are no organizers. May raise Unavailable."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as work:
            found = not_archived(work.contest)
            ratings = len(work.ratings.of_contest(found.id))
            return EditMenu(found.id, found.phase, plain(found), ratings)

    def form(self, actor: str, contest_id: str, part: Part) -> EditForm:
        """One part of it, to be changed. Raises Refusal as ``menu``."""
        with self.desk.organizer(actor, contest_id, reads=True) as work:
            contest = not_archived(work.contest)
            fields = plain(contest)
            return EditForm(contest_id, part, contest.phase, fields, marks(fields, part))

    def prepare(self, command: EditContest) -> EditPreview:
        """What the change would bring; nothing is changed yet.

        Raises Refusal with the field that is wrong, or where somebody else has changed what the modal showed.
        """
        with self.desk.organizer(command.actor, command.contest_id, reads=True) as work:
            contest, now = not_archived(work.contest), work.now
            before = plain(contest)
            _require_unchanged(work, contest, command, before)
            wanted = settings.checked(command.written, before, now)
            changes = {name: value for name, value in wanted.items() if value != before[name]}
            if not changes:
                raise Refusal("This is how it stands already. Change something here, or close this window.")
            problems = Problems()
            problems.of(None, settings.require_allowed, work, contest, changes)
            effects = settings.effects_of(work, contest, before, changes)
        if "channel_id" in changes:
            directory = self.desk.who.directory
            problems.of(None, written.require_channel, directory, changes["channel_id"], command.actor)
        problems.settle()
        facts = {name: {"before": before[name], "after": after} for name, after in changes.items()}
        edit = ContestEdit(
            id=self.desk.ids.new(), contest_id=command.contest_id, actor=command.actor, changes=facts, shown_at=now
        )
        with self.desk.anyone() as work:
            work.contests.keep_edit(edit, forget_before=now - _FORGET_AFTER)
        return EditPreview(edit.id, before["name"], effects.effects, effects.warnings)

    def apply(self, actor: str, edit_id: str) -> Edited:
        """Write what was shown. Safe to repeat.

        Raises Refusal, and nothing is changed, where a field has been changed by somebody else since.
        """
        with self.desk.store.read() as looking:
            contest_id = _found(looking.contests.edit(edit_id), actor).contest_id
        with self.desk.organizer(actor, contest_id) as work:
            contest = not_archived(work.contest)
            edit = _found(work.contests.edit(edit_id), actor)
            changes = {name: each["after"] for name, each in edit.changes.items()}
            if edit.applied_at is None:
                _write(work, edit, changes)
            return Edited(
                contest.name,
                contest.channel_id,
                bool(settings.tells_channel(contest, changes)) or settings.sets_rules(contest, changes),
            )


def _write(work: Matter, edit: ContestEdit, changes: Fields) -> None:
    contest, now = work.contest, work.now
    before = plain(contest)
    stale = [name for name, each in edit.changes.items() if before[name] != each["before"]]
    if stale:
        raise Refusal(_meanwhile(work, contest, stale))
    work.contests.lock_places()
    settings.require_allowed(work, contest, changes)
    for name, value in changes.items():
        put(contest, name, value)
    edit.applied_at = now
    told = settings.tells_channel(contest, changes)
    if told:
        news = _news(contest, told, before)
        # Both, where it has moved: the old one may be archived, and then that letter is given up.
        for channel_id in dict.fromkeys([contest.channel_id, before["channel_id"]]):
            work.post(f"edited:{edit.id}:{channel_id}", channel_id, news)
    work.happened(ContestChanged(changes.keys()))
    work.note("contest.edited", changes=edit.changes)


def _found(edit: ContestEdit | None, actor: str) -> ContestEdit:
    if edit is None or edit.actor != actor:
        raise Refusal("This preview is too old. Please open `/kantor contest edit` once more.")
    return edit


def _require_unchanged(work: Work, contest: Contest, command: EditContest, before: Fields) -> None:
    stale = [name for name, mark in marks(before, command.part).items() if mark != command.seen.get(name)]
    if stale:
        raise Refusal(_meanwhile(work, contest, stale))


def _meanwhile(work: Work, contest: Contest, stale: list[str]) -> str:
    what = ", ".join(BY_NAME[name].words for name in stale)
    return (
        f"{_whoever(work, contest, stale)} has changed {what} since you opened this, so I changed nothing. "
        "Please open `/kantor contest edit` once more."
    )


def _whoever(work: Work, contest: Contest, stale: list[str]) -> str:
    edits = work.contests.edits_of(contest.id, stale)
    return f"<@{edits[-1].actor}>" if edits else "Somebody"


def _news(contest: Contest, told: tuple[str, ...], before: Fields) -> ContestNews:
    return ContestNews(
        contest_name=contest.name,
        channel_id=contest.channel_id,
        changed=told,
        deadline=contest.deadline,
        deadline_before=datetime.fromisoformat(before["deadline"]),
        time_zone=contest.time_zone,
        limit=contest.submission_limit,
        intake=contest.intake,
        blind=contest.blind,
        rounds=contest.rounds,
        finalists=contest.finalists,
        winners=contest.winners,
        criteria=Scheme.load(contest.scheme).told,
        criteria_before=Scheme.load(before).told,
        scores=goes_by(contest),
        prizes=told_of(contest.texts),
    )
