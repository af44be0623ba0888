"""Messages about compositions, and about files that came late, to the wrong place, twice, or not by their author's own hand."""

from __future__ import annotations

from bot.rules.moments import spoken
from bot.rules.numbers import decimal, percent
from bot.rules.phases import Intake
from bot.usecases.submissions.letters import (
    BeenAway,
    Card,
    ChannelArchived,
    CopyAlarm,
    CopyDigest,
    CorrectionNote,
    ExtensionNote,
    FileGone,
    LateAlarm,
    LateDecision,
    LateReceipt,
    OpenContest,
    Receipt,
    RefusalNote,
    SameFileAlarm,
    SharedPassage,
    Twin,
    WrongPlace,
)
from handlers.commands import Sub
from handlers.ids import Command
from handlers.views import blocks as b
from handlers.views.buttons import accept_late_button, decline_late_button, opening
from handlers.views.drawn import Drawn, draw, plainly, share_comment
from handlers.views.text import (
    at_most,
    bullets,
    channel,
    clock_length,
    count,
    cut,
    how_late,
    mention,
    name,
    sentence,
    viewers_time,
    whose,
)


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


@draw.register
def _late_receipt(message: LateReceipt) -> Drawn:
    deadline = spoken(message.deadline, message.time_zone)
    meanwhile = f" Version {message.standing} counts meanwhile." if message.standing else ""
    return plainly(
        f"🕰️ {mention(message.user_id)}, *{name(message.title)}* reached Slack {how_late(message.seconds_late)} late:"
        f" *{name(message.contest_name)}* closed on {deadline}. I have kept it, and asked the organizers whether it still counts."
        f" You need do nothing; I tell you what they decide.{meanwhile}"
    )


@draw.register
def _late_alarm(message: LateAlarm) -> Drawn:
    version = f"version {message.version} of " if message.version > 1 else ""
    text = (
        f"🕰️ *{name(message.contest_name)}*: {mention(message.author)} sent {version}*{name(message.title or message.name)}*"
        f" {how_late(message.seconds_late)} late, at {viewers_time(message.uploaded_at)}. Shall it count?"
    )
    if message.decided_by is None:
        buttons = [accept_late_button(message.submission_id), decline_late_button(message.submission_id)]
        return plainly(text, b.actions(buttons), b.context(_LATE_HINT))
    done = "let it in" if message.accepted else "declined it"
    return plainly(f"{text}\n{mention(message.decided_by)} has {done}.")


_LATE_HINT = f"I tell the author either way. `{Command.KANTOR} {Sub.LATE}` lists what waits."


@draw.register
def _late_decision(message: LateDecision) -> Drawn:
    who, what = mention(message.user_id), f"*{name(message.title)}*"
    why = f" They say: “{name(message.reason, 300)}”" if message.reason else ""
    if message.accepted:
        return plainly(
            f"🎉 {who}, the organizers let {what} in although it was late. I am checking it now.{_lost(message)}{why}"
        )
    rest = f"Version {message.standing} goes on counting." if message.standing else "It takes up none of your places."
    return plainly(
        f"🕰️ {who}, the organizers of *{name(message.contest_name)}* could not let {what} in: it was late. {rest}{why}"
    )


@draw.register
def _wrong_place(message: WrongPlace) -> Drawn:
    file = f"*{name(message.filename)}*"
    if message.dm_only:
        contest = message.contests[0]
        text = (
            f"🤫 {file} in {channel(message.channel_id)} can be seen by the judges of *{name(contest.name)}*, who are not to know"
            " who wrote what. I have not taken it. Please delete it there, and send it to me right here, or with the button."
        )
    else:
        text = (
            f"🎼 I saw {file} in {channel(message.channel_id)}. If it is meant for a contest, it has not come in yet:"
            f" {_ways(message.contests)} If it is not, never mind."
        )
    offered = [one for one in message.contests if one.intake != Intake.CHANNEL]
    return plainly(text, *([b.actions([opening(Sub.SUBMIT, offered[0].channel_id, primary=True)])] if offered else []))


def _ways(contests: tuple[OpenContest, ...]) -> str:
    ways = at_most([f"*{name(contest.name)}* takes compositions {_way(contest)}." for contest in contests], 5)
    return ways[0] if len(ways) == 1 else f"\n{bullets(ways)}\n"


def _way(contest: OpenContest) -> str:
    there = channel(contest.channel_id)
    return {
        Intake.CHANNEL: f"in {there}",
        Intake.DM: "here in our direct messages",
        Intake.BOTH: f"in {there}, or here in our direct messages",
    }[contest.intake]


@draw.register
def _extension(message: ExtensionNote) -> Drawn:
    until = spoken(message.until, message.time_zone)
    return plainly(
        f"⏳ {mention(message.granted_by)} has given you more time in *{name(message.contest_name)}*: until {until}."
        f" Why: {name(message.reason, 300)}"
    )


@draw.register
def _file_gone(message: FileGone) -> Drawn:
    title, contest = name(message.title), name(message.contest_name)
    state = "waits for the organizers' decision as before" if message.late else "counts as before"
    return plainly(
        f"🗑️ You deleted the file of *{title}* in Slack. I keep a copy, so in *{contest}* it {state}."
        " If you want to take it out of the contest, withdraw it.",
        b.actions([opening(Sub.MINE)]),
    )


@draw.register
def _same_file_alarm(message: SameFileAlarm) -> Drawn:
    if not message.name:
        return plainly(
            f"🔎 *{name(message.contest_name)}*: a piece is, byte for byte, a file that somebody else handed in before. You judge "
            "this contest blind, so I name it to the other organizers only."
        )
    others = bullets(at_most([_twin(each) for each in message.others], 8))
    return plainly(
        f"🔎 *{name(message.contest_name)}*: {whose(message)} is, byte for byte, a file that somebody else handed in"
        " before. It was accepted like any other; please ask both and decide what it means.",
        b.section(others),
    )


def _twin(twin: Twin) -> str:
    return f"{whose(twin)}, version {twin.replaced}, since replaced" if twin.replaced else whose(twin)


@draw.register
def _correction(message: CorrectionNote) -> Drawn:
    until = (
        f"Version {message.standing} counts until it is accepted."
        if message.standing
        else "I tell you when it is accepted."
    )
    return plainly(
        f"🛠️ {mention(message.corrected_by)} has replaced the file of *{name(message.title)}* in *{name(message.contest_name)}*"
        f" for you, as version {message.version}. {until}{_lost(message)} Why: {name(cut(message.reason, 300), 300)}",
        b.actions([opening(Sub.MINE)]),
    )


def _lost(message: CorrectionNote | LateDecision) -> str:
    if not message.ratings:
        return ""
    given = count(message.ratings, "rating")
    return f" The {given} of version {message.standing} will not go over to the new file: judges hear that one anew."


@draw.register
def _been_away(message: BeenAway) -> Drawn:
    taken = count(message.taken, "composition") if message.taken else "no composition"
    counts = ""
    if message.taken:
        counts = " What I took in counts from the time when Slack had it, and its author has my answer."
    rest = " and my direct messages" if message.direct else ""
    text = (
        f"🔌 {_how_long(message)} I have read the channels of the contests{rest} since then, and took in {taken} that I had"
        f" missed.{counts}"
    )
    if message.direct:
        return plainly(text)
    return plainly(
        f"{text}\nI cannot look through my direct messages until I am allowed `im:read`: please ask whoever sent me a file there,"
        " and has heard nothing, to send it again."
    )


def _how_long(message: BeenAway) -> str:
    until = viewers_time(message.until)
    if message.since is None:
        return (
            f"Until {until} I could not hear what was sent to me. Since when I do not know, for this machine's clock was set back"
            " meanwhile, so I looked from the beginning of each contest."
        )
    length = how_late(max(0, int(decimal((message.until - message.since).total_seconds(), 0))))
    return f"For {length}, from {viewers_time(message.since)} to {until}, I could not hear what was sent to me."


@draw.register
def _channel_archived(message: ChannelArchived) -> Drawn:
    by = f" by {mention(message.archived_by)}" if message.archived_by else ""
    return plainly(
        f"⚠️ {channel(message.channel_id)}, the channel of *{name(message.contest_name)}*, was archived{by}. Nothing is lost, and direct"
        " messages go on; but nobody can upload there, and I cannot post there. Please unarchive it, or end the contest."
    )
