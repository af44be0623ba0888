"""What one wins: for which places of which board, and what."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.rules.awards import TITLES, AwardKind
from bot.rules.words import one_line, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

MOST = 20
"""Lines of prizes of a contest."""
LONGEST = 120
"""Characters of what one wins."""
EXAMPLE = "1: a synthesizer"
_TOLD = 4
"""So many wrong lines are told at once."""
_PLACES = re.compile(
    r"(?:(ai)(?: judge)?\s*)?(?:(\d{1,3})(?:st|nd|rd|th)?\s*(?:(?:-|\u2013|to)\s*(\d{1,3})(?:st|nd|rd|th)?)?)?",
    re.IGNORECASE,
)
_LISTED = re.compile(r"^(\d{1,3})[.)](?=\s)")
"""As people number lists: ``1. a book``, ``2) a pen``."""
_ALL = frozenset({"everybody", "everyone", "all"})
_NUMBER = re.compile(r"^(\d{1,4})\s*[x\u00d7]\s+", re.IGNORECASE)
_GIVER = re.compile(r"\s*\(from ([^()]+)\)$", re.IGNORECASE)


class Category(StrEnum):
    """Whose places they are for."""

    JUDGES = "judges"
    """The human judges' board."""
    AI = "ai"
    """The AI judge's board, which stands apart."""
    EVERYBODY = "everybody"
    """Whoever takes part, whatever the place."""
    SPECIALIST = AwardKind.SPECIALIST.value
    TALK = AwardKind.TALK.value
    MACHINE = AwardKind.MACHINE.value
    IMPROVED = AwardKind.IMPROVED.value
    EAR = AwardKind.EAR.value
    """This one and the four above: whoever gets that special award (``bot.rules.awards``)."""

    @property
    def award(self) -> AwardKind | None:
        """The special award that it is for; None where it is for places, or for everybody."""
        return AwardKind(self.value) if self in _AWARDED else None


_AWARDED = frozenset(Category(kind.value) for kind in AwardKind)
_BY_AWARD = {
    word: Category(kind.value)
    for kind, title in TITLES.items()
    for word in (kind.value, title.casefold(), title.casefold().removeprefix("the "))
}


class PrizeError(ValueError):
    """The text is no list of prizes; the message is a sentence for the person who wrote it."""


@dataclass(frozen=True)
class Prize:
    """One prize, or one each for several places; without places (0) for everybody, or for a special award."""

    category: Category
    first: int
    last: int
    what: str
    number: int = 1
    """How many of them each winner gets."""
    giver: str = ""
    """Who gives it; empty: whoever organizes the contest."""

    @property
    def places(self) -> frozenset[int]:
        """The places that it is for; none where it is for none."""
        return frozenset(range(self.first, self.last + 1)) if self.first else frozenset()

    @property
    def said(self) -> str:
        """What one wins: ``2 x headphones (from Acme Music)``."""
        many = f"{self.number} x " if self.number > 1 else ""
        return f"{many}{self.what}{f' (from {self.giver})' if self.giver else ''}"

    @property
    def whose(self) -> str:
        """In words: ``place 1``, ``places 2 to 3, each``, ``place 1 of the AI judge's board``, ``everybody who takes part``."""
        if self.category is Category.EVERYBODY:
            return "everybody who takes part"
        if self.category.award is not None:
            return TITLES[self.category.award]
        board = " of the AI judge's own board" if self.category is Category.AI else ""
        places = f"place {self.first}" if self.first == self.last else f"places {self.first} to {self.last}"
        return f"{places}{board}{'' if self.first == self.last else ', each'}"

    @property
    def line(self) -> str:
        """As an organizer writes it."""
        places = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        begun = {Category.JUDGES: places, Category.AI: f"AI {places}", Category.EVERYBODY: "everybody"}
        award = self.category.award
        return f"{begun[self.category] if award is None else TITLES[award]}: {self.said}"


def parse(text: str) -> tuple[Prize, ...]:
    """The prizes that were written, a line each. Raises PrizeError, which tells all lines that are wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise PrizeError(f"Please keep this to {MOST} prizes; these are {len(lines)}.")
    prizes, wrong = [], []
    for line in lines:
        try:
            prizes.append(_prize(line))
        except PrizeError as error:
            wrong.append(str(error))
    if wrong:
        more = f" {len(wrong) - _TOLD} more lines are wrong, too." if len(wrong) > _TOLD else ""
        raise PrizeError(" ".join(wrong[:_TOLD]) + more)
    return tuple(prizes)


def written(prizes: Iterable[Prize]) -> str:
    """What ``parse`` reads."""
    return "\n".join(prize.line for prize in prizes)


def dump(prizes: Iterable[Prize]) -> list[dict[str, Any]]:
    """As plain JSON values."""
    return [asdict(prize) for prize in prizes]


def load(stored: Iterable[Mapping[str, Any]]) -> tuple[Prize, ...]:
    """The prizes that ``dump`` stored."""
    return tuple(Prize(**{**each, "category": Category(each["category"])}) for each in stored)


def told(prizes: Iterable[Prize]) -> tuple[str, ...]:
    """A line each for everybody: ``Place 1: a synthesizer``."""
    return tuple(f"{prize.whose[0].upper()}{prize.whose[1:]}: {prize.said}" for prize in prizes)


def of_place(prizes: Iterable[Prize], category: Category, place: int = 0) -> tuple[Prize, ...]:
    """The prizes of that place of that board; of that special award, or of everybody, without a place."""
    return tuple(prize for prize in prizes if prize.category is category and prize.first <= place <= prize.last)


def won(prizes: Iterable[Prize], category: Category, place: int = 0) -> str:
    """What one wins there, in words; empty where it wins nothing."""
    return ", ".join(prize.said for prize in of_place(prizes, category, place))


def covered(prizes: Iterable[Prize], category: Category) -> frozenset[int]:
    """The places of that board that win something."""
    return frozenset(place for prize in prizes if prize.category is category for place in prize.places)


def left_over(prizes: Iterable[Prize], places: Mapping[Category, Collection[int]]) -> tuple[Prize, ...]:
    """The prizes that nobody wins; ``places`` are those of each board where somebody stands (0: of a special award that somebody gets)."""
    return tuple(
        prize
        for prize in prizes
        if prize.category is not Category.EVERYBODY
        and (prize.places or {0}).isdisjoint(places.get(prize.category, frozenset()))
    )


def beyond(prizes: Iterable[Prize], winners: int) -> str:
    """A sentence on the prizes of places behind the ``winners`` first ones; empty where there are none."""
    behind = [quoted(line) for line in told(prize for prize in prizes if prize.last > winners)]
    if not behind:
        return ""
    first = "Only the first wins" if winners == 1 else f"The first {winners} win"
    return (
        f"{first}, and there are prizes for places behind: {'; '.join(behind)}. At the end I name whoever has such a place, too; "
        "`/kantor contest edit` changes prizes, and how many win."
    )


def _prize(line: str) -> Prize:
    begun, colon, what = _LISTED.sub(r"\1:", line, count=1).partition(":")
    what = one_line(what)
    places, word = _PLACES.fullmatch(begun.strip()), one_line(begun).casefold()
    if not colon or not what or not word or (places is None and word not in _ALL and word not in _BY_AWARD):
        raise PrizeError(
            f"I cannot read “{quoted(line[:60])}”. Please write a line for each prize: “{EXAMPLE}”, “2-3: headphones”, "
            "“AI 1: a score of Bach's”, “Golden ear: 2 x tickets (from the city's opera)” or “everybody: stickers”."
        )
    if len(what) > LONGEST:
        raise PrizeError(f"Please keep each prize to {LONGEST} characters; “{quoted(what[:30])} ...” has {len(what)}.")
    what, number, giver = _given(what)
    if places is None:
        return Prize(_BY_AWARD.get(word, Category.EVERYBODY), 0, 0, what, number, giver)
    ai, first, last = places.groups()
    if first is None and ai is None:
        raise PrizeError(
            f"For which place is “{quoted(what[:60])}”? Please begin its line with one, as in “{EXAMPLE}”."
        )
    start = int(first or 1)
    end = int(last or start)
    if start < 1 or end < 1:
        raise PrizeError(f"“{quoted(line[:60])}” begins with place 0, and places begin at 1, as in “{EXAMPLE}”.")
    if start > end:
        raise PrizeError(f"“{quoted(begun)}” are no places. Please write the first one first, as in “2-3: headphones”.")
    return Prize(Category.AI if ai else Category.JUDGES, start, end, what, number, giver)


def _given(said: str) -> tuple[str, int, str]:
    """What it is, how many, and who gives it; the whole is the thing where nothing would be left of it."""
    giver = _GIVER.search(said)
    rest = said[: giver.start()] if giver else said
    number = _NUMBER.match(rest)
    what = rest[number.end() :] if number else rest
    if not what or (number and int(number[1]) < 1):
        return said, 1, ""
    return what, int(number[1]) if number else 1, one_line(giver[1]) if giver else ""


def told_of(texts: Mapping[str, Any]) -> tuple[str, ...]:
    """What one wins in the contest of these texts, a line each."""
    return told(load(texts.get("prizes", ())))
