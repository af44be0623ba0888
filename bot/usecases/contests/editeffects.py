"""What a change of a contest would bring, in sentences, before anybody confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.rules.criteria import Scheme, change_told
from bot.rules.moments import spoken
from bot.rules.phases import JUDGED, Door, Phase
from bot.rules.prizes import load, told
from bot.rules.schedule import spoken_schedule
from bot.rules.standings import BoardMode
from bot.rules.tenets import meanings_of
from bot.usecases.contests.previews import counted
from bot.usecases.judging.counting import counting
from bot.usecases.roles import Role
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.usecases.contests.editable import Fields
    from models.contests import Contest
    from models.store import Work

NEWS = (
    "channel_id",
    "deadline",
    "submission_limit",
    "intake",
    "blind",
    "rounds",
    "finalists",
    "winners",
    "criteria",
    "prizes",
    "rules",
)
"""The fields whose change people in the channel must hear of, once the contest is open."""

_DOORS = {
    Door.CHANNEL: "in the channel only",
    Door.DM: "in direct messages only",
    Door.BOTH: "in the channel and in direct messages",
}
_MODES = {
    BoardMode.HIDDEN: "nothing until the contest is finished",
    BoardMode.RANKS: "places without scores",
    BoardMode.FULL: "places and scores",
}
_TEXTS = {"rules": "rules", "tenets": "word to the judges", "terms": "terms of the accounts"}


@dataclass(frozen=True)
class Effects:
    """What happens, and what to mind."""

    effects: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Look:
    """A contest, as it is and as it would be."""

    work: Work
    contest: Contest
    before: Fields
    after: Fields
    """All fields, with their new values."""

    def spoken(self, fields: Fields) -> str:
        return spoken(datetime.fromisoformat(fields["deadline"]), fields["time_zone"])


def effects_of(work: Work, contest: Contest, before: Fields, changes: Fields) -> Effects:
    """The effects of writing ``changes`` (new values by field) over ``before`` (all fields)."""
    look = _Look(work, contest, before, {**before, **changes})
    effects = [sentence for name in changes for sentence in _EFFECTS[name](look)]
    warnings = [sentence for name in changes for sentence in _WARNINGS.get(name, _nothing)(look)]
    if tells_channel(contest, changes):
        effects.append(f"I tell {_channels(look)}.")
    return Effects(tuple(effects), tuple(warnings))


def _channels(look: _Look) -> str:
    old, new = (f"<#{fields['channel_id']}>" for fields in (look.before, look.after))
    return old if old == new else f"{old} and {new}"


def tells_channel(contest: Contest, changes: Fields) -> tuple[str, ...]:
    """Those of the changed fields that the channel hears of."""
    if contest.phase in {Phase.DRAFT, Phase.FINISHED}:
        return ()
    told = [name for name in NEWS if name in changes]
    # The number of finalists says nothing where there is no final.
    return tuple(name for name in told if name != "finalists" or changes.get("rounds", contest.rounds) > 1)


def _nothing(_: _Look) -> Iterator[str]:
    yield from ()


def _name(look: _Look) -> Iterator[str]:
    yield f"From now on it is called {look.after['name']}. What I have written already keeps the old name."


def _slug(look: _Look) -> Iterator[str]:
    yield f"Names of compositions begin with #{look.after['slug']}-."


def _channel(look: _Look) -> Iterator[str]:
    yield f"The contest takes place in <#{look.after['channel_id']}> instead of <#{look.before['channel_id']}>."


def _channel_warnings(look: _Look) -> Iterator[str]:
    if look.contest.phase != Phase.DRAFT:
        yield f"Only people who are in <#{look.after['channel_id']}> take part from then on: please invite them all."


def _zone(look: _Look) -> Iterator[str]:
    where = "The board's schedule goes" if look.before["board_cron"] else "Its times are shown"
    yield f"{where} by the clocks of {look.after['time_zone']} instead of {look.before['time_zone']}."


_COMES_IN = frozenset({SubmissionState.RECEIVED, SubmissionState.CHECKING, SubmissionState.ACCEPTED})
"""What counts, or will once it has been checked."""


def _deadline(look: _Look) -> Iterator[str]:
    yield f"The deadline moves from {look.spoken(look.before)} to {look.spoken(look.after)}."
    own = len(look.work.contests.extensions(look.contest.id))
    if own:
        who = "1 person has" if own == 1 else f"{own} people have"
        yield f"{who} a deadline of their own, which stays."
    old, new = (datetime.fromisoformat(fields["deadline"]) for fields in (look.before, look.after))
    pieces = look.work.submissions.of_contest(look.contest.id)
    after_new = [piece for piece in pieces if piece.state in _COMES_IN and piece.uploaded_at > new]
    if new < old and after_new:
        still = "counts: it was" if len(after_new) == 1 else "count: they were"
        yield f"{counted(len(after_new), 'upload')} came after the new deadline and still {still} in time."


def _deadline_warnings(look: _Look) -> Iterator[str]:
    old, new = (datetime.fromisoformat(fields["deadline"]) for fields in (look.before, look.after))
    if look.contest.phase == Phase.OPEN and new < old:
        yield "The new deadline is earlier: people may have planned with the old one."
    pieces = look.work.submissions.of_contest(look.contest.id)
    waiting = [piece for piece in pieces if piece.state == SubmissionState.LATE and old < piece.uploaded_at <= new]
    if waiting:
        were = "1 upload came" if len(waiting) == 1 else f"{len(waiting)} uploads came"
        yield (
            f"{were} after the old deadline and would have been in time for the new one. They still wait for your "
            "decision: `/kantor late` lists them."
        )


def _limit(look: _Look) -> Iterator[str]:
    yield f"Everybody can send in up to {counted(look.after['submission_limit'], 'composition')} instead of {look.before['submission_limit']}."


def _limit_warnings(look: _Look) -> Iterator[str]:
    limit = look.after["submission_limit"]
    people = {piece.user_id for piece in look.work.submissions.of_contest(look.contest.id)}
    sent = [len(look.work.submissions.counting(look.contest.id, person)) for person in people]
    beyond = sum(number > limit for number in sent)
    if beyond:
        who = "1 person has" if beyond == 1 else f"{beyond} people have"
        yield f"{who} sent in more than {limit} already. It all still counts, but they can send in nothing new."


def _intake(look: _Look) -> Iterator[str]:
    yield f"I take compositions {_DOORS[Door(look.after['intake'])]}, no longer {_DOORS[Door(look.before['intake'])]}."


def _blind(look: _Look) -> Iterator[str]:
    yield (
        "Judges see a made-up name instead of who wrote a piece."
        if look.after["blind"]
        else "Judges see who wrote each piece."
    )


def _blind_warnings(look: _Look) -> Iterator[str]:
    if look.contest.phase in JUDGED:
        yield (
            "The judging runs: judges may remember the names that they have seen."
            if look.after["blind"]
            else "The judging runs: pieces rated so far were heard without names, and the rest would not be."
        )
    elif look.after["blind"] and look.after["intake"] != Door.DM:
        yield "Judges who read the channel see who uploads there. To be really blind take compositions in direct messages only."


def _grace(look: _Look) -> Iterator[str]:
    minutes = look.after["grace_seconds"] // 60
    yield (
        f"Uploads up to {counted(minutes, 'minute')} after the deadline still count. I do not announce that."
        if minutes
        else "Uploads count until the deadline, and not a second longer."
    )


def _rounds(look: _Look) -> Iterator[str]:
    if look.after["rounds"] == 1:
        yield "There is one round: the contest ends after the judging, without a final."
    else:
        yield f"After the judging the best {look.after['finalists']} go on to a final, with all that tie for the last of these places."


def _finalists(look: _Look) -> Iterator[str]:
    if look.after["rounds"] > 1 and look.before["rounds"] > 1:
        yield f"The best {look.after['finalists']} go on to the final instead of {look.before['finalists']}."
    elif look.after["rounds"] == 1:
        yield "The number of finalists is kept, but there is no final."


def _winners(look: _Look) -> Iterator[str]:
    yield f"{counted(look.after['winners'], 'winner')} instead of {look.before['winners']} at the end."


def _practice(look: _Look) -> Iterator[str]:
    yield (
        "Judges try the form on a practice piece before they hear the first composition."
        if look.after["practice"]
        else "Judges begin with the first composition, without a practice piece."
    )


def _mode(look: _Look) -> Iterator[str]:
    yield f"The leaderboard shows {_MODES[BoardMode(look.after['board_mode'])]}, instead of {_MODES[BoardMode(look.before['board_mode'])]}."


def _cron(look: _Look) -> Iterator[str]:
    cron = look.after["board_cron"]
    channel = f"<#{look.after['channel_id']}>"
    yield (
        f"While the judging runs I post the board in {channel} {spoken_schedule(cron)} ({look.after['time_zone']})."
        if cron
        else f"I no longer post the board in {channel} by myself; `/kantor board` shows it."
    )


def _criteria(look: _Look) -> Iterator[str]:
    yield change_told(*(Scheme.load(fields).told for fields in (look.before, look.after)))


def _titles(look: _Look) -> Iterator[str]:
    for score, (old, new) in enumerate(zip(look.before["titles"], look.after["titles"], strict=True), start=1):
        if old != new:
            yield f"{score} is called “{new}” instead of “{old}”."


def _meanings(look: _Look) -> Iterator[str]:
    old, new = (meanings_of({"meanings": fields["meanings"]}) for fields in (look.before, look.after))
    for score, (was, now) in enumerate(zip(old, new, strict=True), start=1):
        if was != now:
            yield f"{score} means: “{now}”"


def _criteria_warnings(look: _Look) -> Iterator[str]:
    before, after = (Scheme.load(fields).keys for fields in (look.before, look.after))
    if before != after and look.contest.phase in JUDGED:
        yield "A judge who has the form open at that moment cannot send it, and is asked to open it once more; what they chose stays."


def _titles_warnings(look: _Look) -> Iterator[str]:
    given = len(counting(look.work, look.contest))
    if given:
        yield f"{counted(given, 'rating')} {'was' if given == 1 else 'were'} given under the old titles."


def _prizes(look: _Look) -> Iterator[str]:
    lines = told(load(look.after["prizes"]))
    yield f"The prizes: {'; '.join(lines)}." if lines else "There are no prizes any more."


def _text(name: str) -> Callable[[_Look], Iterator[str]]:
    def told(look: _Look) -> Iterator[str]:
        words = len(look.after[name].split())
        what = f"The {_TEXTS[name]}"
        yield f"{what}: {counted(words, 'word')} of yours." if words else f"{what}: my own words again."

    return told


def _tenets_warnings(look: _Look) -> Iterator[str]:
    judges = len(look.work.contests.roles.holders(look.contest.id, Role.JUDGE))
    if judges and look.contest.phase in JUDGED:
        yield "The judging runs: I do not send the new words to judges by myself."


def _retention(look: _Look) -> Iterator[str]:
    days = look.after["retention_days"]
    yield (
        f"{counted(days, 'day')} after the end I delete what belongs to people: files, names, comments."
        if days
        else "I keep everything until somebody asks me to delete it."
    )


_EFFECTS: Mapping[str, Callable[[_Look], Iterator[str]]] = {
    "name": _name,
    "slug": _slug,
    "channel_id": _channel,
    "time_zone": _zone,
    "deadline": _deadline,
    "submission_limit": _limit,
    "intake": _intake,
    "blind": _blind,
    "grace_seconds": _grace,
    "rounds": _rounds,
    "finalists": _finalists,
    "winners": _winners,
    "practice": _practice,
    "board_mode": _mode,
    "board_cron": _cron,
    "criteria": _criteria,
    "titles": _titles,
    "meanings": _meanings,
    "prizes": _prizes,
    **{name: _text(name) for name in _TEXTS},
    "retention_days": _retention,
}
_WARNINGS: Mapping[str, Callable[[_Look], Iterator[str]]] = {
    "channel_id": _channel_warnings,
    "deadline": _deadline_warnings,
    "submission_limit": _limit_warnings,
    "blind": _blind_warnings,
    "criteria": _criteria_warnings,
    "titles": _titles_warnings,
    "tenets": _tenets_warnings,
}
