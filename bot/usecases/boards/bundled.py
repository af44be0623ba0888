"""The shape of what is in a results bundle. A stranger may have made it: whatever has another shape, or is too much, is refused with a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.rules.bundles import NotABundleError, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Id = Annotated[str, Field(min_length=1, max_length=80)]
Number = Annotated[int, Field(ge=0, le=10_000_000)]
Words = Annotated[str, Field(max_length=4000)]
Round_ = Literal["preliminary", "final"]
MOST_ENTRIES, MOST_JUDGES, MOST_RATINGS, MOST_DRAWINGS, MOST_CELLS = 20_000, 500, 1_000_000, 20_000, 2_000_000
"""The last one: compositions times judges, which is what a fit and a drawing take."""


MOST = 1e9
"""Seconds, minutes, or a weight."""
Shape = TypeVar("Shape")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Criterion(_Strict):
    """One thing that is rated."""

    key: Id
    title: Words
    question: Words
    weight: Annotated[str, Field(pattern="^[0-9][0-9.e-]{0,30}$")]


class Score(_Strict):
    """One of the five."""

    score: Annotated[int, Field(ge=1, le=5)]
    title: Words
    meaning: Words


class Document(_Strict):
    """A document of rules (``bot.rules.charter``)."""

    format: Literal["kantor charter 1"]
    criteria: Annotated[list[Criterion], Field(min_length=1, max_length=20)]
    scale: Annotated[list[Score], Field(min_length=5, max_length=5)]
    halves: bool
    blind: bool
    rounds: Literal[1, 2]
    finalists: Number | None
    winners: Number
    ratings_each: Number | None
    further: Number | None
    minutes: Number | None
    floor: Number | None
    score: Literal["mean", "fair"]
    ties: list[Id]
    seed: Id

    @classmethod
    def of(cls, where: str, text: str) -> Self:
        """What stands there. Raises NotABundleError."""
        found = _shape(TypeAdapter(cls), text, where)
        _require_numbers(where, [each.weight for each in found.criteria], above=0)
        return found


class DrawingDocument(_Strict):
    """A drawing (``bot.rules.drawings``)."""

    format: Literal["kantor drawing 1"]
    seed: Id
    each: Annotated[int, Field(ge=0, le=1000)]
    entries: Annotated[list[Annotated[list[Id], Field(min_length=2, max_length=2)]], Field(max_length=MOST_ENTRIES)]
    judges: Annotated[
        list[Annotated[list[Id | None], Field(min_length=2, max_length=2)]], Field(max_length=MOST_JUDGES)
    ]
    others: Annotated[list[Id], Field(max_length=MOST_JUDGES)]
    conflicts: list[list[Number]]
    started: list[list[Number]]
    planned: list[list[Number]]
    further: list[list[Number]]
    heard: list[list[Number]]
    placed: list[list[Number]]

    @classmethod
    def of(cls, where: str, text: str) -> Self:
        """What stands there. Raises NotABundleError."""
        found = _shape(TypeAdapter(cls), text, where)
        people, entries = len(found.judges) + len(found.others), len(found.entries)
        sets = (found.conflicts, found.started, found.planned, found.further, found.heard, found.placed)
        if any(len(each) != people or any(at >= entries for row in each for at in row) for each in sets):
            raise NotABundleError(f"{where}: it has other judges, or other compositions, than it says.")
        if entries * people > MOST_CELLS:
            raise NotABundleError(f"{where}: it is larger than any that Kantor makes.")
        if any(each[0] is None for each in found.judges):
            raise NotABundleError(f"{where}: a judge in it has no name.")
        _require_numbers(
            where, [each[1] for each in found.entries] + [each[1] for each in found.judges if each[1] is not None]
        )
        return found


def _require_numbers(where: str, words: Sequence[str], above: float = -1) -> None:
    try:
        numbers = [float(each) for each in words]
    except ValueError:
        numbers = [nan]
    if not all(above < each < MOST for each in numbers):
        raise NotABundleError(f"{where}: a time or a weight in it is no number.")


class Rules(_Strict):
    """A version of the rules."""

    version: Number
    document: str
    sha256: Hash
    at: Words


class About(_Strict):
    """The contest."""

    id: Id
    name: Words
    slug: Words
    phase: Literal["draft", "open", "judging", "final", "ceremony", "finished"]
    final_began: bool
    rules_version: Number | None


class Entry(_Strict):
    """A composition."""

    id: Id
    left: bool
    alias: Words | None
    sha256: Hash | None
    in_final: bool
    ai: Annotated[float, Field(ge=0, le=100)] | None


class Judge(_Strict):
    """A judge, by the pseudonym."""

    judge: Id
    void: bool
    recused: list[Id]


class Rating(NamedTuple):
    """One rating."""

    entry: Id
    judge: Id
    round: Round_
    scores: dict[str, int | float]
    version: Number | None
    entered: bool
    counts: bool


class Drawing(_Strict):
    """A drawing that was kept."""

    number: Number
    at: Words
    sha256: Hash
    document: str


class Allocation(_Strict):
    """Who hears what."""

    drawings: Annotated[list[Drawing], Field(max_length=MOST_DRAWINGS)]
    heard: list[tuple[Id, Id, bool]]


class Fair(_Strict):
    """Fair scores."""

    caveats: list[Words]
    scores: list[tuple[Id, float, float | None]]
    variances: tuple[float, float, float] | None


class Board(_Strict):
    """The places."""

    rows: list[tuple[Number, Id, float, Number, Words | None]]
    fair: Fair | None
    ai: list[tuple[Number, Id, float]]


class Noted(NamedTuple):
    """An entry of the trail."""

    number: Number
    digest: Hash
    link: Hash
    said: tuple[Words, dict[str, Any], Words, AwareDatetime] | tuple[()] | None
    """Salt, facts, action and moment; nothing where it was emptied, and None where it is not told."""

    @property
    def action(self) -> str:
        """What was done."""
        return self.said[2] if self.said else ""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Of what it says."""
        return self.said[1] if self.said else {}


class Chain(_Strict):
    """The trail."""

    heads: list[tuple[Number, Hash]]
    entries: list[Noted]


@dataclass(frozen=True)
class Bundle:
    """All that is in one."""

    contest: About
    rules: list[Rules]
    entries: list[Entry]
    judges: list[Judge]
    ratings: list[Rating]
    allocation: Allocation
    board: Board
    chain: Chain

    @cached_property
    def document(self) -> Document:
        """The rules that hold."""
        return Document.of("rules.json, the last version", self.rules[-1].document)

    @cached_property
    def _entries(self) -> Mapping[str, Entry]:
        return {each.id: each for each in self.entries}

    @cached_property
    def _judges(self) -> Mapping[str, Judge]:
        return {each.judge: each for each in self.judges}

    def entry(self, key: str) -> Entry:
        """The composition of that id, which is there."""
        return self._entries[key]

    def judge(self, key: str) -> Judge:
        """The judge of that pseudonym, who is there."""
        return self._judges[key]


_SHAPES: dict[str, TypeAdapter[Any]] = {
    "contest": TypeAdapter(About),
    "rules": TypeAdapter(Annotated[list[Rules], Field(min_length=1, max_length=10_000)]),
    "entries": TypeAdapter(Annotated[list[Entry], Field(max_length=MOST_ENTRIES)]),
    "judges": TypeAdapter(Annotated[list[Judge], Field(max_length=MOST_JUDGES)]),
    "ratings": TypeAdapter(Annotated[list[Rating], Field(max_length=MOST_RATINGS)]),
    "allocation": TypeAdapter(Allocation),
    "board": TypeAdapter(Board),
    "chain": TypeAdapter(Chain),
}


def shaped(files: Mapping[str, str]) -> Bundle:
    """What these members say. Raises NotABundleError where one has another shape, or is more than can be reckoned."""
    found = Bundle(**{name: _shape(shape, files[f"{name}.json"], f"{name}.json") for name, shape in _SHAPES.items()})
    if len(found.entries) * len(found.judges) > MOST_CELLS:
        raise NotABundleError("It has more compositions and judges than can be reckoned.")
    return found


def _shape(shape: TypeAdapter[Shape], text: str, where: str) -> Shape:
    read(where, text)  # what our own reader does not take is none of ours
    try:
        return shape.validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        at = ".".join(map(str, first["loc"][:4]))
        raise NotABundleError(
            f"{where} has another shape than Kantor's: {first['msg']}{f' (at {at})' if at else ''}."
        ) from None
