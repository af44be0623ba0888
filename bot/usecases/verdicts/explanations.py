"""Why the AI judge gave its score: for the author, and for everybody once the contest is finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import Refusal
from bot.ports import Enclosure
from bot.rules import storage
from bot.rules.phases import Phase
from bot.rules.words import quoted
from bot.usecases.verdicts.letters import VerdictChart
from judge.verdict import measures_of, standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.ports import ObjectStore, Picture
    from bot.usecases.desk import Desk
    from judge.verdict import Measure
    from judge.verdict import Verdict as Found
    from models.submissions import Submission
    from models.verdicts import Verdict


@dataclass(frozen=True)
class Beside:
    """A measure of the piece beside the range that four of five of Bach's works keep."""

    name: str
    value: str
    low: str
    high: str
    """Numbers as people read them."""
    place: str
    """``below``, ``within`` or ``above`` the range."""


@dataclass(frozen=True)
class Nearest:
    """A work of Bach's that shares a passage; bars as (first, last)."""

    work: str
    coverage: float
    bars_here: tuple[int, int]
    bars_there: tuple[int, int]


@dataclass(frozen=True)
class WhyScore:
    """All that made a score. Shares, probability and confidence are 0-1; tones are counted from C."""

    title: str
    name: str
    score: float
    probability: float
    pitch_similarity: float
    ks_distance: float
    key: str
    key_confidence: float
    bars: int
    meter: str
    notes: int
    standing: str
    """A sentence on where the score lies among music that the judge knows; empty where that is not known."""
    reasons_up: tuple[str, ...]
    reasons_down: tuple[str, ...]
    parallel_fifths: tuple[int, ...]
    parallel_octaves: tuple[int, ...]
    voices_known: str
    """Between how many of the file's tracks or channels parallels were looked for: "all", "some" or "none"."""
    tones: tuple[float, ...]
    bach_tones: tuple[float, ...]
    measures: tuple[Beside, ...]
    works: tuple[Nearest, ...]
    warnings: tuple[str, ...]
    model_version: str
    weights_sha256: str
    picture: bool
    """Whether there is a picture of it, which is on its way to the person."""


@dataclass(frozen=True)
class Explanations:
    """Tell why."""

    desk: Desk
    objects: ObjectStore

    def why(self, user_id: str, submission_id: str) -> WhyScore:
        """What made the score; its picture follows as a letter, once a person. Raises Refusal; may raise Unavailable."""
        with self.desk.store.read() as work:
            piece = work.submissions.get(submission_id)
            verdict = work.verdicts.of_submission(submission_id)
            contest = None if piece is None else work.contests.get(piece.contest_id)
        if piece is None or verdict is None or contest is None:
            raise Refusal("I have no verdict on that composition. `/kantor mine` shows how yours stand.")
        if piece.user_id != user_id and contest.phase != Phase.FINISHED:
            raise Refusal(f"That is for the composer's eyes until *{quoted(contest.name)}* is finished.")
        picture = storage.chart(piece.id, verdict.weights_sha256)
        there = self.objects.exists(picture)
        if there:
            self._send(user_id, piece, verdict, picture)
        return _why(piece, verdict, picture=there)

    def _send(self, user_id: str, piece: Submission, verdict: Verdict, picture: str) -> None:
        alt_text = str(verdict.facts.get("chart_alt", ""))
        chart = VerdictChart(title=piece.title, score=verdict.score, alt_text=alt_text)
        upload = Enclosure(picture, f"{piece.title} beside Bach.png", f"{piece.title} beside Bach", alt_text=alt_text)
        to = None if piece.in_dm and piece.user_id == user_id else user_id
        with self.desk.person(user_id, piece.contest_id) as work:
            work.post_about(f"chart:{verdict.id}:{user_id}", piece, chart, to=to, uploads=[upload])


def facts_of(verdict: Found, chart: Picture | None) -> dict[str, object]:
    """What is stored of a verdict: all its fields, and the sentence that stands for its picture."""
    return {**verdict.as_dict(), "chart_alt": chart.alt_text if chart else ""}


def standing_said(verdict: Verdict) -> str:
    """A sentence on where the score lies among music that the judge knows; empty where that is not known."""
    standing = standing_of(verdict.facts.get("standing"))
    return standing.said if standing else ""


def _why(piece: Submission, verdict: Verdict, *, picture: bool) -> WhyScore:
    facts = verdict.facts
    return WhyScore(
        title=piece.title,
        name=piece.name,
        score=verdict.score,
        probability=facts["probability"],
        pitch_similarity=facts["pitch_similarity"],
        ks_distance=facts["ks_distance"],
        key=facts["key"],
        key_confidence=facts["key_confidence"],
        bars=facts["bars"],
        meter=facts["meter"],
        notes=facts["notes"],
        standing=standing_said(verdict),
        reasons_up=tuple(facts["reasons_up"]),
        reasons_down=tuple(facts["reasons_down"]),
        parallel_fifths=tuple(facts["parallel_fifths"]),
        parallel_octaves=tuple(facts["parallel_octaves"]),
        voices_known=facts.get("voices_known", "all"),
        tones=tuple(facts["pitch_classes"]),
        bach_tones=tuple(facts["bach_pitch_classes"]),
        measures=tuple(_beside(each) for each in measures_of(facts.get("measures", ()))),
        works=tuple(_nearest(each) for each in facts["nearest_works"]),
        warnings=tuple(facts["warnings"]),
        model_version=verdict.model_version,
        weights_sha256=verdict.weights_sha256,
        picture=picture,
    )


def _beside(found: Measure) -> Beside:
    value, low, high = (found.said(number) for number in (found.value, found.low, found.high))
    return Beside(found.name, value, low, high, found.place.value)


def _nearest(found: Mapping[str, Any]) -> Nearest:
    here, there = found["bars_here"], found["bars_there"]
    return Nearest(found["work"], found["coverage"], (here[0], here[1]), (there[0], there[1]))
