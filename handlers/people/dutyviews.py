"""Requests to help: the window of whoever asks, the letter of whoever is asked and what becomes of it, and the list of who said what."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from bot.rules.duties import Duty, Reminder, Standing, effort
from bot.rules.moments import spoken
from bot.rules.numbers import decimal
from bot.usecases.people.recruiting import MAX_WORDS
from bot.usecases.people.volunteering import MAX_WHY
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback
from handlers.views import blocks as b
from handlers.views.buttons import opening
from handlers.views.text import (
    at_most,
    bullets,
    channel,
    count,
    everyones_time,
    mention,
    name,
    packed,
    typed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.usecases.people.letters import Asking, DutyAnswered, DutyAsked, DutyReminder, DutyWithdrawn
    from bot.usecases.people.recruiting import AskDone, AskForm, Request, RequestList, Withdrawn
    from bot.usecases.people.volunteering import Reply

TITLE = Sub.JUDGES_ASK.row.window
ROWS = 15
"""Requests with a button each."""
SHOWN = 60
"""Answers that are listed."""
_SIGNS = {Duty.JUDGE: "🎧", Duty.PRESENTER: "🎤", Duty.SPEAKER: "🏆"}
_CHOICES = {
    Duty.JUDGE: "To judge: listen and rate",
    Duty.PRESENTER: "To present: lead through the awards ceremony",
    Duty.SPEAKER: "To speak: a few words at the awards ceremony",
}
_YES = {Duty.JUDGE: "Yes, I will judge", Duty.PRESENTER: "Yes, I will present", Duty.SPEAKER: "Yes, I will speak"}
_VERBS = {Duty.JUDGE: "judge", Duty.PRESENTER: "present", Duty.SPEAKER: "speak"}


def _does(duty: Duty, contest_name: str) -> str:
    """As in: would you *judge Bach Jam*?"""
    contest = f"*{name(contest_name)}*"
    return {
        Duty.JUDGE: f"judge {contest}",
        Duty.PRESENTER: f"present the awards ceremony of {contest}",
        Duty.SPEAKER: f"speak at the awards ceremony of {contest}",
    }[duty]


def asking(form: AskForm) -> b.View:
    """Whom, for what, until when, and a word of one's own."""
    choices = [b.option(text, duty.value) for duty, text in _CHOICES.items() if form.judging or duty is not Duty.JUDGE]
    lead = (
        f"*{name(form.contest_name)}*: whom shall I ask for help? They read what it takes and when, and answer with a button."
        " I tell you what they say, and remind those who do not."
    )
    blocks = [
        b.section(lead),
        b.context(_there(form.judges, form.needed, form.pieces, form.handed_in)),
        b.input_block(Block.PEOPLE, "Whom", b.users_select(form.people)),
        b.input_block(Block.DUTY, "For what", b.radio(choices, choices[0])),
        b.input_block(
            Block.DAY_DATE,
            "Day",
            b.date_picker(),
            hint="By which judges should be through; or of the ceremony. Leave it empty where it is not set yet."
            f" Compositions come in until {spoken(form.deadline, form.time_zone)}.",
            optional=True,
        ),
        b.input_block(
            Block.DAY_TIME,
            "Time",
            b.time_picker("18:00"),
            hint=f"By the clocks of {form.time_zone}. I tell each person in their own.",
            optional=True,
        ),
        b.input_block(
            Block.WORDS,
            "A word of your own",
            b.text_input(multiline=True, max_length=MAX_WORDS, placeholder="We would be glad of your ears, since ..."),
            optional=True,
        ),
    ]
    return b.form(TITLE, blocks, b.Submit("Ask them", Callback.ASK_DUTY, {"contest_id": form.contest_id}))


def _there(judges: int, needed: int | None, pieces: int, handed_in: int) -> str:
    """How many judges there are, and how many it takes, for what."""
    there = f"{count(judges, 'judge')} so far" if judges else "No judges yet"
    what = count(pieces, "composition") if handed_in else f"up to {count(pieces, 'composition')}"
    return there if needed is None else f"{there}  ·  it takes {needed} for {what}"


def asked(done: AskDone) -> b.View:
    """Whom I have written to, and who needed no message."""
    does, verb = _does(done.duty, done.contest_name), _VERBS[done.duty]
    why = {
        Standing.APPOINTED: f"judging *{name(done.contest_name)}* already.",
        Standing.WAITING: "asked before, without an answer yet. I remind them.",
        Standing.ACCEPTED: f"asked before, and ready to {verb}.",
        Standing.DECLINED: "asked before, and said no. The button in their message lets them change their mind.",
    }
    lines = [
        f"✉️ I am asking {_people(done.people)} whether they will {does}. I tell you what they say."
        if done.people
        else "",
        *(f"{_people(those)}: {words}" for standing, words in why.items() if (those := done.those(standing))),
        f"⚠️ {_people(done.authors)} {'has' if len(done.authors) == 1 else 'have'} compositions in it, too: judges never get their own, but they"
        " judge what theirs compete with."
        if done.authors
        else "",
    ]
    see = b.context(f"`/kantor {Sub.JUDGES}` shows who has answered.")
    return b.modal(TITLE, [*(b.section(line) for line in lines if line), see], close="OK")


def _people(user_ids: tuple[str, ...]) -> str:
    return ", ".join(at_most([mention(each) for each in user_ids], 20))


def declining(reply: Reply) -> b.View:
    """A word why, if they like."""
    told = f"{mention(reply.asked_by)} reads it, and the other organizers do."
    lead = (
        f"You had agreed to {_does(reply.duty, reply.contest_name)}. Is it a no after all?"
        if reply.accepted
        else f"You cannot {_does(reply.duty, reply.contest_name)}? That is fine."
    )
    why = b.input_block(
        Block.REASON, "A word why", b.text_input(max_length=MAX_WHY), hint="It may stay empty.", optional=True
    )
    submit = b.Submit("Say no", Callback.DECLINE_DUTY, {"request_id": reply.request_id})
    return b.form("Say no", [b.section(f"{lead} {told}"), why], submit)


def replied(reply: Reply) -> str:
    """The answer to their answer."""
    does, who = _does(reply.duty, reply.contest_name), mention(reply.asked_by)
    if not reply.accepted:
        return f"🙏 Thank you for telling: {who} knows that you will not {does}. If it changes, the message above has a button."
    after = " Your welcome follows in a moment." if reply.duty is Duty.JUDGE else ""
    return f"🎉 Thank you! You will {does}, and {who} knows.{after}"


def request_blocks(message: DutyAsked) -> list[b.Block]:
    """The request as it stands."""
    asking = message.asking
    lead = b.section(request_text(message))
    if message.standing is Standing.WAITING:
        quoted = [b.section("\n".join(f">{line}" for line in typed(asking.words).splitlines()))] if asking.words else []
        return [
            lead,
            *quoted,
            b.section(f"*What it takes*\n{bullets(list(_takes(asking)))}"),
            b.section(f"*When*\n{_when(asking)}"),
            b.actions(_buttons(asking)),
            b.context("You can change your mind later, here in this message."),
        ]
    if not message.changeable:
        return [lead]
    if message.standing is Standing.ACCEPTED:
        cannot = b.button("I cannot after all ...", Action.DECLINE_DUTY, asking.request_id)
        return [lead, b.section(f"*When*\n{_when(asking)}"), b.actions([cannot])]
    return [lead, b.actions([b.button(f"{_YES[asking.duty]} after all", Action.ACCEPT_DUTY, asking.request_id)])]


def request_text(message: DutyAsked | DutyReminder) -> str:
    """Its first line, which is all of it once there is nothing to answer any more."""
    asking, contest = message.asking, f"*{name(message.contest_name)}*"
    does, who = _does(asking.duty, message.contest_name), mention(asking.asked_by)
    why = f": “{name(message.why, 300)}”" if message.why else ""
    return {
        Standing.WAITING: f"{_SIGNS[asking.duty]} {who} asks whether you would {does}, in {channel(asking.channel_id)}.",
        Standing.ACCEPTED: f"✅ You have agreed to {does}, and {who} knows. Thank you!",
        Standing.DECLINED: f"🙏 You have said that you cannot {does}{why}. {who} knows; thank you for the answer.",
        Standing.WITHDRAWN: f"↩️ An organizer has taken this back: nobody has to {does} any more. Thank you all the same!",
        Standing.APPOINTED: f"🎧 An organizer has made you a judge of {contest} meanwhile, so there is nothing to answer here.",
        Standing.LEFT: f"👋 You judge {contest} no more. Thank you for having been ready to!",
        Standing.OVER: f"⌛ {contest} has moved on: there is nothing to answer here any more.",
    }[message.standing]


def _buttons(asking: Asking) -> list[b.Block]:
    yes = b.button(_YES[asking.duty], Action.ACCEPT_DUTY, asking.request_id, primary=True)
    return [yes, b.button("No, sorry ...", Action.DECLINE_DUTY, asking.request_id)]


def _takes(asking: Asking) -> Iterator[str]:
    if asking.duty is Duty.JUDGE:
        yield _hearing(asking)
        if asking.finalists:
            minutes = effort(asking.finalists, 0, 0, asking.seconds, None).minutes
            yield f"Then up to {asking.finalists} go on to a final, and you hear them once more: {_minutes(minutes)}."
        yield (
            "All of it happens here, in your direct messages, on the phone or at the desk: you listen, tap a score on each scale, and add a word"
            f" if you like.{' You do not see who wrote what.' if asking.blind else ''}"
        )
    elif asking.duty is Duty.PRESENTER:
        yield f"You lead through the ceremony in {channel(asking.channel_id)}: each step appears when you click. You can go back, and pause."
        yield "The run of show comes to you here beforehand, and you can rehearse it in private."
        yield "About half an hour, the rehearsal included."
    else:
        yield f"A few words to everybody in {channel(asking.channel_id)}, about five minutes, and congratulations to the winners."
        yield f"Nothing to prepare: {mention(asking.asked_by)} gives you the names and the facts beforehand."


def _hearing(asking: Asking) -> str:
    """How much there is to hear."""
    each = f"of about {count(int(decimal(asking.seconds, 0)), 'second')} each"
    if not asking.pieces:
        return f"Nobody takes part yet, so I cannot say how many compositions there will be. They are {each.removesuffix(' each')}, and each takes {_minutes(effort(1, 0, 0, asking.seconds, None).minutes)}."
    takes = f"{_minutes(asking.minutes)} in all, in as many sittings as you like"
    if asking.handed_in:
        so_far = "" if asking.running else "As of now "
        return f"{so_far}{count(asking.pieces, 'composition')} {each}, to hear and to rate: {takes}."
    return f"Nobody has handed in anything yet. With those who take part so far it may become up to {count(asking.pieces, 'composition')} {each}: {takes}."


def _minutes(minutes: int) -> str:
    return f"about {count(minutes, 'minute')}"


def _when(asking: Asking) -> str:
    """In the reader's own zone, with UTC beside it."""
    if asking.duty is not Duty.JUDGE:
        unset = f"The day is not set yet: {mention(asking.asked_by)} will tell you."
        return unset if asking.begins is None else f"{everyones_time(asking.begins, asking.time_zone)}."
    begins = (
        "The judging has begun"
        if asking.running or asking.begins is None
        else f"From {everyones_time(asking.begins, asking.time_zone)}, when compositions close"
    )
    ends = (
        ". When it ends is not set yet"
        if asking.ends is None
        else f", until {everyones_time(asking.ends, asking.time_zone)}"
    )
    return f"{begins}{ends}."


def reminder_blocks(message: DutyReminder) -> list[b.Block]:
    """A reminder; nothing but how it stands, once it has done its duty."""
    buttons = [b.actions(_buttons(message.asking))] if message.standing is Standing.WAITING else []
    return [b.section(reminder_text(message)), *buttons]


def reminder_text(message: DutyReminder) -> str:
    """In one paragraph."""
    asking = message.asking
    does, who = _does(asking.duty, message.contest_name), mention(asking.asked_by)
    begins = "" if asking.begins is None else everyones_time(asking.begins, asking.time_zone)
    what = "The judging begins" if asking.duty is Duty.JUDGE else "The ceremony is"
    if message.standing is Standing.WAITING and message.reminder is Reminder.SOON:
        return f"⏰ {what} on {begins}, and {who} would be glad to know: would you {does}? A no is fine, too."
    if message.standing is Standing.WAITING:
        return f"👋 {who} still hopes for your answer: would you {does}?{_shortly(asking)} A no is fine, too."
    if message.standing is Standing.ACCEPTED and message.reminder is Reminder.SOON:
        then = " The first pieces come here by themselves." if asking.duty is Duty.JUDGE else ""
        return f"⏰ {what} on {begins}, and you have agreed to {does}.{_shortly(asking)}{then} Thank you!"
    if message.standing in {Standing.ACCEPTED, Standing.DECLINED}:
        return f"☑️ You have answered whether you would {does}. Thank you!"
    return request_text(message)


def _shortly(asking: Asking) -> str:
    if asking.duty is not Duty.JUDGE or not asking.pieces:
        return ""
    return f" That is {'' if asking.handed_in else 'up to '}{count(asking.pieces, 'composition')}, {_minutes(asking.minutes)}."


def answer_text(message: DutyAnswered) -> str:
    """What the organizer reads who asked."""
    does, who = _does(message.duty, message.contest_name), mention(message.person)
    why = f": “{name(message.why, 300)}”" if message.why else ""
    turned = " has thought better of it and" if message.changed else ""
    said = f"✅ {who}{turned} will {does}." if message.accepted else f"🙅 {who}{turned} will not {does}{why}."
    waiting = (
        f"{count(message.waiting, 'other', 'others')} {'has' if message.waiting == 1 else 'have'} not answered yet"
    )
    facts = [
        *([f"{count(message.judges, 'judge')} now"] if message.duty is Duty.JUDGE else []),
        *([f"it takes {message.needed}"] if message.needed and message.duty is Duty.JUDGE else []),
        *([waiting] if message.waiting else []),
    ]
    return f"{said}\n{'  ·  '.join(facts)}" if facts else said


def withdrawn_text(message: DutyWithdrawn) -> str:
    """What somebody reads who had agreed."""
    does = _does(message.duty, message.contest_name)
    return f"↩️ A change of plans: you do not have to {does} after all, {mention(message.by)} lets you know. Thank you for having been ready to!"


def withdrawn(done: Withdrawn) -> str:
    """The answer to the button."""
    told = "I have told them" if done.had_accepted else "their message says so now"
    return f"↩️ Taken back: {mention(done.user_id)} is not asked to {_does(done.duty, done.contest_name)} any more, and {told}."


def requests(listed: RequestList) -> list[b.Block]:
    """Who has yet to answer, each with a way back, and what the others said."""
    ask = [] if not listed.open else [opening(Sub.JUDGES_ASK, listed.channel_id)]
    if not listed.requests:
        there = _there(listed.judges, listed.needed, listed.pieces, listed.handed_in)
        return [b.section(f"*Asked for help*\nNobody yet.  {there}.", *ask)] if ask else []
    waiting = [each for each in listed.requests if each.standing is Standing.WAITING]
    helping = [each for each in listed.requests if each.standing is Standing.ACCEPTED and each.duty is not Duty.JUDGE]
    said = [each for each in listed.requests if each not in waiting and each not in helping]
    facts = [
        f"{_there(listed.judges, listed.needed, listed.pieces, listed.handed_in)}",
        f"{count(len(waiting), 'person', 'people')} yet to answer" if waiting else "everybody has answered",
    ]
    rows = [*helping, *waiting]
    texts = packed(at_most([_said(each) for each in said], SHOWN))
    return [
        b.section(f"*Asked for help*\n{'  ·  '.join(facts)}", *ask),
        *(_row(each) for each in rows[:ROWS]),
        *([b.context(f"… and {len(rows) - ROWS} more")] if len(rows) > ROWS else []),
        *(b.section(text) for text in texts),
    ]


def _row(request: Request) -> b.Block:
    if request.standing is Standing.ACCEPTED:
        return b.section(
            f"✅ {_said(request)}", b.button("Not needed after all", Action.WITHDRAW_DUTY, request.request_id)
        )
    who, verb = mention(request.user_id), _VERBS[request.duty]
    reminded = "" if request.reminded_at is None else f", reminded {_day(request.reminded_at)}"
    text = f"⏳ {who}, to {verb}\nAsked {_day(request.asked_at)} by {mention(request.asked_by)}{reminded}"
    return b.section(text, b.button("Take back", Action.WITHDRAW_DUTY, request.request_id))


def _said(request: Request) -> str:
    """What somebody answered."""
    why = f": “{name(request.why, 100)}”" if request.why else ""
    will = "will" if request.standing is Standing.ACCEPTED else "will not"
    return f"{mention(request.user_id)} {will} {_VERBS[request.duty]}{why}"


def _day(at: datetime) -> str:
    """In the reader's own zone."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}|{at.astimezone(UTC):%Y-%m-%d}>"
