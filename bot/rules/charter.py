"""The charter of a contest: all that decides how it is judged, as one document with one hash, and what it says in plain words.

The document is a JSON object. Numbers that may have a fraction are words in it (``bot.rules.canonical.exactly``), so that its canonical text, and with it
its hash, is the same whoever writes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.rules.canonical import canonical, exactly, sha256_of
from bot.rules.criteria import LOWEST, Criterion, Scheme, change_told
from bot.rules.numbers import counted
from bot.rules.standings import LADDER, Scores, Step
from bot.rules.words import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FORMAT = "kantor charter 1"


SHARED = "shared"
"""After the last step of the ladder: a place."""
_LADDERS: dict[Scores, tuple[Step, ...]] = {Scores.MEAN: (), Scores.FAIR: LADDER}


@dataclass(frozen=True)
class Charter:
    """What is decided before anybody rates."""

    scheme: Scheme
    meanings: tuple[str, ...]
    """What the scores 1 to 5 mean."""
    blind: bool
    rounds: int
    finalists: int
    """That go on; of no meaning where there is one round."""
    winners: int
    each: int
    """Ratings of each composition in the first round; 0: all judges hear all."""
    further: int
    """Listens that are placed later, where it is close; of no meaning where all hear all."""
    minutes: int | None
    """That a judge is given at most, where not all hear all; None: no limit."""
    floor: int
    """Ratings that each composition should have before the round closes, where not all hear all."""
    scores: Scores
    seed: str
    """Of the lots by which the compositions are shared out."""

    @property
    def document(self) -> dict[str, Any]:
        """As plain JSON values: what means nothing here (how many go on to a final that there is not) is null."""
        shared = self.each > 0
        titles = enumerate(zip(self.scheme.titles, self.meanings, strict=True), start=LOWEST)
        return {
            "format": FORMAT,
            "criteria": [
                {"key": each.key, "title": each.title, "question": each.question, "weight": exactly(each.weight)}
                for each in self.scheme.criteria
            ],
            "scale": [{"score": score, "title": title, "meaning": meaning} for score, (title, meaning) in titles],
            "halves": self.scheme.halves,
            "blind": self.blind,
            "rounds": self.rounds,
            "finalists": self.finalists if self.rounds > 1 else None,
            "winners": self.winners,
            "ratings_each": self.each if shared else None,
            "further": self.further if shared else None,
            "minutes": self.minutes if shared else None,
            "floor": self.floor if shared else None,
            "score": self.scores.value,
            "ties": [*(step.value for step in _LADDERS[self.scores]), SHARED],
            "seed": self.seed,
        }

    @property
    def text(self) -> str:
        """The document in the very characters that its hash is of."""
        return canonical(self.document)

    @property
    def sha256(self) -> str:
        """Of ``text``, in hexadecimal digits."""
        return sha256_of(self.text)


def scheme_of(document: Mapping[str, Any]) -> Scheme:
    """What the judges rate, as a document has it."""
    criteria = (Criterion(**{**each, "weight": float(each["weight"])}) for each in document["criteria"])
    return Scheme(tuple(criteria), tuple(each["title"] for each in document["scale"]), document["halves"])


def told(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What it says, a sentence each; people's words in them are ``quoted``."""
    return tuple(line for tell in _LINES.values() if (line := tell(document)))


def changes_told(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """What another document says that the one before did not, a sentence each with what it was."""
    said = []
    for names, tell in _LINES.items():
        if any(before.get(name) != after.get(name) for name in names):
            said.append(_criteria_changed(before, after) if tell is _criteria else _changed(tell(before), tell(after)))
    return tuple(said)


def _changed(before: str, after: str) -> str:
    """Where a sentence reads as before, although something else was written, that is what the scores mean."""
    return "What the scores mean has new words." if before == after else f"{after} Until now: {before}"


def _criteria_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    return change_told(*([quoted(each) for each in scheme_of(rules).told] for rules in (before, after)))


def _criteria(document: Mapping[str, Any]) -> str:
    return f"Judges rate {', '.join(quoted(each) for each in scheme_of(document).told)}, from 1 to 5 each."


def _scale(document: Mapping[str, Any]) -> str:
    titles = ", ".join(f"{each['score']} {quoted(each['title'])}" for each in document["scale"])
    return f"The scores: {titles}{', and the halves between them' if document['halves'] else ''}."


def _blind(document: Mapping[str, Any]) -> str:
    return "Judges hear made-up names in the place of people's." if document["blind"] else "Judges see who wrote what."


def _rounds(document: Mapping[str, Any]) -> str:
    if document["rounds"] == 1:
        return "There is one round."
    return f"Two rounds: the best {document['finalists']} go on to a final, with all that tie with the last of them."


def _winners(document: Mapping[str, Any]) -> str:
    return f"The first {document['winners']} win." if document["winners"] > 1 else "The first one wins."


def _shared_out(document: Mapping[str, Any]) -> str:
    if document["ratings_each"] is None:
        return "All judges hear all compositions."
    limit = f", {document['minutes']} minutes a judge at most" if document["minutes"] else ""
    further = f" {counted(document['further'], 'further listen')} go where it is close." if document["further"] else ""
    return (
        f"{counted(document['ratings_each'], 'judge').capitalize()} hear each composition in the first round{limit}; lots drawn by a seed say who "
        f"hears what, so that anybody can draw them again. The round closes once each has {counted(document['floor'], 'rating')}, or for a reason that is kept.{further}"
    )


def _score(document: Mapping[str, Any]) -> str:
    return {
        Scores.MEAN.value: "A composition's score is the mean of what its judges gave in the round, to two places.",
        Scores.FAIR.value: "A composition's score is its fair score: what its judges gave in all rounds, with each judge's leniency taken out.",
    }[document["score"]]


def _ties(document: Mapping[str, Any]) -> str:
    first = document["criteria"][0]["title"]
    if document["ties"] == [SHARED]:
        return "Equal scores share a place."
    steps = {
        Step.FINAL.value: "by the mean of the final",
        Step.COUNT_BACK.value: "then by who has more of the highest scores",
        Step.CRITERION.value: f"then by {quoted(first)}",
        SHARED: "or share a place",
    }
    return f"Equal scores are told apart {', '.join(steps[each] for each in document['ties'])}."


_LINES: dict[tuple[str, ...], Callable[[Mapping[str, Any]], str]] = {
    ("criteria",): _criteria,
    ("scale", "halves"): _scale,
    ("blind",): _blind,
    ("rounds", "finalists"): _rounds,
    ("winners",): _winners,
    ("ratings_each", "further", "minutes", "floor"): _shared_out,
    ("score",): _score,
    ("ties",): _ties,
}
"""Which parts of the document each sentence is about, in the order in which they are told."""
