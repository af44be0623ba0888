"""A results bundle: all that decided a contest, with nobody's name in it, so that anyone can reckon it again (``bot.usecases.boards.recounting``)."""

from __future__ import annotations

import json
from math import isnan
from typing import TYPE_CHECKING, Any

from bot.rules.bundles import CHAIN, README, packed, results_hash
from bot.rules.canonical import canonical
from bot.rules.chain import CHAINED, EMPTIED
from bot.rules.criteria import Scheme
from bot.rules.standings import Entry, shown_score, standings
from bot.usecases.boards.placing import has_final, placing_of
from bot.usecases.boards.sealing import SEALED, posted_heads
from bot.usecases.desk import KANTOR
from bot.usecases.judging.allotting import called_otherwise
from bot.usecases.judging.charters import charter_of
from bot.usecases.judging.counting import why_not
from models.judging import LEFT, MarkKind
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.rules.chain import Entry as Noted
    from bot.usecases.boards.placing import Placing
    from bot.usecases.desk import Matter
    from models.contests import Contest
    from models.judging import Given
    from models.store import Work
    from models.submissions import Submission

DISCLOSED = frozenset({"rules.fixed", "allocation.changed", SEALED, CHAINED, EMPTIED})
"""What the bot itself notes without a word of anybody's: these entries say in a bundle what they say."""
_README = """What is in here
===============
All that decided the contest, so that anyone can reckon it again; nobody's name is in it. Judges have pseudonyms, compositions the two words that judges
heard them under, and the SHA-256 of their files: whoever has a file can find it here.

manifest.json    the SHA-256 of every other file
contest.json     the contest as it stands
rules.json       every version of the rules of judging; sha256 is of the text in document
entries.json     the compositions; those that left the contest are nameless, and only say how strict their judges are
judges.json      the judges; void: what they gave counts for nothing; recused: compositions that they would not rate
ratings.json     every rating, under which version of the rules, and whether it counts
allocation.json  each drawing of who hears what, with its seed and what it was made of, and who was to hear what in the end
board.json       the places, and what they were reckoned from
chain.json       the trail: the digest and the link of every entry, and what some say that the bot itself made; the heads that the channel has read

To check it:  kantor verify FILE        or, without Kantor:  python3 verify.py FILE   (docs/verify in Kantor's repository)

A judge who composed, too, stepped aside, came late or left may be told from what they did not hear.
"""


def bundle_of(work: Work, contest: Contest) -> bytes:
    """The bundle as things are, once all judges have been called by ``call_judges``."""
    return packed(files_of(work, contest, work.panels.pseudonyms(contest.id)))


def results_of(work: Matter) -> str:
    """The hash of what was decided, as things are (``bot.rules.bundles.results_hash``)."""
    return results_hash(files_of(work, work.contest, call_judges(work), whole=False))


def call_judges(work: Matter) -> dict[str, str]:
    """The pseudonyms of all judges; those of before who have none get one."""
    contest = work.contest
    rated = {each.judge for each in work.ratings.given(contest.id)}
    marked = {mark.judge for mark in work.ratings.marks.of_kind(contest.id, MarkKind.RECUSED)}
    heard = {judge for judge, _ in work.panels.pairs(contest.id)}
    return called_otherwise(work, rated | marked | heard)


def files_of(work: Work, contest: Contest, names: Mapping[str, str], *, whole: bool = True) -> dict[str, str]:
    """The texts of a bundle; without the trail where not ``whole``. ``names`` are the judges' pseudonyms."""
    pieces = [
        each for each in work.submissions.of_contest(contest.id) if each.state in {SubmissionState.ACCEPTED, *LEFT}
    ]
    given = work.ratings.given(contest.id)
    heard = {each.submission_id for each in given}
    pieces = sorted((each for each in pieces if each.state not in LEFT or each.id in heard), key=lambda each: each.id)
    values = {
        "allocation.json": _allocation(work, contest, names),
        "board.json": _board(work, contest, pieces),
        "contest.json": _contest(contest),
        "entries.json": _entries(work, pieces),
        "judges.json": _judges(work, contest, names, {each.id for each in pieces}),
        "ratings.json": _ratings(work, contest, names, given, {each.id for each in pieces}),
        "rules.json": _rules(work, contest),
        CHAIN: _trail(work, contest) if whole else {},
    }
    return {README: _README} | {name: canonical(value) for name, value in values.items()}


def _contest(contest: Contest) -> dict[str, Any]:
    return {
        "id": contest.id,
        "name": contest.name,
        "slug": contest.slug,
        "phase": contest.phase.value,
        "final_began": has_final(contest),
        "rules_version": contest.rules_version,
    }


def _rules(work: Work, contest: Contest) -> list[dict[str, Any]]:
    """All versions; of a contest whose rules were never fixed, those that hold, as version 0."""
    kept = [
        {"version": each.version, "document": each.document, "sha256": each.sha256, "at": each.at.isoformat()}
        for each in work.charters.of_contest(contest.id)
    ]
    now = charter_of(contest)
    return kept or [{"version": 0, "document": now.text, "sha256": now.sha256, "at": ""}]


def _trail(work: Work, contest: Contest) -> dict[str, Any]:
    return {
        "heads": sorted([number, link] for number, link in posted_heads(work, contest).items()),
        "entries": list(map(_noted, work.audit.entries(contest.id))),
    }


def _entries(work: Work, pieces: Iterable[Submission]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for each in pieces:
        here = each.state not in LEFT
        rows.append(
            {
                "id": each.id,
                "left": not here,
                "alias": each.alias if here else None,
                "sha256": each.sha256 if here else None,
                "in_final": here and each.in_final,
            }
        )
    scores = work.verdicts.scores([row["id"] for row in rows if not row["left"]])
    return [row | {"ai": scores.get(row["id"])} for row in rows]


def _judges(work: Work, contest: Contest, names: Mapping[str, str], known: set[str]) -> list[dict[str, Any]]:
    void = {row.user_id for row in work.contests.roles.of_contest(contest.id) if row.voided_at is not None}
    marks = work.ratings.marks.of_kind(contest.id, MarkKind.RECUSED)
    return [
        {
            "judge": name,
            "void": judge in void,
            "recused": sorted(
                mark.submission_id for mark in marks if mark.judge == judge and mark.submission_id in known
            ),
        }
        for judge, name in sorted(names.items(), key=lambda pair: pair[1])
    ]


def _ratings(
    work: Work, contest: Contest, names: Mapping[str, str], given: Sequence[Given], known: set[str]
) -> list[list[Any]]:
    """Composition, judge, round, scores by criterion, version of the rules, whether an organizer entered it, whether it counts."""
    counts = {each.id: not why_not(each) for each in given}
    columns = ("id", "submission_id", "judge", "round", "scores", "rules_version", "entered_by")
    rows = [
        [piece, names[judge], round_.value, scores, version, entered_by is not None, counts[key]]
        for key, piece, judge, round_, scores, version, entered_by in work.ratings.columns(contest.id, columns)
        if piece in known
    ]
    return sorted(rows, key=lambda row: row[:3])


def _allocation(work: Work, contest: Contest, names: Mapping[str, str]) -> dict[str, Any]:
    further = work.panels.pairs(contest.id, further=True)
    return {
        "drawings": [
            {"number": each.number, "at": each.at.isoformat(), "sha256": each.sha256, "document": each.document}
            for each in work.panels.drawings(contest.id)
        ],
        "heard": sorted(
            [names[judge], piece, (judge, piece) in further] for judge, piece in work.panels.pairs(contest.id)
        ),
    }


def _board(work: Work, contest: Contest, pieces: Sequence[Submission]) -> dict[str, Any]:
    here = [each.id for each in pieces if each.state not in LEFT]
    scores = work.verdicts.scores(here)
    placing = placing_of(work, contest, Scheme.load(contest.scheme), work.submissions.entrants(contest.id))
    return rows_of(placing) | {"ai": ai_rows(scores)}


def rows_of(placing: Placing) -> dict[str, Any]:
    """The places, from the first one down, and the fair scores behind them, as plain JSON values."""
    rows = [
        [each.place, each.entry.key, each.entry.score, each.entry.ratings, each.decided and each.decided.value]
        for each in placing.order
    ]
    fair = None
    if placing.weighing is not None:
        found = placing.weighing.fair
        fair = {
            "caveats": [each.value for each in found.caveats],
            "scores": sorted([each.entry, each.score, _known(each.error)] for each in found.scores),
            "variances": found.variances and [found.variances.entries, found.variances.judges, found.variances.noise],
        }
    return {"rows": sorted(rows, key=lambda row: row[:2]), "fair": fair}


def ai_rows(scores: Mapping[str, float]) -> list[list[Any]]:
    """Place, composition and score of the AI judge's board, from the first one down."""
    order = standings([Entry(key, shown_score(score), key=key) for key, score in scores.items()])
    return sorted([each.place, each.entry.key, each.entry.score] for each in order)


def _known(number: float) -> float | None:
    return None if isnan(number) else number


def _noted(entry: Noted) -> list[Any]:
    """Number, digest, link, and what it says, where that is the bot's own."""
    said: list[Any] | None = None
    if entry.actor == KANTOR and entry.action in DISCLOSED and entry.salt is not None:
        said = [entry.salt, json.loads(canonical(dict(entry.facts))), entry.action, entry.at.isoformat()]
    elif entry.salt is None:
        said = []
    return [entry.number, entry.digest, entry.link, said]
