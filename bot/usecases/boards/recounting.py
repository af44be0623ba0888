"""Reckons a results bundle again, without a database and whoever made it: all of it fits, or it is said exactly where it does not.

What is in it is a stranger's: its shape is looked at first, nothing is believed that can be reckoned, and what would take for ever is not begun.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from math import isclose
from typing import TYPE_CHECKING, Any

from bot.rules import chain, drawings
from bot.rules.bundles import CHAIN, NotABundleError, results_hash, unpacked
from bot.rules.canonical import canonical, sha256_of
from bot.rules.charter import scheme_of
from bot.rules.phases import Phase, Round
from bot.rules.standings import Scores
from bot.usecases.boards.bundled import Document, DrawingDocument, shaped
from bot.usecases.boards.bundling import ai_rows, rows_of
from bot.usecases.boards.placing import placed
from bot.usecases.boards.sealing import SEALED
from bot.usecases.desk import KANTOR
from models.contests import Contest
from models.judging import Weighed
from models.submissions import Entrant, SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.rules.criteria import Scheme
    from bot.usecases.boards.bundled import Bundle, Fair, Noted, Rating

TOLERANCE = 1e-6
"""Points by which a fair score may differ from the one that is told."""
OF_VARIANCES = 1e-4
"""As a part of it: the likelihood is flat where it is highest, and a score hardly depends on it."""
_BEGAN = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass
class Recount:
    """What was found."""

    results: str = ""
    """The hash of what was decided, to be held against the one that the channel has read."""
    fits: list[str] = field(default_factory=list)
    """What was reckoned again, a sentence each."""
    faults: list[str] = field(default_factory=list)
    """Where it is not as it says, a sentence each, the first ones of each kind."""

    def fault(self, *sentences: str) -> None:
        """Note what does not fit."""
        self.faults += sentences


def recount(data: bytes) -> Recount:
    """Reckon all of a bundle again. Raises nothing: what is no bundle is a fault."""
    found = Recount()
    try:
        files = unpacked(data)
        bundle = shaped(files)
    except NotABundleError as error:
        found.fault(str(error))
        return found
    found.results = results_hash(files)
    try:
        for step in (_rules, _ratings, _allocation, _board, _trail):
            step(bundle, found)
    except NotABundleError as error:
        found.fault(str(error))
    return found


def _rules(bundle: Bundle, found: Recount) -> None:
    versions = bundle.rules
    if [each.version for each in versions] not in ([0], list(range(1, len(versions) + 1))):
        found.fault("rules.json: its versions are not numbered 1, 2, 3 and so on.")
    for each in versions:
        if sha256_of(each.document) != each.sha256:
            found.fault(f"rules.json: the SHA-256 of version {each.version} is not that of its document.")
        document = Document.of(f"rules.json, version {each.version}", each.document)
        if canonical(document.model_dump()) != each.document:
            found.fault(f"rules.json: version {each.version} is not written as rules are.")
    now = bundle.contest.rules_version
    if now != (versions[-1].version or None):
        found.fault("contest.json: the version of its rules is not the last one.")
    found.fits.append(f"{len(versions)} version{'s' if len(versions) > 1 else ''} of the rules, and their hashes")


def _ratings(bundle: Bundle, found: Recount) -> None:
    scheme, last = scheme_of_bundle(bundle), bundle.rules[-1].version
    entries = {each.id: each for each in bundle.entries}
    judges = {each.judge: each for each in bundle.judges}
    steps = set(scheme.steps)
    if len(entries) != len(bundle.entries) or len(judges) != len(bundle.judges):
        found.fault("entries.json or judges.json: something is there twice.")
    places = [(each.entry, each.judge, each.round) for each in bundle.ratings]
    if places != sorted(set(places)):
        found.fault("ratings.json: it is not in order, or a judge has rated a composition twice.")
    for number, each in enumerate(bundle.ratings, start=1):
        where = f"ratings.json, rating {number} (of {each.entry} by {each.judge})"
        if each.entry not in entries or each.judge not in judges:
            raise NotABundleError(f"{where}: there is no such composition, or no such judge.")
        if set(each.scores) != set(scheme.keys) or not set(each.scores.values()) <= steps:
            raise NotABundleError(f"{where}: the rules have no such scores.")
        if each.version is not None and not 1 <= each.version <= last:
            found.fault(f"{where}: there is no version {each.version} of the rules.")
        if each.counts != _counts(bundle, each):
            found.fault(f"{where}: whether it counts is told wrong.")
    found.fits.append(
        f"{len(bundle.ratings)} ratings of {len(entries)} compositions by {len(judges)} judges, and which of them count"
    )


def _weighs(bundle: Bundle, rating: Rating) -> bool:
    """Whether fair scores weigh it: what left the contest still says how strict its judges are."""
    judge, entry = bundle.judge(rating.judge), bundle.entry(rating.entry)
    if judge.void or rating.entry in judge.recused:
        return False
    return entry.left or rating.round != Round.FINAL.value or entry.in_final


def _counts(bundle: Bundle, rating: Rating) -> bool:
    return _weighs(bundle, rating) and not bundle.entry(rating.entry).left


def _allocation(bundle: Bundle, found: Recount) -> None:
    last: Mapping[str, Any] | None = None
    for number, each in enumerate(bundle.allocation.drawings, start=1):
        where = f"allocation.json, drawing {number}"
        if each.number != number or sha256_of(each.document) != each.sha256:
            found.fault(f"{where}: its number, or its SHA-256, is another one.")
        last = DrawingDocument.of(where, each.document).model_dump()
        if canonical(last) != each.document:
            found.fault(f"{where}: it is not written as drawings are.")
        if last["seed"] != bundle.contest.id:
            found.fault(f"{where}: it was drawn with another seed than the rules say.")
        if not drawings.fits(last):
            found.fault(f"{where}: drawn again from what it was made of, something else comes of it.")
    heard = {(judge, piece): further for judge, piece, further in bundle.allocation.heard}
    if last is not None:
        placed_then = drawings.pairs_in(last, "placed")
        drawn = drawings.pairs_in(last, "heard") - placed_then
        if {pair for pair, further in heard.items() if not further} != drawn or not placed_then <= heard.keys():
            found.fault("allocation.json: who was to hear what is not what the last drawing says.")
    elif heard:
        found.fault("allocation.json: compositions were shared out, and no drawing says how.")
    if bundle.allocation.drawings:
        found.fits.append(f"{len(bundle.allocation.drawings)} drawings of who hears what, drawn again")


def places_of(bundle: Bundle) -> dict[str, Any]:
    """The places, and the fair scores behind them, by the ratings of a bundle, as ``bot.usecases.boards.bundling.rows_of`` has them."""
    document = bundle.document
    contest = Contest(
        id=bundle.contest.id,
        phase=Phase(bundle.contest.phase),
        rounds=document.rounds,
        finalists=document.finalists or 0,
        winners=document.winners,
        final_at=_BEGAN if bundle.contest.final_began else None,
        texts={"scores": document.score},
    )
    scheme, fair = scheme_of_bundle(bundle), document.score == Scores.FAIR.value
    pieces = [Entrant(each.id, "", each.id, "", each.in_final) for each in bundle.entries if not each.left]
    rows = [each for each in _rows(bundle, scheme) if fair or each.state is SubmissionState.ACCEPTED]
    return rows_of(placed(contest, scheme, pieces, rows, chances=False))


def _board(bundle: Bundle, found: Recount) -> None:
    # As JSON has it: what is told was read from there.
    again = json.loads(canonical(places_of(bundle)))
    told = {row[:2]: list(row) for row in bundle.board.rows}
    for row in again["rows"]:
        if told.pop((row[0], row[1]), None) != row:
            alias = bundle.entry(row[1]).alias or row[1]
            found.fault(
                f"board.json: {alias} has place {row[0]} with {row[2]} by its ratings, and something else is told."
            )
            return
    if told:
        found.fault(f"board.json: {next(iter(told))[1]} has no such place by its ratings.")
    _fair(bundle.board.fair, again["fair"], found)
    scores = {each.id: each.ai for each in bundle.entries if each.ai is not None}
    if json.loads(canonical(ai_rows(scores))) != [list(row) for row in bundle.board.ai]:
        found.fault("board.json: the AI judge's places are not those of its scores.")
    how = f", fair scores to {TOLERANCE:g} points, and the ladder" if bundle.document.score == Scores.FAIR.value else ""
    found.fits.append(f"{len(again['rows'])} places by their ratings{how}")


def _fair(told: Fair | None, again: Any, found: Recount) -> None:
    if told is None or again is None:
        if told is not again:
            found.fault("board.json: fair scores are told, or left out, where the rules say otherwise.")
        return
    if told.caveats != again["caveats"] or len(told.scores) != len(again["scores"]):
        found.fault("board.json: fair scores are of other compositions, or are told with other caveats.")
        return
    for (entry, score, error), (which, by_ratings, its_error) in zip(told.scores, again["scores"], strict=True):
        if entry != which or not _near(score, by_ratings) or not _near(error, its_error):
            found.fault(
                f"board.json: the fair score of {which} is {by_ratings:.6f} by the ratings, and {score:.6f} is told."
            )
            return
    pairs = zip(told.variances or (), again["variances"] or (), strict=False)
    same = (told.variances is None) == (again["variances"] is None)
    if not same or not all(isclose(one, other, rel_tol=OF_VARIANCES, abs_tol=TOLERANCE) for one, other in pairs):
        found.fault("board.json: how much compositions, judges and chance vary is told wrong.")


def _near(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else abs(one - other) <= TOLERANCE


def _rows(bundle: Bundle, scheme: Scheme) -> Iterator[Weighed]:
    """The ratings that count, and those of what has left, as the database would add them up."""
    theirs: dict[tuple[str, str], list[Rating]] = defaultdict(list)
    for each in bundle.ratings:
        if _weighs(bundle, each):
            theirs[each.entry, each.round].append(each)
    for (entry, round_), some in sorted(theirs.items()):
        yield Weighed(
            submission_id=entry,
            round=Round(round_),
            number=len(some),
            given="\n".join(f"{each.judge}\t{canonical(each.scores)}" for each in some),
            state=SubmissionState.WITHDRAWN if bundle.entry(entry).left else SubmissionState.ACCEPTED,
            sums=tuple(float(sum(each.scores[key] for each in some)) for key in scheme.keys),
        )


def scheme_of_bundle(bundle: Bundle) -> Scheme:
    """The criteria of a bundle's last rules."""
    return scheme_of(bundle.document.model_dump())


def _trail(bundle: Bundle, found: Recount) -> None:
    heads, head = dict(bundle.chain.heads), chain.root(bundle.contest.id)
    for each in bundle.chain.entries:
        after = chain.follow(head, each.digest)
        if (each.number, each.link) != after:
            found.fault(f"{CHAIN}: entry {each.number} does not follow from the one before it.")
            return
        if heads.pop(each.number, each.link) != each.link:
            found.fault(f"{CHAIN}: another head was posted when entry {each.number} was the last one.")
        if each.said and each.digest != _digest(each):
            found.fault(f"{CHAIN}: what entry {each.number} says is not what its digest was made of.")
        head = after
    if heads:
        found.fault(f"{CHAIN}: more entries had been written down when a head was posted.")
    said = [each for each in bundle.chain.entries if each.said]
    empty = {str(each.number) for each in bundle.chain.entries if each.said == ()}
    left = {number for each in said if each.action == chain.EMPTIED for number in each.facts.get("remains", ())}
    if empty - left:
        found.fault(f"{CHAIN}: entry {min(empty - left, key=int)} is empty, and no erasure accounts for it.")
    _noted(bundle, said, found)
    found.fits.append(f"{head.number} entries of the trail; its head is {head.link}")


def _digest(entry: Noted) -> str:
    assert entry.said
    salt, facts, action, at = entry.said
    return chain.digest(salt, at, KANTOR, action, facts)


def _noted(bundle: Bundle, said: Sequence[Noted], found: Recount) -> None:
    """Rules and drawings were written down in the trail when they were made, and so was what was decided."""
    fixed = {(each.facts.get("version"), each.facts.get("sha256")) for each in said if each.action == "rules.fixed"}
    drawn = {
        (each.facts.get("drawing"), each.facts.get("sha256")) for each in said if each.action == "allocation.changed"
    }
    rules = ((each.version, each.sha256) for each in bundle.rules if each.version)
    lots = ((each.number, each.sha256) for each in bundle.allocation.drawings)
    found.fault(*_missing("version", rules, fixed), *_missing("drawing", lots, drawn))
    sealed = [each for each in said if each.action == SEALED]
    emptied = [each.number for each in said if each.action == chain.EMPTIED]
    if sealed and sealed[-1].facts.get("sha256") != found.results:
        if any(number > sealed[-1].number for number in emptied):
            found.fits.append("what was sealed at the end, but for somebody who was erased since")
        else:
            found.fault(f"{CHAIN}: what was sealed at the end has another hash than what is in here.")


def _missing(what: str, made: Iterable[tuple[int, str]], noted: set[tuple[Any, Any]]) -> Iterator[str]:
    for number, sha256 in made:
        if (number, sha256) not in noted:
            yield f"{CHAIN}: {what} {number} is not in the trail as it is in here."
