"""The AI judge's verdicts of a contest, made anew by the present model: all of them or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules import storage
from bot.rules.naming import natural
from bot.rules.standings import Entry, shown_score, standings
from bot.rules.words import quoted
from bot.usecases.letters import post_about
from bot.usecases.verdicts.explanations import row_of
from bot.usecases.verdicts.letters import VerdictRenewed
from judge.refusals import MidiRefusal
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from bot.ports import Assessment, Clock, Ids, Inspector, ObjectStore
    from models.contests import Contest
    from models.store import Store, Work
    from models.submissions import Submission
    from models.verdicts import Verdict

ACTOR = "operator"
"""Who did it, in the audit trail: somebody at the machine, without a Slack id."""


@dataclass(frozen=True)
class Change:
    """One composition: its scores (0-100) and its places on the AI judge's board, before and after."""

    submission_id: str
    name: str
    score_before: float
    score_after: float
    place_before: int
    place_after: int

    @property
    def changed(self) -> bool:
        """Whether people would read another score: they read it to a tenth."""
        return shown_score(self.score_before) != shown_score(self.score_after)


@dataclass(frozen=True)
class Rejudgement:
    """What the present model would make of a contest; nothing of it is true before it is applied."""

    contest_id: str
    contest_name: str
    model_version: str
    weights_sha256: str
    up_to_date: bool
    """The verdicts that count are this model's already."""
    changes: tuple[Change, ...]
    """Every accepted composition, in the order of the places after."""
    assessments: Mapping[str, Assessment]
    """By submission id."""
    folders: Mapping[str, str]
    """Where their pictures are kept, by submission id."""
    replaced: Mapping[str, str]
    """Ids of the verdicts that were compared, by submission id."""


@dataclass(frozen=True)
class Rejudging:
    """Compare, then apply or drop."""

    store: Store
    objects: ObjectStore
    inspector: Inspector
    clock: Clock
    ids: Ids

    def compare(self, slug: str, watch: Callable[[int, int], None] = lambda _done, _total: None) -> Rejudgement:
        """Assess all accepted compositions of a contest again, and change nothing.

        Earlier versions, and what was withdrawn, are judged with them, since their authors may let them count again; nobody is told.

        Args:
            slug: The contest's short name.
            watch: Called after each composition with how many are done, and how many there are.

        Raises Refusal where there is no such contest, nothing to judge, or where one of them cannot be judged any more: it is all or
        nothing. May raise Unavailable.
        """
        with self.store.read() as work:
            contest = work.contests.by_slug(slug)
            if contest is None:
                raise Refusal(
                    f"There is no contest {slug}. Its short name stands in the names of its compositions: #{slug}-..."
                )
            pieces, verdicts = _judged(work, contest)
        counting = [piece for piece in pieces if piece.state == SubmissionState.ACCEPTED]
        if not counting:
            raise Refusal(
                f"{quoted(contest.name)} has no accepted composition with a verdict yet, so there is nothing to judge again."
            )
        found: dict[str, Assessment] = {}
        for done, piece in enumerate(pieces, start=1):
            assessed = self._assessed(piece)
            if assessed is not None:
                found[piece.id] = assessed
            watch(done, len(pieces))
        model = found[counting[0].id].verdict
        return Rejudgement(
            contest_id=contest.id,
            contest_name=contest.name,
            model_version=model.model_version,
            weights_sha256=model.weights_sha256,
            up_to_date=all(verdicts[key].weights_sha256 == model.weights_sha256 for key in found),
            changes=_changes(counting, verdicts, found),
            assessments=found,
            folders={piece.id: piece.folder for piece in pieces},
            replaced={key: verdicts[key].id for key in found},
        )

    def apply(self, found: Rejudgement) -> int:
        """Let the new verdicts count, all of them, and tell the authors; the old ones are kept. How many scores changed.

        Safe to repeat. Raises Refusal, and changes nothing, where the compositions are not those that were compared any more.
        """
        if found.up_to_date:
            return 0
        for submission_id, assessment in found.assessments.items():
            self.objects.put(storage.chart(found.folders[submission_id], found.weights_sha256), assessment.chart.png)
        now = self.clock.now()
        with self.store.write() as work:
            contest = work.contests.lock(found.contest_id)
            if contest is None:
                raise Refusal("That contest is not there any more.")
            pieces, verdicts = _judged(work, contest)
            if all(verdicts[key].weights_sha256 == found.weights_sha256 for key in found.replaced if key in verdicts):
                return 0
            if not _are_those(pieces, verdicts, found):
                raise Refusal(
                    "Compositions came or went since they were judged again, so nothing was changed. Please run it once more."
                )
            self._replace(work, found, now)
            return self._tell(work, contest, pieces, found, now)

    def _assessed(self, piece: Submission) -> Assessment | None:
        """None where it does not count, and cannot be judged."""
        try:
            return self.inspector.assess(self.objects.get(storage.original(piece.folder)))
        except KeyError:
            why = "its file is not in the object store"
        except MidiRefusal as refusal:
            why = f"the present judge refuses it: {refusal.sentence}"
        if piece.state != SubmissionState.ACCEPTED:
            return None
        raise Refusal(f"{piece.name} cannot be judged again: {why} Nothing was changed.")

    def _replace(self, work: Work, found: Rejudgement, now: datetime) -> None:
        work.verdicts.supersede(found.replaced.values(), now)
        for submission_id, assessment in found.assessments.items():
            work.verdicts.add(row_of(self.ids.new(), submission_id, assessment.verdict, assessment.chart, now))

    def _tell(
        self, work: Work, contest: Contest, pieces: Iterable[Submission], found: Rejudgement, now: datetime
    ) -> int:
        by_id = {piece.id: piece for piece in pieces}
        changed = [change for change in found.changes if change.changed]
        for change in changed:
            piece, verdict = by_id[change.submission_id], found.assessments[change.submission_id].verdict
            letter = VerdictRenewed(
                title=piece.title,
                name=piece.name,
                before=change.score_before,
                after=change.score_after,
                submission_id=piece.id,
                model_version=found.model_version,
                standing=verdict.standing.said if verdict.standing else "",
                reasons_down=verdict.reasons_down,
            )
            key = f"rejudged:{piece.id}:{found.weights_sha256}"
            post_about(work, key, piece, letter, now, to=piece.user_id)
        work.audit.note(
            self.ids.new(),
            at=now,
            actor=ACTOR,
            action="contest.rejudged",
            contest_id=contest.id,
            model=found.model_version,
            weights=found.weights_sha256,
            verdicts=len(found.changes),
            changed=len(changed),
        )
        return len(changed)


def _judged(work: Work, contest: Contest) -> tuple[list[Submission], dict[str, Verdict]]:
    """The compositions that have a verdict, whatever became of them, and the verdicts that count by submission id."""
    verdicts = work.verdicts.of_contest(contest.id)
    return [piece for piece in work.submissions.of_contest(contest.id) if piece.id in verdicts], verdicts


def _are_those(pieces: Iterable[Submission], verdicts: Mapping[str, Verdict], found: Rejudgement) -> bool:
    """Whether the same compositions count as when they were compared, with the same verdicts."""
    counting = {piece.id for piece in pieces if piece.state == SubmissionState.ACCEPTED}
    same = all(key in verdicts and verdicts[key].id == verdict_id for key, verdict_id in found.replaced.items())
    return same and counting == {change.submission_id for change in found.changes}


def _changes(
    pieces: Iterable[Submission], verdicts: Mapping[str, Verdict], found: Mapping[str, Assessment]
) -> tuple[Change, ...]:
    names = {piece.id: piece.name for piece in pieces}
    before = {key: verdicts[key].score for key in names}
    after = {key: found[key].verdict.score for key in names}
    places_before, places_after = _places(names, before), _places(names, after)
    changes = [Change(key, names[key], before[key], after[key], places_before[key], places_after[key]) for key in names]
    return tuple(sorted(changes, key=lambda change: (change.place_after, natural(change.name))))


def _places(names: Mapping[str, str], scores: Mapping[str, float]) -> dict[str, int]:
    """By submission id, as the AI judge's board has them: to a tenth, as people read it."""
    order = standings([Entry(name, shown_score(scores[key]), key=key) for key, name in names.items()])
    return {each.entry.key: each.place for each in order}
