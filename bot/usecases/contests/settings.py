"""The settings of a contest, one record each: where it is kept, in which modal and until when it can be changed, and what a change brings.

A setting that is added here can be previewed, checked, written, told and undone; ``handlers.contests.inputs`` asks for it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from bot.errors import Problems, Refusal, refuse
from bot.rules.criteria import Criterion, Scheme, change_told
from bot.rules.moments import spoken, wall_clock
from bot.rules.numbers import counted
from bot.rules.phases import JUDGED, Intake, Phase
from bot.rules.prizes import beyond, dump, load, told
from bot.rules.roles import Role
from bot.rules.schedule import spoken_schedule
from bot.rules.standings import BoardMode, Scores
from bot.rules.tenets import MEANINGS, meanings_of
from bot.rules.words import one_line, quoted
from bot.usecases.contests.written import (
    MAX_LIMIT,
    moment,
    named,
    promised,
    require_free_channel,
    require_free_slug,
    require_number,
    scheduled,
    slugged,
    zoned,
)
from bot.usecases.judging import charters
from bot.usecases.judging.counting import counting
from bot.usecases.judging.invitations import NO_PRACTICE
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from models.contests import Contest
    from models.store import Work

MAX_FINALISTS = 200
MAX_WINNERS = 20
MAX_GRACE = 120
"""Minutes."""
MAX_LISTENS = 50
MAX_FURTHER = 50_000
MAX_MINUTES = 6000
MAX_CRITERIA = 6
MAX_TITLE = 40
MAX_QUESTION = 200
MAX_MEANING = 150
MAX_WEIGHT = 100
MAX_DAYS = 3650
MAX_TEXT = 2500
"""Characters of a text: it has to fit into one message."""
RESERVED = frozenset({"comment", "private_note"})
"""Criteria's keys that would be taken for something else in the rating modal."""

Fields: TypeAlias = Mapping[str, Any]
"""By name of a setting: plain JSON values, or what was written in a modal."""


class Part(StrEnum):
    """The modals of ``/kantor contest edit``."""

    BASICS = "basics"
    TAKING_PART = "taking_part"
    JUDGING = "judging"
    BOARD = "board"
    CRITERIA = "criteria"
    TITLES = "titles"
    PRIZES = "prizes"
    TEXTS = "texts"


class Kept(Enum):
    """Where a setting is kept in the row of its contest."""

    COLUMN = auto()
    SCHEME = auto()
    """Part of how judges rate (``Contest.scheme``)."""
    TEXT = auto()
    """Part of ``Contest.texts``: absent where it is empty."""


@dataclass(frozen=True)
class Draft:
    """A modal's answers, while they are checked one after the other."""

    before: Fields
    now: datetime
    fields: dict[str, Any]
    """All of them, with what was written so far; None where that is wrong."""


Check: TypeAlias = "Callable[[Any, Draft], Any]"
"""What was written becomes a plain value, or a Refusal at its input."""


@dataclass(frozen=True)
class Look:
    """A contest, as it is and as it would be."""

    work: Work
    contest: Contest
    before: Fields
    after: Fields
    """All fields, with their new values."""

    def spoken(self, fields: Fields) -> str:
        """The deadline that these fields say."""
        return spoken(datetime.fromisoformat(fields["deadline"]), fields["time_zone"])


def _nothing(_: Look) -> Iterator[str]:
    yield from ()


def _anything(_: Work, __: Contest, ___: Any) -> None:
    """Nothing but the phase stands in the way."""


_UNTIL_JUDGED = frozenset({Phase.DRAFT, Phase.OPEN})
_UNTIL_FINAL = _UNTIL_JUDGED | {Phase.JUDGING}
_UNTIL_FINISHED = _UNTIL_FINAL | {Phase.FINAL}
_ALWAYS = frozenset(Phase)


@dataclass(frozen=True)
class Setting:
    """One thing that organizers can change in a contest."""

    name: str
    """Of its field, in plain JSON values, in the audit trail, and at refusals."""
    part: Part
    """The modal that asks for it."""
    words: str
    """As in: Ben has changed *the deadline*."""
    check: Check
    effect: Callable[[Look], Iterator[str]]
    """What a change brings, in sentences."""
    minding: Callable[[Look], Iterator[str]] = _nothing
    """What to mind before it is confirmed."""
    phases: frozenset[Phase] = _UNTIL_FINISHED
    """In which it can be changed; elsewhere its modal does not ask for it."""
    news: bool = False
    """Whether people in the channel hear of a change, once the contest is open: ``handlers.contests.letters`` says how."""
    kept: Kept = Kept.COLUMN
    empty: Any = ""
    """What it is where ``Contest.texts``, or ``Contest.scheme``, has nothing of it."""
    require: Callable[[Work, Contest, Any], None] = _anything
    """Raises Refusal where the contest as it is does not allow the new value."""


_DOORS = {
    Intake.CHANNEL: "in the channel only",
    Intake.DM: "in direct messages only",
    Intake.BOTH: "in the channel and in direct messages",
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


def _name(look: Look) -> Iterator[str]:
    yield f"From now on it is called {quoted(look.after['name'])}. What I have written already keeps the old name."


def _slug(look: Look) -> Iterator[str]:
    yield f"Names of compositions begin with #{look.after['slug']}-."


def _channel(look: Look) -> Iterator[str]:
    yield f"The contest takes place in <#{look.after['channel_id']}> instead of <#{look.before['channel_id']}>."


def _channel_warnings(look: Look) -> Iterator[str]:
    if look.contest.phase != Phase.DRAFT:
        yield f"Only people who are in <#{look.after['channel_id']}> take part from then on: please invite them all."


def _zone(look: Look) -> Iterator[str]:
    where = "The board's schedule goes" if look.before["board_cron"] else "Its times are shown"
    yield f"{where} by the clocks of {look.after['time_zone']} instead of {look.before['time_zone']}."


_COMES_IN = frozenset({SubmissionState.RECEIVED, SubmissionState.CHECKING, SubmissionState.ACCEPTED})
"""What counts, or will once it has been checked."""


def _deadline(look: Look) -> Iterator[str]:
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


def _deadline_warnings(look: Look) -> Iterator[str]:
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


def _limit(look: Look) -> Iterator[str]:
    yield f"Everybody can send in up to {counted(look.after['submission_limit'], 'composition')} instead of {look.before['submission_limit']}."


def _limit_warnings(look: Look) -> Iterator[str]:
    limit = look.after["submission_limit"]
    people = {piece.user_id for piece in look.work.submissions.of_contest(look.contest.id)}
    sent = [len(look.work.submissions.counting(look.contest.id, person)) for person in people]
    beyond = sum(number > limit for number in sent)
    if beyond:
        who = "1 person has" if beyond == 1 else f"{beyond} people have"
        yield f"{who} sent in more than {limit} already. It all still counts, but they can send in nothing new."


def _intake(look: Look) -> Iterator[str]:
    yield f"I take compositions {_DOORS[Intake(look.after['intake'])]}, no longer {_DOORS[Intake(look.before['intake'])]}."


def _blind(look: Look) -> Iterator[str]:
    yield (
        "Judges see a made-up name instead of who wrote a piece."
        if look.after["blind"]
        else "Judges see who wrote each piece."
    )


def _blind_warnings(look: Look) -> Iterator[str]:
    if look.contest.phase in JUDGED:
        yield (
            "The judging runs: judges may remember the names that they have seen."
            if look.after["blind"]
            else "The judging runs: pieces rated so far were heard without names, and the rest would not be."
        )
    elif look.after["blind"] and look.after["intake"] != Intake.DM:
        yield "Judges who read the channel see who uploads there. To be really blind take compositions in direct messages only."


def _grace(look: Look) -> Iterator[str]:
    minutes = look.after["grace_seconds"] // 60
    yield (
        f"Uploads up to {counted(minutes, 'minute')} after the deadline still count. I do not announce that."
        if minutes
        else "Uploads count until the deadline, and not a second longer."
    )


def _rounds(look: Look) -> Iterator[str]:
    if look.after["rounds"] == 1:
        yield "There is one round: the contest ends after the judging, without a final."
    else:
        yield f"After the judging the best {look.after['finalists']} go on to a final, with all that tie for the last of these places."


def _finalists(look: Look) -> Iterator[str]:
    if look.after["rounds"] > 1 and look.before["rounds"] > 1:
        yield f"The best {look.after['finalists']} go on to the final instead of {look.before['finalists']}."
    elif look.after["rounds"] == 1:
        yield "The number of finalists is kept, but there is no final."


def _winners(look: Look) -> Iterator[str]:
    yield f"{counted(look.after['winners'], 'winner')} instead of {look.before['winners']} at the end."


def _listens(look: Look) -> Iterator[str]:
    each = look.after["listens"]
    yield (
        f"Each composition is heard by {counted(int(each), 'judge')} in the first round; I share them out evenly. In a final all judges hear all."
        if each
        else "All judges hear all compositions: the fairest there is, where they have the time."
    )


def _listens_warnings(look: Look) -> Iterator[str]:
    judges = len(look.work.contests.roles.holders(look.contest.id, Role.JUDGE))
    each = int(look.after["listens"] or 0)
    if each and judges and each >= judges:
        yield f"There are {counted(judges, 'judge')}, so all of them hear all."
    elif each == 1:
        yield "With one rating each nobody can tell a strict judge from a weak composition: 3 are a good number."


def _further(look: Look) -> Iterator[str]:
    further = look.after["further"]
    yield (
        f"Once most have their ratings, {counted(int(further), 'further listen')} of the first round go to compositions of which it is close whether they"
        " go on. Judges are not told which they are."
        if further
        else "Nothing is heard more often because it is close: each composition by as many judges."
    )


def _further_warnings(look: Look) -> Iterator[str]:
    if look.after["further"] and not look.after["listens"]:
        yield "All judges hear all, so nothing is left to hear further: say first how many judges hear each composition."


def _minutes(look: Look) -> Iterator[str]:
    minutes = look.after["minutes"]
    yield (
        f"No judge is given more than {counted(int(minutes), 'minute')} of listening and rating, where not all hear all."
        if minutes
        else "Judges have no limit of time."
    )


def _scores(look: Look) -> Iterator[str]:
    yield (
        "Places go by *fair scores*: how strict or lenient each judge is, is taken out, a final counts together with the first round, and the plain mean "
        "stands beside. Where fair scores are equal, the mean in the final decides, then who has more of the highest scores, then the first criterion."
        if look.after["scores"] == Scores.FAIR
        else "Places go by the *plain mean* of the ratings, and in a final by its ratings alone. Who was heard by strict judges stands behind for it, where not all "
        "judges hear all."
    )


def _scores_warnings(look: Look) -> Iterator[str]:
    given = len(counting(look.work, look.contest))
    if given:
        yield f"{counted(given, 'rating')} {'is' if given == 1 else 'are'} here already: whoever changes now what a place goes by may be taken to choose who wins."


def _practice(look: Look) -> Iterator[str]:
    yield (
        "Judges try the form on two practice pieces before they hear the first composition."
        if look.after["practice"]
        else "Judges begin with the first composition, without practice."
    )


def _mode(look: Look) -> Iterator[str]:
    yield f"The leaderboard shows {_MODES[BoardMode(look.after['board_mode'])]}, instead of {_MODES[BoardMode(look.before['board_mode'])]}."


def _cron(look: Look) -> Iterator[str]:
    cron = look.after["board_cron"]
    channel = f"<#{look.after['channel_id']}>"
    yield (
        f"While the judging runs I post the board in {channel} {spoken_schedule(cron)} ({look.after['time_zone']})."
        if cron
        else f"I no longer post the board in {channel} by myself; `/kantor board` shows it."
    )


def _criteria(look: Look) -> Iterator[str]:
    before, after = ([quoted(each) for each in Scheme.load(fields).told] for fields in (look.before, look.after))
    yield change_told(before, after)


def _halves(look: Look) -> Iterator[str]:
    yield (
        "Judges may give halves, too: 1, 1.5, 2 and so on to 5."
        if look.after["halves"]
        else "Judges give whole scores: 1, 2, 3, 4 or 5."
    )


def _titles(look: Look) -> Iterator[str]:
    for score, (old, new) in enumerate(zip(look.before["titles"], look.after["titles"], strict=True), start=1):
        if old != new:
            yield f"{score} is called “{quoted(new)}” instead of “{quoted(old)}”."


def _meanings(look: Look) -> Iterator[str]:
    old, new = (meanings_of({"meanings": fields["meanings"]}) for fields in (look.before, look.after))
    for score, (was, now) in enumerate(zip(old, new, strict=True), start=1):
        if was != now:
            yield f"{score} means: “{quoted(now)}”"


def _criteria_warnings(look: Look) -> Iterator[str]:
    before, after = (Scheme.load(fields).keys for fields in (look.before, look.after))
    if before != after and look.contest.phase in JUDGED:
        yield "A judge who has the form open at that moment cannot send it, and is asked to open it once more; what they chose stays."


def _titles_warnings(look: Look) -> Iterator[str]:
    given = len(counting(look.work, look.contest))
    if given:
        yield f"{counted(given, 'rating')} {'was' if given == 1 else 'were'} given under the old titles."


def _prizes(look: Look) -> Iterator[str]:
    lines = [quoted(line) for line in told(load(look.after["prizes"]))]
    yield f"The prizes: {'; '.join(lines)}." if lines else "There are no prizes any more."


def _prizes_warnings(look: Look) -> Iterator[str]:
    warning = beyond(load(look.after["prizes"]), look.after["winners"])
    if warning:
        yield warning


def _text(name: str) -> Callable[[Look], Iterator[str]]:
    def told(look: Look) -> Iterator[str]:
        words = len(look.after[name].split())
        what = f"The {_TEXTS[name]}"
        yield f"{what}: {counted(words, 'word')} of yours." if words else f"{what}: my own words again."

    return told


def _tenets_warnings(look: Look) -> Iterator[str]:
    judges = len(look.work.contests.roles.holders(look.contest.id, Role.JUDGE))
    if judges and look.contest.phase in JUDGED:
        yield "The judging runs: I do not send the new words to judges by myself."


def _retention(look: Look) -> Iterator[str]:
    days = look.after["retention_days"]
    yield (
        f"{counted(days, 'day')} after the end I delete what belongs to people: files, names, comments, and the passwords of accounts."
        if days
        else "I keep everything until somebody asks me to delete it."
    )


def _alone(check: Callable[[Any], Any]) -> Check:
    """Nothing else that was written matters."""
    return lambda written, _: check(written)


_as_it_is = _alone(lambda written: written)


def _slug_written(written: str, draft: Draft) -> str:
    name = draft.fields["name"]
    # Without a name none can be made from it yet.
    return slugged(written, name) if name or written.strip() else ""


def _deadline_written(wall: datetime, draft: Draft) -> str | None:
    """Naive, in the time zone; one that has passed may stay as it is."""
    before, time_zone = draft.before, draft.fields["time_zone"]
    known = before["deadline"] and wall_clock(datetime.fromisoformat(before["deadline"]), before["time_zone"])
    if (wall, time_zone) == (known, before["time_zone"]):
        return str(before["deadline"])
    return moment(wall, time_zone, draft.now).isoformat() if time_zone else None


def _number(field: str, smallest: int, largest: int, unit: int = 1) -> Check:
    def check(written: int) -> int:
        require_number(written, smallest, largest, field)
        return written * unit

    return _alone(check)


class WrittenCriterion(NamedTuple):
    """One criterion as it was written down; one without a title is left out."""

    title: str
    question: str
    weight: str
    """A number above 0, such as ``1`` or ``1.5``."""


def _criteria_written(written: Iterable[WrittenCriterion], draft: Draft) -> list[dict[str, Any]]:
    """In order: the first ones are those that there were, perhaps with other words."""
    known = [Criterion(**each).key for each in draft.before["criteria"]]
    made: dict[int, Criterion] = {}
    problems = Problems()
    for place, each in enumerate(written):
        if one_line(each.title):
            taken = {other.key for other in made.values()} | RESERVED | set(known[place + 1 :])
            key = known[place] if place < len(known) else _key(each.title, taken)
            made[place] = _criterion(key, each, place, problems)
    if not made:
        raise Refusal("Judges need one criterion at least, such as Originality.", field="title_0")
    titles: dict[str, int] = {}
    for place, criterion in made.items():
        if titles.setdefault(criterion.title.casefold(), place) != place:
            twice = "Two criteria have the same title. Please give each its own."
            problems.of(None, refuse, [Refusal(twice, field=f"title_{place}")])
    problems.settle()
    return [asdict(each) for each in made.values()]


def _require_length(text: str, shortest: int, longest: int, sentence: str, field: str) -> None:
    if not shortest <= len(text) <= longest:
        raise Refusal(sentence, field=field)


def _criterion(key: str, written: WrittenCriterion, place: int, problems: Problems) -> Criterion:
    title, question = one_line(written.title), one_line(written.question)
    too_long = f"Please keep the title to {MAX_TITLE} characters."
    problems.of(None, _require_length, title, 1, MAX_TITLE, too_long, f"title_{place}")
    ask = f"Please ask the judges in 1 to {MAX_QUESTION} characters, such as: Does it surprise you?"
    problems.of(None, _require_length, question, 1, MAX_QUESTION, ask, f"question_{place}")
    return Criterion(key, title, question, problems.of(1.0, _weight, written.weight, place))


def _weight(text: str, place: int) -> float:
    try:
        weight = float(text.strip().replace(",", ".") or "1")
    except ValueError:
        weight = 0.0
    # "nan" and "inf" are numbers to float().
    if not 0 < weight <= MAX_WEIGHT:
        raise Refusal(
            f"Please write a weight above 0 and up to {MAX_WEIGHT}, such as 1 or 1.5.", field=f"weight_{place}"
        )
    return weight


def _key(title: str, taken: Iterable[str]) -> str:
    """A key that no other criterion has, made of the title's letters."""
    plain = re.sub(r"[^a-z]+", "_", title.casefold()).strip("_")[:30] or "criterion"
    names = [plain, *(f"{plain}_{letter}" for letter in "abcdefghijklmnop")]
    return next(name for name in names if name not in set(taken))


def _titles_written(written: Iterable[str]) -> list[str]:
    """Of the scores 1 to 5."""
    titles = [one_line(title) for title in written]
    problems = Problems()
    such = f"Please write 1 to {MAX_TITLE} characters, such as Groovin'."
    for score, title in enumerate(titles, start=1):
        problems.of(None, _require_length, title, 1, MAX_TITLE, such, f"score_{score}")
    problems.settle()
    return titles


def _meanings_written(written: Iterable[str]) -> str:
    """A line each, of which empty ones are ours; empty where all of them are."""
    lines = [one_line(text) or ours for text, ours in zip(written, MEANINGS, strict=True)]
    problems = Problems()
    keep = f"Please keep this to {MAX_MEANING} characters."
    for score, line in enumerate(lines, start=1):
        problems.of(None, _require_length, line, 0, MAX_MEANING, keep, f"meaning_{score}")
    problems.settle()
    return "" if lines == list(MEANINGS) else "\n".join(lines)


def _text_written(name: str) -> Check:
    def check(written: str) -> str:
        text = written.strip()
        _require_length(text, 0, MAX_TEXT, f"Please keep this to {MAX_TEXT} characters; it has {len(text)}.", name)
        return text

    return _alone(check)


def _optional_number(field: str, smallest: int, largest: int, example: str) -> Check:
    """A whole number, as it is kept among the texts; empty for none, which is also what 0 says."""

    def check(written: str) -> str:
        text = written.strip()
        if text and not (text.isdecimal() and smallest <= int(text) <= largest):
            raise Refusal(
                f"Please write a whole number from {smallest} to {largest}, such as {example}, or leave it empty.",
                field=field,
            )
        return str(int(text)) if text and int(text) else ""

    return _alone(check)


def _days_written(written: str) -> int | None:
    if not written.strip():
        return None
    if not written.strip().isdecimal() or not 1 <= int(written) <= MAX_DAYS:
        raise Refusal(
            f"Please write a number of days from 1 to {MAX_DAYS}, such as 90, or leave it empty to keep everything.",
            field="retention_days",
        )
    return int(written)


def _free_slug(work: Work, contest: Contest, slug: str) -> None:
    require_free_slug(work, slug)
    if work.submissions.has_any(contest.id):
        raise Refusal(f"Compositions are here that carry {contest.slug} in their names, so it stays.", field="slug")


def _free_channel(work: Work, _: Contest, channel_id: str) -> None:
    require_free_channel(work, channel_id)


def _unrated(work: Work, contest: Contest, _: Any) -> None:
    given = len(work.ratings.of_contest(contest.id))
    if given:
        were = "1 rating was" if given == 1 else f"{given} ratings were"
        raise Refusal(
            f"{were} given by these criteria already, so they stay as they are: new ones would make scores that "
            "nobody gave. The titles of the scores can still be changed."
        )


def _same_steps(work: Work, contest: Contest, _: Any) -> None:
    given = len(work.ratings.of_contest(contest.id))
    if given:
        raise Refusal(
            f"{counted(given, 'rating')} {'was' if given == 1 else 'were'} given on this scale already, so its steps stay as they are: all "
            "compositions are rated alike.",
            field="halves",
        )


def _own_words(name: str, words: str, **more: Any) -> Setting:
    return Setting(name, Part.TEXTS, words, _text_written(name), _text(name), phases=_ALWAYS, kept=Kept.TEXT, **more)


SETTINGS = (
    Setting("name", Part.BASICS, "the name", _alone(named), _name, phases=_ALWAYS),
    Setting("slug", Part.BASICS, "the short name", _slug_written, _slug, phases=_UNTIL_JUDGED, require=_free_slug),
    # A channel may be archived in the middle of a contest.
    Setting(
        "channel_id",
        Part.BASICS,
        "the channel",
        _as_it_is,
        _channel,
        _channel_warnings,
        news=True,
        require=_free_channel,
    ),
    Setting("time_zone", Part.BASICS, "the time zone", _alone(zoned), _zone),
    Setting(
        "deadline",
        Part.BASICS,
        "the deadline",
        _deadline_written,
        _deadline,
        _deadline_warnings,
        _UNTIL_JUDGED,
        news=True,
    ),
    Setting(
        "submission_limit",
        Part.TAKING_PART,
        "the number of compositions",
        _number("submission_limit", 1, MAX_LIMIT),
        _limit,
        _limit_warnings,
        _UNTIL_JUDGED,
        news=True,
    ),
    Setting(
        "intake",
        Part.TAKING_PART,
        "where compositions are taken",
        _alone(Intake),
        _intake,
        phases=_UNTIL_JUDGED,
        news=True,
    ),
    # Written in minutes.
    Setting(
        "grace_seconds",
        Part.TAKING_PART,
        "the grace",
        _number("grace_seconds", 0, MAX_GRACE, 60),
        _grace,
        phases=_UNTIL_JUDGED,
    ),
    Setting("rounds", Part.JUDGING, "the rounds", _number("rounds", 1, 2), _rounds, phases=_UNTIL_FINAL, news=True),
    Setting(
        "finalists",
        Part.JUDGING,
        "the number of finalists",
        _number("finalists", 1, MAX_FINALISTS),
        _finalists,
        phases=_UNTIL_FINAL,
        news=True,
    ),
    Setting(
        "winners",
        Part.JUDGING,
        "the number of winners",
        _number("winners", 1, MAX_WINNERS),
        _winners,
        _prizes_warnings,
        news=True,
    ),
    Setting("blind", Part.JUDGING, "whether judges see names", _as_it_is, _blind, _blind_warnings, news=True),
    Setting(
        "listens",
        Part.JUDGING,
        "how many judges hear each composition",
        _optional_number("listens", 1, MAX_LISTENS, "3"),
        _listens,
        _listens_warnings,
        _UNTIL_FINAL,
        kept=Kept.TEXT,
    ),
    Setting(
        "further",
        Part.JUDGING,
        "the further listens",
        _optional_number("further", 0, MAX_FURTHER, "60"),
        _further,
        _further_warnings,
        _UNTIL_FINAL,
        kept=Kept.TEXT,
    ),
    Setting(
        "minutes",
        Part.JUDGING,
        "the time of a judge",
        _optional_number("minutes", 5, MAX_MINUTES, "90"),
        _minutes,
        phases=_UNTIL_FINAL,
        kept=Kept.TEXT,
    ),
    Setting(
        "scores",
        Part.JUDGING,
        "what places go by",
        _alone(Scores),
        _scores,
        _scores_warnings,
        _UNTIL_FINAL,
        news=True,
        kept=Kept.TEXT,
        empty=Scores.MEAN,
    ),
    Setting("practice", Part.JUDGING, "the practice pieces", _as_it_is, _practice, kept=Kept.TEXT),
    Setting("board_mode", Part.BOARD, "what the board shows", _alone(BoardMode), _mode),
    Setting("board_cron", Part.BOARD, "the board's schedule", _alone(scheduled), _cron),
    Setting(
        "criteria",
        Part.CRITERIA,
        "the criteria",
        _criteria_written,
        _criteria,
        _criteria_warnings,
        news=True,
        kept=Kept.SCHEME,
        require=_unrated,
    ),
    Setting(
        "halves",
        Part.CRITERIA,
        "the steps of the scale",
        _as_it_is,
        _halves,
        kept=Kept.SCHEME,
        empty=False,
        require=_same_steps,
    ),
    Setting(
        "titles",
        Part.TITLES,
        "the titles of the scores",
        _alone(_titles_written),
        _titles,
        _titles_warnings,
        kept=Kept.SCHEME,
    ),
    Setting("meanings", Part.TITLES, "what the scores mean", _alone(_meanings_written), _meanings, kept=Kept.TEXT),
    Setting(
        "prizes",
        Part.PRIZES,
        "the prizes",
        _alone(lambda text: dump(promised(text))),
        _prizes,
        _prizes_warnings,
        news=True,
        kept=Kept.TEXT,
        empty=[],
    ),
    _own_words("rules", "the rules", news=True),
    _own_words("tenets", "the word to the judges", minding=_tenets_warnings),
    _own_words("terms", "the terms of the accounts"),
    Setting(
        "retention_days", Part.TEXTS, "how long things are kept", _alone(_days_written), _retention, phases=_ALWAYS
    ),
)
"""All of them, in the order in which they are asked for and told."""

BY_NAME = {each.name: each for each in SETTINGS}


def checked(written: Fields, before: Fields, now: datetime) -> dict[str, Any]:
    """What was written, in plain values and in order. Raises Refusal with all inputs that are wrong, and examples."""
    draft, problems = Draft(before, now, dict(before)), Problems()
    asked = [each for each in SETTINGS if each.name in written]
    for each in asked:
        draft.fields[each.name] = problems.of(None, each.check, written[each.name], draft)
    problems.settle()
    return {each.name: draft.fields[each.name] for each in asked}


def effects_of(work: Work, contest: Contest, before: Fields, changes: Fields) -> Effects:
    """The effects of writing ``changes`` (new values by field) over ``before`` (all fields)."""
    look = Look(work, contest, before, {**before, **changes})
    changed = [BY_NAME[name] for name in changes]
    effects = [sentence for each in changed for sentence in each.effect(look)]
    warnings = [sentence for each in changed for sentence in each.minding(look)]
    if sets_rules(contest, changes):
        effects.append(
            f"Where that changes the rules of judging, they get another version, and I tell <#{contest.channel_id}>, with its hash."
        )
    if tells_channel(contest, changes):
        channels = dict.fromkeys(f"<#{fields['channel_id']}>" for fields in (before, look.after))
        effects.append(f"I tell {' and '.join(channels)}.")
    return Effects(tuple(effects), tuple(warnings))


def tells_channel(contest: Contest, changes: Fields) -> tuple[str, ...]:
    """Those of the changed fields that the channel hears of."""
    if contest.phase in {Phase.DRAFT, Phase.FINISHED}:
        return ()
    told = [each.name for each in SETTINGS if each.news and each.name in changes]
    if _has_charter(contest):
        told = [name for name in told if name not in charters.SETTINGS]  # their own news say more
    # The number of finalists says nothing where there is no final.
    return tuple(name for name in told if name != "finalists" or changes.get("rounds", contest.rounds) > 1)


def sets_rules(contest: Contest, changes: Fields) -> bool:
    """Whether the change may make another version of the rules of judging."""
    return _has_charter(contest) and not charters.SETTINGS.isdisjoint(changes)


def _has_charter(contest: Contest) -> bool:
    """Whether a change of the rules of judging is a version of its own: also where the judging had begun before there were any."""
    return contest.rules_version is not None or contest.phase in JUDGED


def require_allowed(work: Work, contest: Contest, changes: Fields) -> None:
    """Raises Refusal where one of these fields cannot be changed now; ``changes`` are their new values by name."""
    for name in changes:
        if contest.phase not in BY_NAME[name].phases:
            raise Refusal(
                f"*{quoted(contest.name)}* has moved on since you opened this, and that cannot be changed any more. "
                "`/kantor status` shows how it stands."
            )
    problems = Problems()
    for name, value in changes.items():
        problems.of(None, BY_NAME[name].require, work, contest, value)
    problems.settle()


def plain(contest: Contest) -> dict[str, Any]:
    """All fields as plain JSON values."""
    return {each.name: _read(contest, each) for each in SETTINGS}


def _read(contest: Contest, setting: Setting) -> Any:
    if setting.name == "practice":
        return contest.texts.get("practice") != NO_PRACTICE
    if setting.kept is Kept.TEXT:
        return contest.texts.get(setting.name, setting.empty)
    if setting.kept is Kept.SCHEME:
        return contest.scheme.get(setting.name, setting.empty)
    value = getattr(contest, setting.name)
    return value.isoformat() if isinstance(value, datetime) else value


def put(contest: Contest, name: str, value: Any) -> None:
    """Write one field."""
    kept = BY_NAME[name].kept
    if name == "practice":
        value = "" if value else NO_PRACTICE
    # New mappings: SQLAlchemy does not see changes inside the old ones.
    if kept is Kept.SCHEME:
        contest.scheme = {**contest.scheme, name: value}
    elif kept is Kept.TEXT:
        others = {key: each for key, each in contest.texts.items() if key != name}
        contest.texts = others | ({name: value} if value else {})
    else:
        setattr(contest, name, datetime.fromisoformat(value) if name == "deadline" else value)


def marks(fields: Fields, part: Part) -> dict[str, str]:
    """What a modal has shown, in a few characters a field: it comes back with the answer, and tells what changed meanwhile."""
    return {each.name: _mark(fields[each.name]) for each in SETTINGS if each.part is part}


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]
