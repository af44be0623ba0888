"""The fairness report of a contest: made of what its results bundle tells, and of what stands in its trail."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from statistics import fmean
from typing import TYPE_CHECKING

from bot.rules.fairreport import (
    Finding,
    Lenience,
    Report,
    agreed,
    conflicting,
    covered,
    drifted,
    lenient,
    machine,
    shared,
    unusual,
    verdict,
    without_one,
)
from bot.rules.numbers import counted
from bot.rules.phases import JUDGED, Round
from bot.rules.standings import Scores
from bot.usecases.boards.bundled import shaped
from bot.usecases.boards.bundling import files_of
from bot.usecases.boards.recounting import places_of, scheme_of_bundle
from bot.usecases.judging.fairness import goes_by, leniency_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.rules.chain import Entry as Noted
    from bot.usecases.boards.bundled import Bundle, Rating
    from models.contests import Contest
    from models.store import Work

_ALONE, _AGAIN = "results.confirmed", "rules.fixed"
EVENTS = {
    "round.closed_early": "a round closed below the floor",
    _ALONE: "the results confirmed by one organizer alone",
    _AGAIN: "rules changed after the judging began",
    "judge.voided": "a judge's ratings taken out",
    "contest.undone": "a step of the contest taken back",
    "extension.granted": "more time for one person",
    "submission.late_accepted": "late compositions let in",
    "submission.late_declined": "late compositions turned away",
    "submission.corrected": "files replaced by organizers",
    "rating.entered": "ratings entered or changed by an organizer",
    "contest.rejudged": "the AI judge run anew",
}
"""What organizers may do by hand, by the trail's action."""
_REASONED = {"round.closed_early", _ALONE}
"""Decisions whose reason belongs on the page: it was given for the whole contest, and is about nobody."""
_MOST_JUDGES = 60
"""Of more judges none decides alone, and the page would take minutes."""


def report_of(work: Work, contest: Contest, now: datetime, *, public: bool = False) -> Report:
    """The report as things are, once all judges have been called by ``call_judges``.

    It names judges as the bundle does; ``public``: it names none, and quotes nobody.
    """
    names = work.panels.pseudonyms(contest.id)
    bundle = shaped(files_of(work, contest, names))
    counting = [each for each in bundle.ratings if each.counts]
    judges = {each.judge for each in counting}
    findings = (
        _covered(bundle, counting, len(judges)),
        shared(Counter(each.judge for each in counting), public=public),
        _agreed(bundle, counting),
        _lenient(work, contest, names, public=public),
        _without_one(bundle, judges, public=public),
        _drifted(work, contest, bundle, names),
        conflicting(
            sum(len(each.recused) for each in bundle.judges),
            sum(bool(each.recused) for each in bundle.judges),
        ),
        _unusual(work, contest, public=public),
        _machine(bundle),
    )
    number = sum(not each.left for each in bundle.entries)
    told = (
        f"{counted(number, 'composition')}  ·  {counted(len(judges), 'judge')}  ·  {counted(len(counting), 'rating')}"
        f"{'  ·  the judging goes on' if contest.phase in JUDGED else ''}"
    )
    return Report(contest.name, now, told, verdict(findings), findings, _marks(bundle), public)


def _covered(bundle: Bundle, counting: Sequence[Rating], judges: int) -> Finding:
    first = Counter(each.entry for each in counting if each.round == Round.PRELIMINARY.value)
    pieces = [first[each.id] for each in bundle.entries if not each.left]
    return covered(pieces, bundle.document.floor, judges)


def _means(bundle: Bundle, ratings: Sequence[Rating]) -> list[float]:
    scheme = scheme_of_bundle(bundle)
    return [scheme.mean(each.scores) for each in ratings]


def _agreed(bundle: Bundle, counting: Sequence[Rating]) -> Finding:
    from bot.rules.agreement import alpha  # noqa: PLC0415 - numpy, as in bot.usecases.judging.fairness

    units: dict[tuple[str, str], list[float]] = defaultdict(list)
    for each, mean in zip(counting, _means(bundle, counting), strict=True):
        units[each.entry, each.round].append(mean)
    return agreed(alpha([sorted(units[key]) for key in sorted(units)]))


def _lenient(work: Work, contest: Contest, names: Mapping[str, str], *, public: bool) -> Finding:
    rows = [Lenience(names[each.judge], each.points, each.error, each.ratings) for each in leniency_of(work, contest)]
    return lenient(rows, evened=goes_by(contest) is Scores.FAIR, public=public)


def _first(bundle: Bundle) -> list[str]:
    return [row[1] for row in places_of(bundle)["rows"] if row[0] == 1]


def _without_one(bundle: Bundle, judges: set[str], *, public: bool) -> Finding:
    if len(judges) > _MOST_JUDGES:
        return without_one((), {})
    others = {
        judge: _first(replace(bundle, ratings=[each for each in bundle.ratings if each.judge != judge]))
        for judge in sorted(judges)
    }
    return without_one(_first(bundle), others, public=public)


def _drifted(work: Work, contest: Contest, bundle: Bundle, names: Mapping[str, str]) -> Finding:
    """Points above what the composition and the judge have elsewhere, by when the judge heard it among their own."""
    from bot.rules.agreement import drift  # noqa: PLC0415 - as above

    counts = {(each.entry, each.judge, each.round): each for each in bundle.ratings if each.counts}
    order: dict[tuple[str, str], list[Rating]] = defaultdict(list)
    for piece, judge, round_ in work.ratings.columns(contest.id, ("submission_id", "judge", "round")):
        found = counts.get((piece, names[judge], round_.value))
        if found is not None:
            order[found.judge, found.round].append(found)
    points = {id(each): mean for some in order.values() for each, mean in zip(some, _means(bundle, some), strict=True)}
    by_piece: dict[str, list[float]] = defaultdict(list)
    for some in order.values():
        level = fmean(points[id(each)] for each in some)
        for each in some:
            points[id(each)] -= level
            by_piece[each.entry].append(points[id(each)])
    worth = {piece: fmean(some) for piece, some in by_piece.items()}
    heard = [
        (at / (len(some) - 1), points[id(each)] - worth[each.entry])
        for some in order.values()
        if len(some) > 1
        for at, each in enumerate(some)
        if len(by_piece[each.entry]) > 1
    ]
    return drifted(drift(heard))


def _unusual(work: Work, contest: Contest, *, public: bool) -> Finding:
    entries = [each for each in work.audit.entries(contest.id) if each.action in EVENTS and _is_unusual(each)]
    times = Counter(each.action for each in entries)
    reasons = [str(each.facts["reason"]) for each in entries if each.action in _REASONED and each.facts.get("reason")]
    return unusual([(what, times[action]) for action, what in EVENTS.items() if times[action]], reasons, public=public)


def _is_unusual(entry: Noted) -> bool:
    """Two organizers confirm without a word, and there is a first version of the rules always."""
    if entry.action == _ALONE:
        return bool(entry.facts.get("reason"))
    return entry.action != _AGAIN or entry.facts.get("version", 0) > 1


def _machine(bundle: Bundle) -> Finding:
    from bot.rules.agreement import alike  # noqa: PLC0415 - as above

    scores = {each.id: each.ai for each in bundle.entries if each.ai is not None}
    both = [(-float(row[0]), scores[row[1]]) for row in bundle.board.rows if row[1] in scores]
    return machine(alike([one for one, _ in both], [other for _, other in both]), len(both))


def _marks(bundle: Bundle) -> tuple[str, ...]:
    last = bundle.rules[-1]
    head = bundle.chain.entries[-1].link if bundle.chain.entries else ""
    fixed = f"Rules of judging: version {last.version}" if last.version else "Rules of judging: not fixed yet"
    return (
        f"{fixed}, SHA-256 {last.sha256}",
        *(
            [f"Trail: {counted(len(bundle.chain.entries), 'entry').replace('entrys', 'entries')}, head {head}"]
            if head
            else []
        ),
    )
