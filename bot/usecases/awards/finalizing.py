"""Fixing the results: what has to be done before, who says that they may stand, and the moment from which they do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules import awards as special
from bot.rules import ceremony as rules
from bot.rules import storage
from bot.rules.awards import EXPLAINED, TITLES, AwardKind, measured
from bot.rules.criteria import Scheme
from bot.rules.duties import Duty
from bot.rules.numbers import counted
from bot.rules.phases import JUDGED, OVER, Phase, next_phase
from bot.rules.prizes import Category
from bot.rules.words import one_line, quoted
from bot.usecases.awards.letters import ConsentAsked
from bot.usecases.awards.outcome import SETTLED, document, outcome_of
from bot.usecases.awards.preparing import prepare_soon
from bot.usecases.awards.prizes import said
from bot.usecases.blindness import bylines, is_kept_blind
from bot.usecases.boards.feedback import undecided
from bot.usecases.boards.letters import TrailSealed
from bot.usecases.boards.sealing import head_of
from bot.usecases.contests.contests import MAX_WHY, MIN_WHY, begin_phase, note_move
from bot.usecases.judging.counting import counting, open_flags
from bot.usecases.judging.panels import below_floor
from bot.usecases.messages import dump
from models.awards import Ceremony, Consent, Result
from models.boards import BoardSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.ports import ObjectStore, Printer
    from bot.usecases.awards.outcome import Outcome
    from bot.usecases.boards.letters import BoardRow
    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.store import Work

NEEDED = 2
"""Organizers who confirm; one alone says why."""


@dataclass(frozen=True)
class Gate:
    """What has to be done before the results are fixed."""

    text: str
    is_open: bool
    can_be_passed: bool = False
    """Whether a reason that is kept does in its place."""


@dataclass(frozen=True)
class AwardSeen:
    """A special award as it stands, for organizers."""

    title: str
    explained: str
    winners: tuple[str, ...]
    """As people read of them."""
    measured: str
    nobody: str


@dataclass(frozen=True)
class Podiums:
    """Who would win, for organizers."""

    people: tuple[str, ...]
    """A line a place: ``1. Morning Tide by Ada``."""
    ai: tuple[str, ...]
    awards: tuple[AwardSeen, ...]


@dataclass(frozen=True)
class PrizeSeen:
    """A prize that was won."""

    id: str
    category: Category
    place: int
    """From 1; 0 where it is for none."""
    said: str
    winner: str
    """Their name."""
    title: str
    """Of the composition; empty for a judge."""
    received: bool
    by_winner: bool
    """Whether the winner said so."""


@dataclass(frozen=True)
class CeremonyLook:
    """How a contest stands on the way to its ceremony, for organizers."""

    contest_id: str
    contest_name: str
    channel_id: str
    phase: Phase
    gates: tuple[Gate, ...] = ()
    podiums: Podiums | None = None
    """None for who judges the contest blind."""
    unwritable: tuple[tuple[str, str], ...] = ()
    """Names and titles with letters that no font has, and these letters."""
    consents: tuple[str, ...] = ()
    """Who has confirmed these results."""
    digest: str = ""
    presenter: str = ""
    sha256: str = ""
    settled_at: datetime | None = None
    confirmed_by: tuple[str, ...] = ()
    shown: int = 0
    total: int = 0
    """Steps of the ceremony."""
    begun: bool = False
    rehearsing: bool = False
    prizes: tuple[PrizeSeen, ...] = ()
    entrants: int = 0


@dataclass(frozen=True)
class Confirmed:
    """What a confirmation has brought."""

    contest_name: str
    channel_id: str
    settled: bool
    sha256: str = ""
    presenter: str = ""


@dataclass(frozen=True)
class Finalizing:
    """Look, and confirm."""

    desk: Desk
    objects: ObjectStore
    printer: Printer

    def look(self, actor: str, channel_id: str) -> CeremonyLook:
        """How it stands. Raises Refusal for people who are no organizers, and before the last round."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as work:
            contest = work.contest
            if contest.phase in OVER:
                return _over(work, contest)
            _require_last_round(contest)
            seen, names = _before(work, contest), _printed(work, contest)
        found = {name: self.printer.unwritable(name) for name in names}
        return replace(seen, unwritable=tuple((name, missing) for name, missing in found.items() if missing))

    def confirm(self, actor: str, contest_id: str, digest: str, presenter: str, reason: str = "") -> Confirmed:
        """Say that the results with that digest may stand; they do once two have said so, or one with a ``reason``.

        Raises Refusal where something is left to do, or the results are others by now.
        """
        reason, result_id, salt = _reason(reason), self.desk.ids.new(), self.desk.ids.new()
        profile = self.desk.who.profile(presenter)
        if profile is None or not profile.is_ours:
            raise Refusal("Please name somebody of this workspace, who is no bot.", field="presenter")
        with self.desk.organizer(actor, contest_id, reads=True) as work:
            _require_last_round(work.contest)
            file = document(work, work.contest, outcome_of(work, work.contest, work.now), salt)
            will_stand = bool(reason) or bool(set(_consents(work, work.contest, digest)) - {actor})
        if will_stand:
            self.objects.put(storage.results(result_id), file)
        with self.desk.organizer(actor, contest_id) as work:
            contest = work.contest
            if contest.phase == Phase.CEREMONY:
                return _standing(work, contest)
            _require_last_round(contest)
            outcome = outcome_of(work, contest, work.now)
            _require_gates(work, contest, reason)
            if outcome.digest != digest or (will_stand and document(work, contest, outcome, salt) != file):
                raise Refusal(
                    "A rating came in, or something else changed, while you looked, so I kept nothing. Please open `/kantor ceremony` once more: "
                    "you confirm the results as they are."
                )
            consent = Consent(contest_id=contest.id, organizer=actor, digest=digest, reason=reason, at=work.now)
            work.awards.consent(consent)
            work.note("results.confirmed", reason=reason)
            if not will_stand:
                asked = ConsentAsked(contest_name=contest.name, by=actor, channel_id=contest.channel_id)
                work.post_to_organizers(f"consent:{contest.id}:{digest[:16]}:{actor}", asked)
                return Confirmed(contest.name, contest.channel_id, settled=False)
            _settle(work, outcome, result_id, file, presenter)
            return _standing(work, contest)


def _settle(work: Matter, outcome: Outcome, result_id: str, file: bytes, presenter: str) -> None:
    contest, now, fingerprint = work.contest, work.now, sha256(file).hexdigest()
    before, by = contest.phase, _consents(work, contest, outcome.digest)
    begin_phase(work, Phase.CEREMONY, fingerprint)
    note_move(work, before)
    board = outcome.board.model_copy(update={"snapshot_id": result_id})
    work.boards.keep(BoardSnapshot(id=result_id, contest_id=contest.id, kind=SETTLED, taken_at=now, board=dump(board)))
    result = Result(
        id=result_id,
        contest_id=contest.id,
        sha256=fingerprint,
        awards=special.dump(outcome.awards),
        confirmed_by=by,
        settled_at=now,
        undone_at=None,
    )
    work.awards.settle(result)
    made = new_ceremony(work, result, outcome, presenter, contest.channel_id, rehearsal=False)
    work.note("results.settled", sha256=fingerprint, confirmed_by=by)
    sealed = TrailSealed(contest_name=contest.name, trail=head_of(work, contest), fixed=True)
    work.post(f"sealed:{result_id}", contest.channel_id, sealed)
    prepare_soon(work, made)


def new_ceremony(  # noqa: PLR0913 - what it shows, who shows it, and where
    work: Matter, result: Result, outcome: Outcome, presenter: str, channel_id: str, *, rehearsal: bool
) -> Ceremony:
    """A ceremony, or a rehearsal, that nobody has begun."""
    made = Ceremony(
        id=work.desk.ids.new(),
        contest_id=work.contest.id,
        result_id=result.id,
        rehearsal=rehearsal,
        channel_id=channel_id,
        presenter=presenter,
        panels=[presenter],
        steps=rules.dump(outcome.steps(work.contest.winners)),
        has_pictures=False,
        shown=0,
        at_step=0,
        paused=False,
        turn=0,
        made_at=work.now,
        begun_at=None,
        ended_at=None,
    )
    work.awards.add(made)
    return made


def _standing(work: Work, contest: Contest) -> Confirmed:
    result, show = work.awards.result(contest.id), work.awards.running(contest.id, rehearsal=False)
    return Confirmed(
        contest.name,
        contest.channel_id,
        settled=True,
        sha256="" if result is None else result.sha256,
        presenter="" if show is None else show.presenter,
    )


def _consents(work: Work, contest: Contest, digest: str) -> list[str]:
    return [each.organizer for each in work.awards.consents(contest.id) if each.digest == digest]


def _reason(text: str) -> str:
    reason = one_line(text)
    if reason and not MIN_WHY <= len(reason) <= MAX_WHY:
        raise Refusal(f"Please say why in {MIN_WHY} to {MAX_WHY} characters, or leave it empty.", field="reason")
    return reason


def _require_last_round(contest: Contest) -> None:
    if contest.phase not in JUDGED:
        raise Refusal(
            f"*{quoted(contest.name)}* is not being judged, so there are no results yet. `/kantor status` shows how it stands."
        )
    if next_phase(contest.phase, contest.rounds) is not Phase.FINISHED:
        raise Refusal(
            f"*{quoted(contest.name)}* has a final to come: a ceremony follows the last round. `/kantor phase next` begins the final."
        )


def _require_gates(work: Work, contest: Contest, reason: str) -> None:
    shut = [gate for gate in gates_of(work, contest) if not gate.is_open and not (gate.can_be_passed and reason)]
    if shut:
        passed = (
            " Where only ratings are missing, a reason does, too." if any(each.can_be_passed for each in shut) else ""
        )
        raise Refusal(f"Before the results can stand: {' '.join(each.text for each in shut)}{passed}")


def gates_of(work: Work, contest: Contest) -> tuple[Gate, ...]:
    """All of them, done or not."""
    counts = work.submissions.count_by_state(contest.id)
    unchecked, late = counts.get("received", 0) + counts.get("checking", 0), counts.get("late", 0)
    flags, lacking, comments = len(open_flags(work, contest)), len(below_floor(work, contest)), undecided(work, contest)
    rated = bool(counting(work, contest))
    return (
        Gate("Something is rated." if rated else "Nothing is rated yet.", rated),
        Gate(
            f"{counted(unchecked, 'upload')} still being checked." if unchecked else "Every upload is checked.",
            not unchecked,
        ),
        Gate(
            f"{counted(late, 'late file')} to decide about (`/kantor late`)." if late else "No late file waits.",
            not late,
        ),
        Gate(
            f"{counted(lacking, 'composition')} with fewer ratings than the others (`/kantor panel`)."
            if lacking
            else "Every composition has ratings enough to be compared.",
            not lacking,
            can_be_passed=True,
        ),
        Gate(
            f"{counted(flags, 'flag')} of judges to look at (`/kantor flags`)."
            if flags
            else "No flag of a judge is open.",
            not flags,
        ),
        Gate(
            f"{counted(comments, 'comment')} of judges to read (`/kantor feedback`)."
            if comments
            else "The judges' comments are read.",
            not comments,
        ),
    )


def _before(work: Matter, contest: Contest) -> CeremonyLook:
    outcome = outcome_of(work, contest, work.now)
    blind = is_kept_blind(work, contest, work.actor)
    return CeremonyLook(
        contest_id=contest.id,
        contest_name=contest.name,
        channel_id=contest.channel_id,
        phase=contest.phase,
        gates=gates_of(work, contest),
        podiums=None if blind else podiums_of(work, contest, outcome),
        consents=tuple(_consents(work, contest, outcome.digest)),
        digest=outcome.digest,
        presenter=next(iter(work.duties.holders(contest.id, Duty.PRESENTER)), work.actor),
        entrants=len(outcome.board.ai_rows or ()),
    )


def _over(work: Matter, contest: Contest) -> CeremonyLook:
    result = work.awards.result(contest.id)
    shows = [each for each in work.awards.ceremonies(contest.id) if not each.rehearsal]
    show = shows[-1] if shows else None
    return CeremonyLook(
        contest_id=contest.id,
        contest_name=contest.name,
        channel_id=contest.channel_id,
        phase=contest.phase,
        sha256="" if result is None else result.sha256,
        settled_at=None if result is None else result.settled_at,
        confirmed_by=() if result is None else tuple(result.confirmed_by),
        presenter="" if show is None else show.presenter,
        shown=0 if show is None else show.shown,
        total=0 if show is None else len(show.steps),
        begun=show is not None and show.begun_at is not None,
        rehearsing=work.awards.running(contest.id, rehearsal=True) is not None,
        prizes=tuple(_prizes(work, contest)),
        entrants=len(set(work.submissions.authors(contest.id).values())),
    )


def _prizes(work: Work, contest: Contest) -> Iterator[PrizeSeen]:
    due, names = work.awards.prizes(contest.id), work.people.names()
    pieces = work.submissions.by_ids({each.submission_id for each in due if each.submission_id})
    for each in due:
        piece = pieces.get(each.submission_id or "")
        yield PrizeSeen(
            id=each.id,
            category=Category(each.category),
            place=each.place,
            said=said(each),
            winner=names.get(each.user_id, "somebody"),
            title="" if piece is None else piece.title,
            received=each.received_at is not None,
            by_winner=each.ticked_by == each.user_id,
        )


def podiums_of(work: Work, contest: Contest, outcome: Outcome) -> Podiums:
    """Who is called up."""
    criteria, names = Scheme.load(contest.scheme).criteria, work.people.names()
    keys = {key for award in outcome.awards for key in award.winners}
    called = bylines(work, work.submissions.by_ids(keys).values())
    return Podiums(
        people=tuple(_lines(outcome.board.rows, contest.winners)),
        ai=tuple(_lines(outcome.board.ai_rows or (), contest.winners)),
        awards=tuple(
            AwardSeen(
                title=TITLES[award.kind],
                explained=EXPLAINED[award.kind],
                winners=tuple(
                    names.get(key, key) if award.kind is AwardKind.EAR else called.get(key, key)
                    for key in award.winners
                ),
                measured=measured(
                    award.kind, award.value, "" if award.criterion is None else criteria[award.criterion].title
                )
                if award.winners
                else "",
                nobody=award.nobody,
            )
            for award in outcome.awards
        ),
    )


def _lines(rows: Sequence[BoardRow], places: int) -> Iterator[str]:
    for row in rows:
        if row.place <= places:
            yield f"{row.place}. {row.read_as}"


def _printed(work: Work, contest: Contest) -> list[str]:
    """All that may come to stand on a certificate."""
    names, pieces = work.people.names(), work.submissions.entrants(contest.id)
    authors = [names[piece.user_id] for piece in pieces if piece.user_id in names]
    return list(dict.fromkeys([contest.name, *authors, *(piece.title for piece in pieces)]))
