"""The rules of a contest, as the person who asks needs them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.ports import Enclosure
from bot.rules import storage
from bot.rules.charter import told
from bot.rules.moments import left
from bot.rules.prizes import told_of
from bot.usecases.judging.charters import charter_of
from bot.usecases.judging.letters import RulesDocument
from bot.usecases.people.letters import RulesReply
from bot.usecases.submissions.arrivals import deadline_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import ObjectStore
    from bot.usecases.desk import Desk
    from models.contests import Contest
    from models.store import Work


VERSIONS = 5
"""Of the rules, so many are sent, the newest: Slack takes so many files a minute from us."""


@dataclass(frozen=True)
class Rulebook:
    """Tell the rules."""

    desk: Desk
    objects: ObjectStore

    def rules(self, user_id: str, channel_id: str) -> RulesReply:
        """Of the contest of that channel, or else of the one that the person sees. Raises Refusal; may raise Unavailable."""
        contest = self.desk.who.contest_meant(user_id, channel_id)
        with self.desk.store.read() as work:
            return rules_of(work, contest, user_id, self.desk.clock.now())

    def send(self, user_id: str, channel_id: str) -> str:
        """Send the rules of judging to the person's direct messages, in the very bytes that each hash is of; the contest's name.

        Whoever sees the contest may have them: they say how it is judged, and nobody's name. Raises Refusal before they are fixed; may raise Unavailable.
        """
        contest = self.desk.who.contest_meant(user_id, channel_id)
        with self.desk.store.read() as work:
            kept = work.charters.of_contest(contest.id)[::-1]
        if not kept:
            raise Refusal(
                "The rules of judging are fixed when the judging begins: then there is a file of them, and the channel reads its"
                " hash. `/kantor rules` says how they stand now."
            )
        uploads = []
        for each in kept[:VERSIONS]:
            place, filename = storage.rules(each.sha256), f"rules-{each.version}.json"
            self.objects.put(place, each.document.encode())
            uploads.append(Enclosure(place, filename, f"Rules of judging, version {each.version}"))
        hashes = tuple((each.version, each.sha256) for each in kept[:VERSIONS])
        letter = RulesDocument(contest_name=contest.name, hashes=hashes, older=len(kept) - len(uploads))
        with self.desk.anyone(user_id) as work:
            if work.outbox.unsent(RulesDocument.kind, user_id):
                raise Refusal(
                    "They are on their way to you: Slack takes a file only every few seconds. Please wait for them."
                )
            work.post(f"rules_document:{user_id}:{self.desk.ids.new()}", user_id, letter, uploads=uploads)
        return contest.name


def rules_of(work: Work, contest: Contest, user_id: str, now: datetime) -> RulesReply:
    """The contest's rules, with the person's own deadline in their own zone."""
    deadline, fixed = deadline_of(work, contest, user_id), work.charters.version(contest.id, contest.rules_version)
    return RulesReply(
        contest_name=contest.name,
        channel_id=contest.channel_id,
        phase=contest.phase,
        intake=contest.intake,
        deadline=deadline,
        left=left(deadline, now),
        time_zone=work.people.zone_of(user_id, contest.time_zone),
        extended=deadline > contest.deadline,
        limit=contest.submission_limit,
        judged=told(charter_of(contest).document if fixed is None else json.loads(fixed.document)),
        version=contest.rules_version,
        sha256="" if fixed is None else fixed.sha256,
        prizes=told_of(contest.texts),
        text=str(contest.texts.get("rules") or ""),
    )
