"""The messages that must arrive, drawn: one function a kind of ``bot.announcements``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING

from bot import announcements as say
from bot.rules.moments import spoken
from bot.rules.phases import Phase
from handlers.ids import Action
from handlers.views import blocks as b
from handlers.views import boards, guide
from handlers.views.text import channel, clock_length, count, cut, cut_markup, mention, name, sentence
from handlers.views.words import bullets

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Drawn:
    """A message in Slack's terms."""

    text: str
    """What notifications and screen readers get, and what a shared file's comment says."""
    blocks: tuple[b.Block, ...]


@singledispatch
def draw(message: object) -> Drawn:
    """The message as text and blocks. Raises TypeError for what is no message."""
    raise TypeError(f"no view for {type(message).__name__}")


def share_comment(message: say.Message) -> str | None:
    """The comment (mrkdwn) on the share of a message's files; None where its files go out without words."""
    return _card(message) if isinstance(message, say.Card) else None


def _drawn(text: str, *more: b.Block) -> Drawn:
    return Drawn(cut_markup(text, b.MESSAGE_TEXT), (b.section(text), *more))


@draw.register
def _receipt(message: say.Receipt) -> Drawn:
    which = f"You may hand in {message.limit}; this is number {message.number}."
    return _drawn(f"📬 Got it! I am checking it now, as *{name(message.name, 200)}*. {which}")


@draw.register
def _draw_card(message: say.Card) -> Drawn:
    return _drawn(_card(message))


def _card(message: say.Card) -> str:
    facts = f"{count(message.bars, 'bar')}  ·  {name(message.key)}  ·  {name(message.meter)}  ·  {clock_length(message.seconds)}"
    silent = "" if message.has_sound else "🔇 I cannot play sounds on this machine, so there is only the picture."
    notes = [f"Note: {sentence(cut(warning, 300))}" for warning in message.warnings[:5]]
    lines = [f"🎼 *{name(message.title)}*", name(message.name, 200), facts, silent, *notes]
    return "\n".join(line for line in lines if line)


@draw.register
def _verdict(message: say.VerdictNote) -> Drawn:
    title = name(message.title)
    text = f"🤖 The AI judge gives *{title}* a score of *{message.score:.1f}* out of 100."
    halves = (
        f"Sounds like Bach: {message.probability:.0%}  ·  pitches spread like Bach's: {message.pitch_similarity:.0%}"
        f"  ·  heard as {name(message.key)}"
    )
    reasons = [
        *_reasons("What spoke for it", message.reasons_up),
        *_reasons("What spoke against it", message.reasons_down),
    ]
    small = f"{name(message.name, 200)} · {name(message.model_version)} · For your eyes only until the contest is finished, and never mixed into people's ratings."
    return _drawn(text, b.section(halves), *reasons, b.context(small))


def _reasons(label: str, reasons: Sequence[str]) -> list[b.Block]:
    return [b.section(f"*{label}*\n{bullets([sentence(cut(each, 250)) for each in reasons[:8]])}")] if reasons else []


@draw.register
def _refusal(message: say.RefusalNote) -> Drawn:
    return _drawn(
        f"✋ {mention(message.user_id)}, I could not take *{name(message.filename)}*. {sentence(message.sentence)}"
    )


@draw.register
def _invitation(message: say.RatingInvitation) -> Drawn:
    alias = name(message.alias)
    progress = f"{message.done} of {message.total} rated"
    ears = "Listen to it above" if message.has_sound else "This machine cannot play it, so read its picture above"
    text = f"🎧 *{alias}* is your next piece in *{name(message.contest_name)}* ({progress}). {ears}, then rate it."
    return _drawn(text, b.actions([rate_button(message.submission_id, f"Rate {message.alias}")]))


def rate_button(submission_id: str, text: str) -> b.Block:
    """The button that opens the rating modal of a composition."""
    return b.button(text, Action.RATE, submission_id, primary=True)


@draw.register
def _ratings_done(message: say.RatingsDone) -> Drawn:
    pieces = f"{message.total} of {message.total}"
    return _drawn(
        f"🎉 That was the last one: you have rated {pieces} in *{name(message.contest_name)}*. Thank you for listening!"
        " You can change a rating with its button above until the judging closes."
    )


@draw.register
def _judge_welcome(message: say.JudgeWelcome) -> Drawn:
    soon = (
        "Your first piece follows in a moment."
        if message.judging
        else "When the judging begins I send you the pieces here, one by one. Nothing to do until then."
    )
    return _drawn(
        f"👋 {mention(message.added_by)} made you a judge of *{name(message.contest_name)}* in {channel(message.channel_id)}."
        f" You will not see who wrote what, and never get a piece of your own. {soon}"
    )


@draw.register
def _board(message: say.BoardPost) -> Drawn:
    return Drawn(cut_markup(boards.fallback(message), b.MESSAGE_TEXT), tuple(boards.board(message)))


@draw.register
def _phase_news(message: say.PhaseNews) -> Drawn:
    text = _NEWS[Phase(message.phase)].format(
        contest=name(message.contest_name),
        deadline=spoken(message.deadline, message.time_zone),
        limit=count(message.limit, "composition"),
    )
    return _drawn(text, *([b.actions([guide.help_button()])] if message.phase == Phase.OPEN else []))


_NEWS = {
    Phase.OPEN: (
        "🎼 *{contest}* is open! Drop a MIDI file of at most eight bars here, or send it to me in a direct message."
        " Up to {limit} each, until {deadline}."
    ),
    Phase.JUDGING: "🎧 *{contest}* is closed for compositions, and the judges are listening. Thank you all!",
    Phase.FINISHED: "🏁 *{contest}* is finished. Here is how it ended:",
}


@draw.register
def _account_reply(message: say.AccountReply) -> Drawn:
    text = (
        f"🔑 You can have an account for *{name(message.contest_name)}*."
        " I only show its password in a window, never in a message: messages stay in the history."
    )
    return _drawn(text, b.actions([account_button(message.channel_id)]))


def account_button(channel_id: str, *, primary: bool = True) -> b.Block:
    """The button that opens the account modal of the contest of that channel."""
    return b.button("Get my account", Action.OPEN_ACCOUNT, channel_id, primary=primary)


@draw.register
def _help_reply(message: say.HelpReply) -> Drawn:
    lead = sentence(message.sentence) if message.sentence else "Hello! Here is what I can do for you."
    return Drawn(cut_markup(lead, b.MESSAGE_TEXT), (b.section(lead), *guide.help_blocks(message.roles)))


@draw.register
def _pool_alarm(message: say.PoolAlarm) -> Drawn:
    left = f"{count(message.left, 'account')} left" if message.left else "no account left"
    return _drawn(
        f"⚠️ *{name(message.contest_name)}* has {left}; {mention(message.asked_by)} asked for one."
        f" Add more on the machine where I run: `kantor accounts import FILE --contest {name(message.slug)}`."
    )


@draw.register
def _copy_alarm(message: say.CopyAlarm) -> Drawn:
    text = (
        f"🔎 *{name(message.contest_name)}*: *{name(message.name, 200)}* shares long passages with another piece."
        " It was accepted like any other; please listen to both and decide what it means."
    )
    small = "Found by comparing notes, whatever the key, the speed, or a few changes. Common tunes and quotations look the same."
    passages = [_passage(each) for each in message.passages[:8]]
    return _drawn(text, b.section(bullets(passages)), b.context(small))


def _passage(passage: say.SharedPassage) -> str:
    here, there = _bars(passage.bars_here), _bars(passage.bars_there)
    return f"{name(passage.work, 200)}: {passage.coverage:.0%} of the notes, {here} here, {there} there"


def _bars(bars: tuple[int, int]) -> str:
    first, last = bars
    return f"bar {first}" if first == last else f"bars {first}-{last}"


@draw.register
def _trouble(message: say.TroubleAlarm) -> Drawn:
    reference = f" Reference for the log: `{name(message.reference)}`." if message.reference else ""
    return _drawn(f"⚠️ *{name(message.contest_name)}*: {sentence(message.what.rstrip('.'))}.{reference}")
