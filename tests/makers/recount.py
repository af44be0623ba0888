"""A contest recounted by somebody who has its export and nothing else: as an organizer would in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Row = dict[str, str]
Placed = tuple[int, str, Decimal, int]
"""Place, name, score and how many ratings it rests on."""


@dataclass(frozen=True)
class Recount:
    """The tables of an export."""

    files: Mapping[str, str]

    @classmethod
    def of(cls, data: bytes) -> Recount:
        """The zip that was sent."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return cls({name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()})

    def table(self, name: str) -> list[Row]:
        """The rows of a CSV."""
        return list(csv.DictReader(io.StringIO(self.files[f"{name}.csv"])))

    @property
    def in_final(self) -> bool:
        """Whether a final has begun."""
        return "final" in {row["round"] for row in self.table("rounds")}

    @property
    def pieces(self) -> list[Row]:
        """The compositions that are in."""
        return [row for row in self.table("submissions") if row["state"] == "accepted"]

    def first_round(self) -> list[Placed]:
        """The board of the preliminary round, or of the only one."""
        return _placed(self._scored(self.pieces, "preliminary"))

    def scores(self, round_: str) -> dict[str, tuple[Decimal, int]]:
        """Of every composition that was rated in that round, by name: its score there, and how many ratings it rests on."""
        return {name: (score, ratings) for name, score, ratings in self._scored(self.pieces, round_)}

    def people(self) -> list[Placed]:
        """The board of the judges' scores."""
        if not self.in_final:
            return self.first_round()
        pieces = self.pieces
        final = [row for row in pieces if row["in_final"] == "yes"]
        others = [row for row in pieces if row["in_final"] == "no"]
        heard = {row["submission_id"] for row in self.counting("final")}
        over = self.contest["phase"] == "finished"
        unheard = [row for row in final if over and row["id"] not in heard]
        first, second = (_placed(self._scored(some, "preliminary")) for some in (unheard, others))
        placed = _placed(self._scored(final, "final"))
        finalists = len(placed) + len(first) if over else len(final)
        return placed + _behind(len(placed), first) + _behind(finalists, second)

    def machine(self) -> list[Placed]:
        """The AI judge's board."""
        pieces = {row["id"]: row["name"] for row in self.pieces}
        verdicts = [row for row in self.table("verdicts") if row["submission_id"] in pieces]
        return _placed((pieces[row["submission_id"]], _rounded(Fraction(row["score"]), "0.1"), 0) for row in verdicts)

    def exported(self, board: str, judged_by: str = "people") -> list[Placed]:
        """The newest board of that kind, as the export has it."""
        rows = [row for row in self.table("boards") if (row["board"], row["judged_by"]) == (board, judged_by)]
        newest = max((row["taken_at"] for row in rows), default="")
        digits = "0.01" if judged_by == "people" else "0.1"
        return [
            (int(row["place"]), row["name"], _rounded(Fraction(row["score"]), digits), int(row["ratings"]))
            for row in rows
            if row["taken_at"] == newest
        ]

    def counting(self, round_: str) -> list[Row]:
        """The ratings of that round that count."""
        return [row for row in self.table("ratings") if row["counts"] == "yes" and row["round"] == round_]

    def _scored(self, pieces: Iterable[Row], round_: str) -> Iterable[tuple[str, Decimal, int]]:
        weights = {row["key"]: Fraction(row["weight"]) for row in self.table("criteria")}
        means = defaultdict(list)
        for row in self.counting(round_):
            given = sum((weight * int(row[f"score_{key}"]) for key, weight in weights.items()), Fraction())
            means[row["submission_id"]].append(given / sum(weights.values()))
        for piece in pieces:
            theirs = means.get(piece["id"])
            if theirs:
                yield piece["name"], _rounded(sum(theirs, Fraction()) / len(theirs), "0.01"), len(theirs)

    @property
    def contest(self) -> dict[str, object]:
        """The contest's own row."""
        found: dict[str, object] = json.loads(self.files["contest.json"])
        return found


def _placed(scored: Iterable[tuple[str, Decimal, int]]) -> list[Placed]:
    order = sorted(scored, key=lambda each: (-each[1], each[0].casefold()))
    scores = [score for _, score, _ in order]
    return [(scores.index(score) + 1, name, score, ratings) for name, score, ratings in order]


def _behind(number: int, placed: list[Placed]) -> list[Placed]:
    return [(place + number, name, score, ratings) for place, name, score, ratings in placed]


def _rounded(value: Fraction, digits: str) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(digits), ROUND_HALF_UP)
