"""News of contests, and of trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.criteria import change_told
from bot.rules.phases import Intake, Phase
from bot.rules.standings import Scores
from bot.usecases.contests.letters import (
    ContestNews,
    Countdown,
    FinalNote,
    FinalTakenBack,
    OrganizerWelcome,
    PhaseNews,
    PhaseUndone,
)
from bot.usecases.messages import TroubleAlarm
from handlers.commands import Sub
from handlers.views import blocks as b
from handlers.views import text as words
from handlers.views.buttons import opening
from handlers.views.drawn import Drawn, draw, plainly
from handlers.views.text import channel, code, count, everyones_time, mention, name, sentence, whose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@draw.register
def _phase_news(message: PhaseNews) -> Drawn:
    text = _NEWS[message.phase].format(
        contest=name(message.contest_name),
        deadline=everyones_time(message.deadline, message.time_zone),
        limit=count(message.limit, "composition"),
        how=_HOW[message.intake],
        finalists=count(message.finalists or 0, "composition"),
        verb="goes" if message.finalists == 1 else "go",
        then=" Afterwards the best go on to a final." if message.rounds > 1 else "",
    )
    if message.fingerprint:
        text += (
            f"\nThe file of the results has this SHA-256: {code(message.fingerprint)}. I post the file at the end, so that everybody can see"
            " that nothing in it was changed after this moment."
        )
    if message.prizes:
        text += "\n" + "\n".join(f"🎁 {name(each, 200)}" for each in message.prizes)
    return plainly(text, *([b.actions([opening(Sub.HELP)])] if message.phase == Phase.OPEN else []))


_NEWS = {
    Phase.OPEN: (
        "🎼 *{contest}* is open! Drop a MIDI file of at most eight bars {how}. Up to {limit} each, until {deadline}."
    ),
    Phase.JUDGING: "🎧 *{contest}* is closed for compositions, and the judges are listening.{then} Thank you all!",
    Phase.FINAL: (
        "🎺 The final of *{contest}* begins! {finalists} {verb} on, and the judges hear them once more."
        " I have written to everybody who took part. Good luck!"
    ),
    Phase.CEREMONY: (
        "🔒 The judging of *{contest}* is over, and its results are final. They stay a secret until they are revealed here."
        " Thank you to all who composed and listened!"
    ),
    Phase.FINISHED: "🏁 *{contest}* is finished. Here is how it ended:",
}


_HOW = {
    Intake.BOTH: "here, or send it to me in a direct message",
    Intake.CHANNEL: "here",
    Intake.DM: "into a direct message to me, not here: the judges should not see who wrote what",
}


@draw.register
def _organizer_welcome(message: OrganizerWelcome) -> Drawn:
    return plainly(
        f"👋 {mention(message.added_by)} made you an organizer of *{name(message.contest_name)}* in {channel(message.channel_id)}."
        " My Home tab has its buttons, and `/kantor help` lists what you can do.",
        b.actions([opening(Sub.HELP)]),
    )


@draw.register
def _countdown(message: Countdown) -> Drawn:
    left = "One hour" if message.minutes == 60 else count(message.minutes, "minute")
    return plainly(
        f"⏳ {left} left in *{name(message.contest_name)}*: compositions count until"
        f" {everyones_time(message.deadline, message.time_zone)}. I take them {words.DOORS[message.intake]}."
    )


@draw.register
def _undone(message: PhaseUndone) -> Drawn:
    contest = f"*{name(message.contest_name)}*"
    deadline = everyones_time(message.deadline, message.time_zone)
    again = f"compositions count again until {deadline}" if message.in_time else "I say here how it goes on"
    said = {
        Phase.DRAFT: f"{contest} was opened too early, sorry. It is closed again, and I say here when it opens.",
        Phase.OPEN: f"The judging of {contest} began too early, sorry. What you sent in stays, and {again}.",
        Phase.JUDGING: (
            f"The final of {contest} began too early, sorry. The first round goes on, and nobody is a finalist yet."
            if message.undone == Phase.FINAL
            else f"{contest} is not finished yet, sorry. The judging goes on, and its results do not stand any more."
            if message.undone == Phase.CEREMONY
            else f"{contest} is not finished yet, sorry. The judging goes on."
        ),
        Phase.FINAL: f"{contest} is not finished yet, sorry. The final goes on.",
        Phase.CEREMONY: f"{contest} is not finished yet, sorry. The ceremony goes on.",
    }
    return plainly(f"↩️ {said[message.phase]}")


@draw.register
def _final_note(message: FinalNote) -> Drawn:
    contest, all_of = f"*{name(message.contest_name)}*", f"{message.finalists} of {message.of} compositions go on"
    through, out = (_titles(titles) for titles in (message.through, message.out))
    if not message.through:
        return plainly(
            f"🎼 {contest} goes on to its final, and {out} {_is(message.out)} not in it this time. {all_of}, and the judges"
            f" had to choose. Thank you for composing: your place stays on the board. Come and cheer in {channel(message.channel_id)}!"
        )
    beside = f" {out} {_is(message.out)} not in it this time, and {_keeps(message.out)} on the board." if out else ""
    return plainly(
        f"🎺 {through} {_is(message.through)} in the final of {contest}! {all_of}. The judges hear {_it(message.through)}"
        f" once more, and there is nothing for you to do. Good luck!{beside}"
    )


def _titles(titles: Sequence[str]) -> str:
    return ", ".join(f"*{each}*" for each in words.at_most([name(title) for title in titles], 10))


def _is(titles: Sequence[str]) -> str:
    return "is" if len(titles) == 1 else "are"


def _it(titles: Sequence[str]) -> str:
    return "it" if len(titles) == 1 else "them"


def _keeps(titles: Sequence[str]) -> str:
    return "keeps its place" if len(titles) == 1 else "keep their places"


@draw.register
def _final_taken_back(message: FinalTakenBack) -> Drawn:
    return plainly(
        f"↩️ The final of *{name(message.contest_name)}* began too early, sorry: the first round goes on. So what I wrote about"
        " finalists does not hold. I write again when the round is over."
    )


@draw.register
def _contest_news(message: ContestNews) -> Drawn:
    lines = words.bullets([_CHANGED[field](message) for field in message.changed])
    return plainly(f"📌 The organizers have changed something in *{name(message.contest_name)}*:\n{lines}")


def _moved(message: ContestNews) -> str:
    before, now = (everyones_time(at, message.time_zone) for at in (message.deadline_before, message.deadline))
    longer = "You have more time" if message.deadline > message.deadline_before else "There is less time"
    return f"*{longer}*: compositions count until {now}. Before it was {before}."


_CHANGED: dict[str, Callable[[ContestNews], str]] = {
    "channel_id": lambda message: (
        f"It goes on in {channel(message.channel_id)}. Please join that channel to take part."
    ),
    "deadline": _moved,
    "submission_limit": lambda message: f"Everybody can send in up to {count(message.limit, 'composition')}.",
    "intake": lambda message: f"I take compositions {words.DOORS[message.intake]}.",
    "blind": lambda message: (
        "Judges see made-up names instead of who wrote a piece."
        if message.blind
        else "Judges see who wrote each piece."
    ),
    "rounds": lambda message: (
        f"There are two rounds: after the first one the best {message.finalists} go on to a final."
        if message.rounds > 1
        else "There is one round of judging, and no final."
    ),
    "finalists": lambda message: (
        f"The best {message.finalists} go on to the final, with all that tie for the last of these places."
    ),
    "winners": lambda message: f"There {'is' if message.winners == 1 else 'are'} {count(message.winners, 'winner')}.",
    "criteria": lambda message: change_told(
        [name(each) for each in message.criteria_before], [name(each) for each in message.criteria]
    ),
    "scores": lambda message: (
        "Places go by fair scores: how strict or lenient each judge is, is taken out. The plain mean stands beside."
        if message.scores == Scores.FAIR
        else "Places go by the plain mean of the ratings."
    ),
    "prizes": lambda message: (
        "The prizes: " + "; ".join(name(each, 200) for each in message.prizes)
        if message.prizes
        else "There are no prizes."
    ),
    "rules": lambda _: "The rules have new words.",
}
"""How each field is told; the fields are those of ``bot.usecases.contests.settings`` that are news."""


@draw.register
def _trouble(message: TroubleAlarm) -> Drawn:
    reference = f" Reference for the log: {code(message.reference)}." if message.reference else ""
    which = "" if message.piece is None else f"{whose(message.piece)} "
    return plainly(f"⚠️ *{name(message.contest_name)}*: {which}{sentence(message.what.rstrip('.'))}.{reference}")
