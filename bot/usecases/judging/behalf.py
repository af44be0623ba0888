"""Ratings that an organizer writes down for a judge, who is told at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.errors import Problems, Refusal
from bot.rules.criteria import Scheme
from bot.rules.naming import natural
from bot.rules.phases import JUDGED, Phase, round_of
from bot.rules.roles import Role
from bot.rules.words import one_line, quoted
from bot.usecases.blindness import bylines, is_kept_blind
from bot.usecases.judging.invitations import invite_judges
from bot.usecases.judging.letters import RatingEntered, RatingStands, Scored
from bot.usecases.judging.piles import called
from bot.usecases.judging.ratingforms import (
    Progress,
    RatingForm,
    RatingValues,
    form_of,
    require_rateable,
    require_same_round,
    require_valid,
)
from models.judging import MarkKind, Rating

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission

MAX_REASON = 1000


@dataclass(frozen=True)
class EntryChoice:
    """Whose rating of which piece can be written down."""

    contest_id: str
    contest_name: str
    judges: tuple[tuple[str, str], ...]
    """User id and name."""
    pieces: tuple[tuple[str, str], ...]
    """Submission id, and alias with the piece's name: organizers know both, unless they judge a blind contest themselves."""
    judge: str | None
    """The one who was named in the command."""


@dataclass(frozen=True)
class EnterRating:
    """The submitted form. A Refusal's ``field`` is ``reason``, a criterion's key, or a name of RatingValues."""

    actor: str
    judge: str
    submission_id: str
    values: RatingValues
    reason: str
    round: str = ""
    """The round that it was when the form was opened; empty where nobody knows."""


@dataclass(frozen=True)
class Entered:
    """What was written down."""

    judge: str
    alias: str
    contest_name: str


@dataclass(frozen=True)
class Behalf:
    """Choose, fill in, write down."""

    desk: Desk

    def choice(self, actor: str, channel_id: str, judge: str | None = None) -> EntryChoice:
        """What there is to choose from. Raises Refusal for people who are no organizers. May raise Unavailable."""
        return self._choice(actor, self.desk.who.contest_meant(actor, channel_id).id, judge)

    def search(self, actor: str, contest_id: str, words: str) -> EntryChoice:
        """The judges, and the pieces, whose names hold all of these words: for menus of more than Slack shows.

        Raises Refusal for people who are no organizers. May raise Unavailable.
        """
        seen = self._choice(actor, contest_id, None)
        return replace(seen, judges=_holding(seen.judges, words), pieces=_holding(seen.pieces, words))

    def _choice(self, actor: str, contest_id: str, judge: str | None) -> EntryChoice:
        with self.desk.organizer(actor, contest_id, reads=True) as work:
            contest = work.contest
            judges = work.contests.roles.holders(contest.id, Role.JUDGE)
            if contest.phase not in JUDGED:
                raise Refusal(
                    f"*{quoted(contest.name)}* is not being judged now, so no rating can be written down. `/kantor status` shows how it stands."
                )
            if not judges:
                raise Refusal(f"*{quoted(contest.name)}* has no judges yet. Add them with `/kantor judges add @...`.")
            if judge is not None and judge not in judges:
                raise Refusal(
                    f"<@{judge}> does not judge *{quoted(contest.name)}*. `/kantor judges add` makes somebody a judge."
                )
            people = [(each, work.people.get(each)) for each in judges]
            alone = is_kept_blind(work, contest, actor)
            accepted = sorted(work.submissions.accepted(contest.id), key=lambda piece: natural(piece.alias or ""))
            named = bylines(work, accepted)
            pieces = [
                (piece.id, _shown(contest, piece, "" if alone else named[piece.id]))
                for piece in accepted
                if piece.user_id != actor and (contest.phase != Phase.FINAL or piece.in_final)
            ]
            if not pieces:
                raise Refusal("There is no composition to rate yet. `/kantor status` shows how the contest stands.")
        known = sorted(
            ((each, each if person is None else person.name) for each, person in people),
            key=lambda one: natural(one[1]),
        )
        return EntryChoice(contest.id, contest.name, tuple(known), tuple(pieces), judge)

    def form(self, actor: str, judge: str, submission_id: str) -> RatingForm:
        """The form, with what the judge gave before, but for their private note. Raises Refusal; may raise Unavailable."""
        with self.desk.store.read() as work:
            contest, piece = _rateable(work, judge, submission_id)
        with self.desk.organizer(actor, contest.id, reads=True) as work:
            _require_not_own(piece, actor)
            given = work.ratings.by_judge(piece.id, judge, round_of(contest.phase))
            if given is not None:
                given.private_note = ""
            return form_of(work, contest, piece, Progress(0, 0), given, None, ())

    def enter(self, command: EnterRating) -> Entered:
        """Write it down in the judge's name, and tell the judge what and why. Safe to repeat.

        Raises Refusal with the field that is wrong. May raise Unavailable.
        """
        problems = Problems()
        reason = problems.of("", _because, command.reason)
        with self.desk.store.read() as work:
            contest, _ = _rateable(work, command.judge, command.submission_id)
        with self.desk.organizer(command.actor, contest.id) as work:
            contest, piece = _rateable(work, command.judge, command.submission_id)
            _require_not_own(piece, command.actor)
            require_same_round(contest, command.round)
            scheme = Scheme.load(contest.scheme)
            problems.of(None, require_valid, command.values, scheme)
            problems.settle()
            before = work.ratings.by_judge(piece.id, command.judge, round_of(contest.phase))
            if before is None or _differs(before, command):
                entry = _Entry(contest, piece, command, reason, before)
                _write_down(work, entry)
                _tell(work, entry)
            return Entered(command.judge, called(work, contest, piece), contest.name)


def _because(text: str) -> str:
    """The reason as it is kept. Raises Refusal."""
    reason = one_line(text)
    if not 3 <= len(reason) <= MAX_REASON:
        raise Refusal(f"Please say why, in 3 to {MAX_REASON} characters: the judge reads it.", field="reason")
    return reason


@dataclass(frozen=True)
class _Entry:
    """What is written down."""

    contest: Contest
    piece: Submission
    command: EnterRating
    reason: str
    before: Rating | None


def _write_down(work: Matter, entry: _Entry) -> None:
    command, before = entry.command, entry.before
    facts: dict[str, Any] = {
        "submission": command.submission_id,
        "judge": command.judge,
        "values": command.values.facts(),
        "before": None if before is None else RatingValues.of(before).facts(),
        "reason": entry.reason,
    }
    if before is None:
        work.ratings.add(_new(work, entry))
    else:
        before.scores, before.comment = dict(command.values.scores), command.values.comment
        before.entered_by, before.updated_at = command.actor, work.now
        before.rules_version = entry.contest.rules_version
    work.note("rating.entered", **facts)


def _new(work: Matter, entry: _Entry) -> Rating:
    command = entry.command
    return Rating(
        id=work.desk.ids.new(),
        contest_id=entry.contest.id,
        submission_id=command.submission_id,
        judge=command.judge,
        round=round_of(entry.contest.phase),
        scores=dict(command.values.scores),
        comment=command.values.comment,
        private_note="",
        entered_by=command.actor,
        rules_version=entry.contest.rules_version,
        created_at=work.now,
        updated_at=work.now,
    )


def _tell(work: Matter, entry: _Entry) -> None:
    """The judge reads what was written; the piece is no longer waiting for them."""
    contest, piece, command, now = entry.contest, entry.piece, entry.command, work.now
    judge, scheme = command.judge, Scheme.load(contest.scheme)
    letter = RatingEntered(
        contest_name=contest.name,
        organizer=command.actor,
        submission_id=piece.id,
        alias=called(work, contest, piece),
        scores=tuple(
            Scored(title=each.title, label=scheme.label(command.values.scores[each.key])) for each in scheme.criteria
        ),
        comment=command.values.comment,
        reason=entry.reason,
        changed=entry.before is not None,
        round=round_of(contest.phase),
    )
    work.post_about(f"entered:{piece.id}:{judge}:{now.timestamp():.3f}", piece, letter, to=judge)
    key = invite_judges(work, contest, [judge], now)[judge].pile.key(piece.id)
    stands = RatingStands(submission_id=piece.id, alias=called(work, contest, piece), round=letter.round)
    work.post(f"stands:{key}", judge, stands, edits=key)


def _holding(named: Sequence[tuple[str, str]], words: str) -> tuple[tuple[str, str], ...]:
    wanted = words.casefold().split()
    return tuple((key, shown) for key, shown in named if all(each in shown.casefold() for each in wanted))


def _differs(before: Rating, command: EnterRating) -> bool:
    return (before.scores, before.comment) != (dict(command.values.scores), command.values.comment)


def _shown(contest: Contest, piece: Submission, byline: str) -> str:
    """By its alias, where judges are blind, and for whoever may know by its title and author."""
    return "  ·  ".join(part for part in (piece.alias if contest.blind else "", byline) if part)


def _require_not_own(piece: Submission, actor: str) -> None:
    if piece.user_id == actor:
        raise Refusal(
            "This composition is your own, so another organizer writes down what it gets.",
            field="piece",
        )


def _rateable(work: Work, judge: str, submission_id: str) -> tuple[Contest, Submission]:
    piece = work.submissions.get(submission_id)
    contest = None if piece is None else work.contests.get(piece.contest_id)
    if piece is None or contest is None or piece.state != "accepted":
        raise Refusal("I cannot find that composition any more. `/kantor status` shows how the contest stands.")
    if piece.user_id == judge:
        raise Refusal(f"That piece is <@{judge}>'s own, so the other judges rate it.", field="piece")
    if work.ratings.marks.on(piece.id, judge, MarkKind.RECUSED) is not None:
        raise Refusal(f"<@{judge}> recused from that piece, so nobody rates it in their name.", field="piece")
    if not work.contests.roles.has(contest.id, judge, Role.JUDGE):
        raise Refusal(
            f"<@{judge}> does not judge *{quoted(contest.name)}*. `/kantor judges add` makes somebody a judge.",
            field="judge",
        )
    require_rateable(contest, piece, judge, is_judge=True)
    return contest, piece
