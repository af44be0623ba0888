"""Whether the trails are as they were written down, for whoever runs the bot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules import chain
from bot.usecases.boards.sealing import posted_heads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from models.contests import Contest
    from models.store import Store, Work


@dataclass(frozen=True)
class Audited:
    """What was found in the trail of a contest."""

    slug: str
    fits: bool
    sentence: str


@dataclass(frozen=True)
class Audits:
    """Look through the trails."""

    store: Store

    def verify(self, slug: str = "", head: str = "") -> list[Audited]:
        """Of that contest, or of all, the newest first. Raises Refusal where there is no such contest.

        ``head`` is one that somebody kept; it is looked for, too.
        """
        with self.store.read() as work:
            contests = work.contests.newest_first()
            meant = [contest for contest in contests if slug in {"", contest.slug}]
            if slug and not meant:
                raise Refusal(f"There is no contest called {slug}: its short name stands in its settings.")
            return [_audited(work, contest, head.strip().casefold()) for contest in meant]


def _audited(work: Work, contest: Contest, kept: str) -> Audited:
    outside: list[chain.Entry] = []
    found = _chained(work, contest, kept, outside)
    return replace(found, fits=False, sentence=f"{found.sentence} {_outside(outside)}") if outside else found


def _chained(work: Work, contest: Contest, kept: str, outside: list[chain.Entry]) -> Audited:
    """What was found in the chain; what was never in it comes into ``outside``."""
    posted = posted_heads(work, contest)
    checked = chain.check(contest.id, _inside(work.audit.entries(contest.id), outside), posted)
    if checked.fits and kept:
        at = next((each.number for each in work.audit.entries(contest.id) if each.link == kept), None)
        if at is None:
            return Audited(
                contest.slug, fits=False, sentence=f"The trail holds together, but the head {kept} is nowhere in it."
            )
        return Audited(
            contest.slug, fits=True, sentence=f"{_whole(checked, posted)} The head that you kept is that of entry {at}."
        )
    return Audited(contest.slug, checked.fits, _whole(checked, posted) if checked.fits else _broken(checked))


def _inside(entries: Iterable[chain.Entry], outside: list[chain.Entry]) -> Iterator[chain.Entry]:
    for entry in entries:
        if chain.is_unchained(entry):
            outside.append(entry)
        else:
            yield entry


def _outside(entries: list[chain.Entry]) -> str:
    first, *_ = sorted(entries, key=lambda each: each.at)
    stands, it, says = ("stands", "It was", "it says") if len(entries) == 1 else ("stand", "They were", "they say")
    return (
        f"But {_entries(len(entries))} {stands} outside of the chain, the first one {_told(first)}. {it} written by a Kantor that is older than the chain and still ran"
        f" after the upgrade, or by somebody with the database in their hands: nothing vouches for what {says}, and what was said of the others holds all the same."
        " Stop every old bot and worker now; whatever they do meanwhile is not in the chain. Keep this answer for whoever asks: the chain goes on without what stands outside."
    )


def _told(entry: chain.Entry) -> str:
    return f"({entry.action} by {entry.actor}, {entry.at:%Y-%m-%d %H:%M:%S} UTC)"


def _whole(checked: chain.Checked, posted: Mapping[int, str]) -> str:
    were = "was" if checked.erased == 1 else "were"
    erased = f" {checked.erased} of them {were} emptied by an erasure, and the digests stand." if checked.erased else ""
    heads = (
        f" So {'does the head that was' if len(posted) == 1 else f'do the {len(posted)} heads that were'} posted."
        if posted
        else ""
    )
    return f"{_entries(checked.head.number)}: all fit.{heads}{erased} Head: {checked.head.link}"


def _broken(checked: chain.Checked) -> str:
    entry, fits = checked.at_fault, _entries(checked.head.number)
    if entry is not None:
        return f"{fits} fit. Entry {entry.number or 'without a number'} {_told(entry)} does not: {checked.fault}."
    if checked.fault is not None:
        return f"{fits}, and they fit each other, but {checked.fault}."
    return (
        f"{fits}, and they follow each other, but {checked.erased} of them are empty, and erasures account for {checked.accounted} only: "
        "somebody has emptied the others."
    )


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"
