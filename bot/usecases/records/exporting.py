"""What an export of a contest holds: everything that organizers may know, as plain rows. No password, no judge's private note."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.rules.criteria import Scheme
from bot.rules.phases import Round
from bot.rules.standings import Scores
from bot.rules.tables import csv_text, json_lines, json_text
from bot.usecases.boards.leaderboard import board_of
from bot.usecases.judging.counting import why_not
from bot.usecases.judging.fairness import by_criterion, goes_by, leniency_of
from models.accounts import RETIRED
from models.judging import MarkKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models.contests import Contest
    from models.judging import Given
    from models.store import Work
    from models.submissions import Submission

Rows: TypeAlias = "list[dict[str, Any]]"

_CONTEST = [
    "id",
    "slug",
    "name",
    "time_zone",
    "channel_id",
    "deadline",
    "submission_limit",
    "board_cron",
    "phase",
    "intake",
    "blind",
    "rounds",
    "finalists",
    "winners",
    "grace_seconds",
    "board_mode",
    "rules_version",
    "scheme",
    "texts",
    "retention_days",
    "created_by",
    "created_at",
    "opened_at",
    "judging_at",
    "final_at",
    "ceremony_at",
    "finished_at",
    "feedback_at",
    "archived_at",
]
_SUBMISSION = [
    "id",
    "user_id",
    "number",
    "root_id",
    "version",
    "name",
    "title",
    "alias",
    "filename",
    "state",
    "in_final",
    "refusal_code",
    "refusal_sentence",
    "sha256",
    "size",
    "received_at",
    "uploaded_at",
    "bars",
    "key",
    "meter",
    "seconds",
]
_RATING = [
    "submission_id",
    "judge",
    "round",
    "scores",
    "comment",
    "comment_shown",
    "entered_by",
    "rules_version",
    "created_at",
    "updated_at",
]
_ROLE = ["user_id", "role", "added_by", "added_at", "practised_at", "paused_at", "recused_at", "voided_at", "at_once"]
_RULES = ["version", "document", "sha256", "at", "by", "reason"]
_AUDIT = ["number", "at", "actor", "action", "facts", "salt", "digest", "link"]
_ASKED = [
    "user_id",
    "duty",
    "asked_by",
    "asked_at",
    "words",
    "day",
    "answer",
    "answered_at",
    "why",
    "withdrawn_at",
    "reminded_at",
]
_RESULT = ["id", "sha256", "awards", "confirmed_by", "settled_at", "undone_at"]
_CEREMONY = ["rehearsal", "channel_id", "presenter", "steps", "shown", "made_at", "begun_at", "ended_at"]
_PRIZE = ["user_id", "submission_id", "category", "place", "what", "number", "giver", "received_at", "ticked_by"]
_MARK = ["submission_id", "judge", "kind", "reason", "at", "resolved_by", "resolved_at"]
_PEOPLE = {"user_id", "judge", "holder", "actor"}
"""Columns that hold the ids of people."""
_README = """What is in here
===============
contest.json        the contest and its settings
submissions         every composition, in every state and version, with the SHA-256 of its bytes
criteria            what the judges rate, and how much each criterion counts
rules               every version of the rules of judging; sha256 is of the document, to the byte
rounds              the rounds that have begun: when, of how many compositions, with how many ratings
ratings             every rating by a judge, whether it counts and why not, and under which version of the rules; the judges' private
                    notes are left out
marks               what judges skipped, flagged or recused from
verdicts            the AI judge's verdicts (the JSON has all that was measured)
boards              the standings as they are now, and every board that was posted or frozen
fair_criteria       of each composition the fair score of each criterion alone, from the ratings of both rounds
leniency            of fair scores: by how many points each judge rates above the others (below 0: stricter), with its standard error
roles, extensions   who organizes and judges, or did until recused_at; whose ratings are void since voided_at; who has more time, and why
asked               who was asked to judge, to present or to speak, and what they answered
results, ceremonies how the contest ended, as it was fixed before anybody was told, with its special awards; and how it was revealed
prizes              who won which prize, and whether they have it
accounts            who has which account; no passwords
audit               who did what, and when (UTC), as a chain of hashes: docs/trust.md says how to check it

The boards follow from ratings, criteria and submissions alone. Of the ratings that count: a judge's mean of a composition is the mean of
the scores by the criteria's weights; the composition's plain mean in a round is the mean of the judges' means, to two places, a half goes up.

Where contest.json has no "scores" in its texts, or "mean": the plain mean is the score, and equal scores share a place. Once a final has
begun, the compositions with in_final are placed by the ratings of the round "final" alone, and all others behind them by those of the
round "preliminary".

Where it has "fair": the judges' means are taken to be
    mean = round + composition + judge + chance,
the last three normal, with variances of their own that are estimated by REML, that of compositions at least 0.05 times that of chance. The
score is the best linear unbiased prediction (BLUP) of round + composition, with the round's level as the mean over all ratings, to two places. All
ratings of both rounds go in at once, and so do those of compositions that were withdrawn or replaced; those that are void, or that a
judge recused from, do not. Any program for mixed models finds the same, such as R's lme4: mean ~ 0 + round + (1|submission_id) + (1|judge).
Where nothing was rated twice, or all ratings are equal, the score is the plain mean. Finalists stand before all others. Equal scores:
the plain mean of the round "final", then the larger part of 5s among all scores, then of scores of at least 4.5, 4 and so on, then the
plain mean of the first criterion; whoever is equal in all of them shares a place.
Beside a fair score stand fair_mean (the plain mean of its round), fair_best and fair_worst (between these places it lies in 90 of 100
cases), fair_first, fair_podium and fair_within (its chances of being the best, among the best three, within the cut), fair_ahead (that it is truly
better than the next), and fair_decided (what put it behind an equal score).

Each comes as CSV for spreadsheets and as JSON for programs. Cells that begin like a formula have an apostrophe before them.
It names people and holds what judges wrote: keep it where only organizers can read it, and delete it when you are done.
"""


def files_of(work: Work, contest: Contest, given: Sequence[Given], now: datetime) -> dict[str, str]:
    """The texts of an export, by file name; ``given`` are all ratings of the contest."""
    pieces = work.submissions.of_contest(contest.id)
    called = {piece.id: piece.name for piece in pieces}
    tables = {
        "submissions": _submissions(pieces),
        "criteria": _criteria(contest),
        "rules": [_picked(row, _RULES) for row in work.charters.of_contest(contest.id)],
        "rounds": _rounds(work, contest, given),
        "ratings": _ratings(work, contest, given, called),
        "marks": _marks(work, contest, called),
        "verdicts": _verdicts(work, contest, called),
        "boards": _boards(work, contest, now),
        "fair_criteria": _of_each_criterion(work, contest, called),
        "leniency": _leniency(work, contest),
        "roles": [
            {**_picked(row, _ROLE), "is_over": row.recused_at is not None}
            for row in work.contests.roles.of_contest(contest.id)
        ],
        "asked": [_picked(row, _ASKED) for row in work.duties.of_contest(contest.id)],
        "extensions": [
            _picked(row, ("user_id", "until", "reason", "granted_by", "granted_at"))
            for row in work.contests.extensions(contest.id)
        ],
        "accounts": _accounts(work, contest),
        "results": [_picked(row, _RESULT) for row in work.awards.results(contest.id)],
        "ceremonies": [_picked(row, _CEREMONY) for row in work.awards.ceremonies(contest.id)],
        "prizes": [_picked(row, _PRIZE) for row in work.awards.prizes(contest.id)],
        "audit": [_picked(row, _AUDIT) for row in work.audit.of_contest(contest.id)],
    }
    names = work.people.names()
    files = {"README.txt": _README, "contest.json": json_text(_picked(contest, _CONTEST))}
    for title, rows in tables.items():
        named = [_with_names(row, names) for row in rows]
        files[f"{title}.csv"] = csv_text(_columns(named), named)
        files[f"{title}.json"] = json_lines(named)
    return files


def rotation_of(work: Work, contest: Contest) -> Rows:
    """Each account whose password somebody has seen, once a person, with when; what is still to be done about it."""
    names = work.people.names()
    pool = {row.id: row for row in work.accounts.of_contest(contest.id)}
    rows = []
    for claim in work.accounts.claims(contest.id):
        account = pool[claim.account_row_id]
        done = account.replaced_at is not None and account.replaced_at > claim.at
        state = "password replaced since" if done else "in use" if account.holder else "given back"
        row = {
            "account_id": account.account_id,
            "user_name": account.user_name,
            "holder": names.get(claim.user_id, claim.user_id),
            "holder_id": claim.user_id,
            "shown_at": claim.at,
            "state": state,
            "rotate": not done,
        }
        rows.append(row)
    return rows


def _submissions(pieces: Iterable[Submission]) -> Rows:
    return [_picked(piece, _SUBMISSION) for piece in pieces]


def _criteria(contest: Contest) -> Rows:
    scheme = Scheme.load(contest.scheme)
    return [_picked(criterion, ("key", "title", "question", "weight")) for criterion in scheme.criteria]


def _rounds(work: Work, contest: Contest, given: Sequence[Given]) -> Rows:
    counted = Counter(each.round for each in given if not why_not(each))
    all_of_them = Counter(each.round for each in given)
    began = {Round.PRELIMINARY: contest.judging_at, Round.FINAL: contest.final_at}
    ended = {Round.PRELIMINARY: contest.final_at or contest.finished_at, Round.FINAL: contest.finished_at}
    return [
        {
            "round": round_.value,
            "began_at": began[round_],
            "ended_at": ended[round_],
            "compositions": len(work.submissions.authors(contest.id, finalists=round_ is Round.FINAL)),
            "ratings": all_of_them[round_],
            "ratings_that_count": counted[round_],
        }
        for round_ in Round
        if began[round_] is not None
    ]


def _ratings(work: Work, contest: Contest, given: Sequence[Given], called: Mapping[str, str]) -> Rows:
    reasons = {each.id: why_not(each) for each in given}
    scheme, rows = Scheme.load(contest.scheme), []
    keys = scheme.keys
    for rating_id, *values in work.ratings.columns(contest.id, ["id", *_RATING]):
        row = dict(zip(_RATING, values, strict=True))
        scores, reason = row.pop("scores"), reasons[rating_id]
        by_criterion = {f"score_{key}": scores.get(key) for key in dict.fromkeys([*keys, *scores])}
        counts = {"counts": not reason, "why_not": reason, "mean": scheme.mean(scores)}
        rows.append({"submission": called.get(row["submission_id"]), **row, **counts, **by_criterion})
    return rows


def _marks(work: Work, contest: Contest, called: Mapping[str, str]) -> Rows:
    marks = [mark for kind in MarkKind for mark in work.ratings.marks.of_kind(contest.id, kind)]
    return [{"submission": called.get(mark.submission_id), **_picked(mark, _MARK)} for mark in marks]


def _verdicts(work: Work, contest: Contest, called: Mapping[str, str]) -> Rows:
    plain = ("submission_id", "score", "model_version", "weights_sha256", "created_at", "facts")
    verdicts = work.verdicts.of_contest(contest.id).values()
    return [{"submission": called.get(row.submission_id), **_picked(row, plain)} for row in verdicts]


def _boards(work: Work, contest: Contest, now: datetime) -> Rows:
    boards = [
        ("now", now, board_of(work, contest, now).model_dump(mode="json")),
        *((row.kind, row.taken_at, row.board) for row in work.boards.of_contest(contest.id)),
    ]
    return [
        {"board": kind, "taken_at": at, "judged_by": judge, **_flat(row)}
        for kind, at, board in boards
        for judge, key in (("people", "rows"), ("ai", "ai_rows"))
        for row in board.get(key) or ()
    ]


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a board, with what stands beside a fair score in columns of its own."""
    beside = row.get("fair") or {}
    return {key: value for key, value in row.items() if key != "fair"} | {f"fair_{key}": beside[key] for key in beside}


def _of_each_criterion(work: Work, contest: Contest, called: Mapping[str, str]) -> Rows:
    if goes_by(contest) is not Scores.FAIR:
        return []
    keys = Scheme.load(contest.scheme).keys
    return [
        {"submission": called.get(piece), "submission_id": piece, "criterion": key, "fair_score": score}
        for piece, scores in by_criterion(work, contest).items()
        for key, score in zip(keys, scores, strict=True)
    ]


def _leniency(work: Work, contest: Contest) -> Rows:
    if goes_by(contest) is not Scores.FAIR:
        return []
    return [
        {"judge": each.judge, "points": each.points, "standard_error": each.error, "ratings": each.ratings}
        for each in leniency_of(work, contest)
    ]


def _accounts(work: Work, contest: Contest) -> Rows:
    plain = ("account_id", "user_name", "holder", "claimed_at", "returned_at")
    return [
        {**_picked(row, plain), "password_deleted": row.sealed_password == RETIRED}
        for row in work.accounts.of_contest(contest.id)
    ]


def _picked(row: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _with_names(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """With the person's name beside each id, and moments in words."""
    wide: dict[str, Any] = {}
    for key, value in row.items():
        wide[key] = value.isoformat() if isinstance(value, datetime) else value
        if key in _PEOPLE and value is not None:
            wide[f"{key}_name"] = names.get(value)
    return wide


def _columns(rows: Sequence[dict[str, Any]]) -> list[str]:
    """All columns of the rows, in the order of their first appearance."""
    return list(dict.fromkeys(chain.from_iterable(rows)))
