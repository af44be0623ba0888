"""The charter: by which rules a contest is judged. It is kept, and its hash is posted, before anybody rates; each change is another version.

Whoever calls this holds the contest's lock. A rating keeps the version that held when it was given.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.rules.charter import Charter, changes_told, told
from bot.rules.criteria import Scheme
from bot.rules.phases import JUDGED
from bot.rules.tenets import meanings_of
from bot.usecases.desk import KANTOR
from bot.usecases.judging.fairness import goes_by
from bot.usecases.judging.letters import RulesFixed
from bot.usecases.judging.panels import FLOOR
from bot.usecases.judging.piles import further_wanted, ratings_wanted
from models import charters

if TYPE_CHECKING:
    from bot.usecases import happenings as on
    from bot.usecases.desk import Matter
    from models.contests import Contest

SETTINGS = frozenset(
    {
        "criteria",
        "titles",
        "meanings",
        "blind",
        "rounds",
        "finalists",
        "winners",
        "listens",
        "further",
        "halves",
        "minutes",
        "scores",
    }
)
"""Those that a charter is made of (``bot.usecases.contests.settings``)."""


def charter_of(contest: Contest) -> Charter:
    """The rules as they stand."""
    each = ratings_wanted(contest)
    return Charter(
        scheme=Scheme.load(contest.scheme),
        meanings=meanings_of(contest.texts),
        blind=contest.blind,
        rounds=contest.rounds,
        finalists=contest.finalists,
        winners=contest.winners,
        each=each,
        further=further_wanted(contest),
        minutes=int(contest.texts.get("minutes") or 0) or None,
        floor=min(FLOOR, each or FLOOR),
        scores=goes_by(contest),
        seed=contest.id,
    )


def fix(work: Matter, reason: str) -> None:
    """Make another version, where the rules are not those of the last one, and post it. The reason is said where there was none before."""
    contest, charter = work.contest, charter_of(work.contest)
    last = work.charters.version(contest.id, contest.rules_version)
    if last is not None and last.sha256 == charter.sha256:
        return
    lines = told(charter.document) if last is None else changes_told(json.loads(last.document), charter.document)
    version = (contest.rules_version or 0) + 1
    work.charters.add(
        charters.Charter(
            contest_id=contest.id,
            version=version,
            document=charter.text,
            sha256=charter.sha256,
            at=work.now,
            by=work.actor,
            reason=reason if last is None else " ".join(lines),
        )
    )
    contest.rules_version = version
    letter = RulesFixed(
        contest_name=contest.name, version=version, sha256=charter.sha256, lines=lines, channel_id=contest.channel_id
    )
    work.post(f"rules_fixed:{contest.id}:{version}", contest.channel_id, letter)
    # By the bot: the entry stands in bundles as it is, and says nobody's name there.
    work.note("rules.fixed", by=KANTOR, version=version, sha256=charter.sha256)


def of_a_phase(work: Matter, began: on.PhaseBegan) -> None:
    """Nobody rates before it is said by which rules."""
    if began.phase in JUDGED:
        fix(work, "The judging begins.")


def of_new_settings(work: Matter, changed: on.ContestChanged) -> None:
    """Other rules from now on."""
    if SETTINGS & set(changed.names) and (work.contest.rules_version is not None or work.contest.phase in JUDGED):
        fix(work, "The first ones that were kept: the judging had begun before that.")
