"""Messages about compositions."""

from __future__ import annotations

from bot.rules.numbers import percent
from bot.usecases.submissions.letters import Card, CopyAlarm, CopyDigest, Receipt, RefusalNote, SharedPassage
from handlers.views import blocks as b
from handlers.views.drawn import Drawn, draw, plainly, share_comment
from handlers.views.text import clock_length, count, cut, how_late, mention, name, sentence, whose
from handlers.views.words import at_most, bullets


@draw.register
def _receipt(message: Receipt) -> Drawn:
    grace = (
        f" It came {how_late(message.seconds_late)} after the deadline, which still counts."
        if message.seconds_late
        else ""
    )
    called = f"*{name(message.title or message.name)}*"
    rush = (
        f" Many came at once: {message.ahead} more wait for their check, and people take turns."
        if message.ahead
        else ""
    )
    if message.version > 1:
        until = f" Version {message.standing} counts until this one is accepted." if message.standing else ""
        return plainly(
            f"📬 Got it! I am checking it now, as version {message.version} of {called}.{until}{grace}{rush}"
        )
    which = f"You may hand in {message.limit}; this is number {message.number}."
    return plainly(f"📬 Got it! I am checking it now, as {called}. {which}{grace}{rush}")


@share_comment.register
def _share_card(message: Card) -> str:
    return _card(message)


@draw.register
def _draw_card(message: Card) -> Drawn:
    return plainly(_card(message))


def _card(message: Card) -> str:
    facts = f"{count(message.bars, 'bar')}  ·  {name(message.key)}  ·  {name(message.meter)}  ·  {clock_length(message.seconds)}"
    silent = "" if message.has_sound else "🔇 I cannot play sounds on this machine, so there is only the picture."
    notes = at_most([f"Note: {sentence(cut(warning, 300))}" for warning in message.warnings], 5)
    lines = [f"🎼 {whose(message)}", facts, _version(message), silent, *notes]
    return "\n".join(line for line in lines if line)


def _version(message: Card) -> str:
    if message.counting != message.version:
        return f"This is version {message.version}. Version {message.counting} came after it, and counts."
    return f"This is version {message.version}, and the one that counts now." if message.version > 1 else ""


@draw.register
def _refusal(message: RefusalNote) -> Drawn:
    return plainly(
        f"✋ {mention(message.user_id)}, I could not take *{name(message.filename)}*. {sentence(message.sentence)}"
    )


@draw.register
def _copy_alarm(message: CopyAlarm) -> Drawn:
    if not message.name:
        return plainly(
            f"🔎 *{name(message.contest_name)}*: a piece shares long passages with another one. You judge this contest blind, so I "
            "name it to the other organizers only; at the end `/kantor audit` has it."
        )
    text = (
        f"🔎 *{name(message.contest_name)}*: {whose(message)} shares long passages with another piece."
        " It was accepted like any other; please listen to both and decide what it means."
    )
    small = "Found by comparing notes, whatever the key, the speed, or a few changes. Common tunes and quotations look the same."
    passages = at_most([_passage(each) for each in message.passages], 8)
    return plainly(text, b.section(bullets(passages)), *_common_source(message), b.context(small))


@draw.register
def _copy_digest(message: CopyDigest) -> Drawn:
    more = message.number - len(message.pieces)
    pieces = "1 more piece shares" if message.number == 1 else f"{message.number} more pieces share"
    text = f"🔎 *{name(message.contest_name)}*: {pieces} long passages with others in this hour."
    if not message.pieces:
        return plainly(f"{text} You judge this contest blind, so I name them to the other organizers only.")
    lines = [f"{whose(each)}: {name(each.works, 150)}" for each in message.pieces]
    rest = [f"and {more} more: `/kantor audit` has all of them"] if more else []
    small = "They were accepted like any other. `/kantor find` finds a piece by its title."
    return plainly(text, b.section(bullets([*lines[:10]])), *_second(lines[10:], rest), b.context(small))


def _second(lines: list[str], rest: list[str]) -> list[b.Block]:
    return [b.section(bullets([*lines, *rest]))] if lines or rest else []


def _common_source(message: CopyAlarm) -> list[b.Block]:
    if not message.starters:
        return []
    tunes = " and ".join(f"“{name(title, 60)}”" for title in message.starters)
    starter = f"🎵 It is built on {tunes} from the starter kit (`/kantor starter`), which others may have taken, too: what they share may be no more than the tune."
    return [b.section(starter)]


def _passage(passage: SharedPassage) -> str:
    here, there = _bars(passage.bars_here), _bars(passage.bars_there)
    work = name(passage.work, 200) if passage.other is None else whose(passage.other)
    return f"{work}: {percent(passage.coverage)} of the notes, {here} here, {there} there"


def _bars(bars: tuple[int, int]) -> str:
    first, last = bars
    return f"bar {first}" if first == last else f"bars {first}-{last}"
