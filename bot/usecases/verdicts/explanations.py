"""Why the AI judge gave its score: for the author, and for everybody once the contest is finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.ports import Enclosure
from bot.rules import storage
from bot.rules.phases import Phase
from bot.rules.words import quoted
from bot.usecases.verdicts.letters import VerdictChart
from judge.verdict import from_dict
from models.verdicts import Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import ObjectStore, Picture
    from bot.usecases.desk import Desk
    from judge.verdict import Verdict as Found
    from models.submissions import Submission


@dataclass(frozen=True)
class WhyScore:
    """All that made a score."""

    title: str
    verdict: Found
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
        picture = storage.chart(piece.folder, verdict.weights_sha256)
        there = self.objects.exists(picture)
        if there:
            self._send(user_id, piece, verdict, picture)
        return WhyScore(piece.title, found_of(verdict), picture=there)

    def _send(self, user_id: str, piece: Submission, verdict: Verdict, picture: str) -> None:
        alt_text = str(verdict.facts.get("chart_alt", ""))
        chart = VerdictChart(title=piece.title, score=verdict.score, alt_text=alt_text)
        upload = Enclosure(picture, f"{piece.title} beside Bach.png", f"{piece.title} beside Bach", alt_text=alt_text)
        to = None if piece.in_dm and piece.user_id == user_id else user_id
        with self.desk.person(user_id, piece.contest_id) as work:
            work.post_about(f"chart:{verdict.id}:{user_id}", piece, chart, to=to, uploads=[upload])


def row_of(key: str, submission_id: str, found: Found, chart: Picture | None, now: datetime) -> Verdict:
    """What is stored of a verdict: all its fields, and the sentence that stands for its picture."""
    return Verdict(
        id=key,
        submission_id=submission_id,
        score=found.score,
        facts={**found.as_dict(), "chart_alt": chart.alt_text if chart else ""},
        model_version=found.model_version,
        weights_sha256=found.weights_sha256,
        created_at=now,
    )


def found_of(verdict: Verdict) -> Found:
    """What the judge said, from what was stored of it."""
    return from_dict(verdict.facts)


def standing_said(verdict: Verdict) -> str:
    """A sentence on where the score lies among music that the judge knows; empty where that is not known."""
    standing = found_of(verdict).standing
    return standing.said if standing else ""
