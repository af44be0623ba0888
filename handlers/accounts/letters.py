"""Messages about accounts."""

from __future__ import annotations

from bot.usecases.accounts.letters import (
    AccountFree,
    AccountPassedOn,
    AccountReply,
    AccountReturned,
    AnotherAllowed,
    AnotherAsked,
    AnotherDeclined,
    PoolAlarm,
    ReissueApproved,
    ReissueAsked,
    ReissueDeclined,
    RotationList,
)
from handlers.accounts.views import decision_buttons, pool_buttons
from handlers.commands import Sub
from handlers.ids import Action, Command
from handlers.views import blocks as b
from handlers.views.buttons import fetching, opening
from handlers.views.drawn import Drawn, draw, plainly, share_comment
from handlers.views.text import code, count, mention, name, viewers_time


@draw.register
def _account_reply(message: AccountReply) -> Drawn:
    if message.had:
        had = (
            f"↩️ You had an account for *{name(message.contest_name)}* and gave it back. Accounts are one a person: an organizer can"
            " let you have another one."
        )
        return plainly(had, b.actions([opening(Sub.ACCOUNT, message.channel_id, "Ask for another ...")]))
    if message.empty:
        taken = f"⏳ All accounts of *{name(message.contest_name)}* are taken for now. I can tell you when one is free."
        return plainly(taken, b.actions([opening(Sub.ACCOUNT, message.channel_id, "Show me the line")]))
    text = (
        f"🔑 You can have an account for *{name(message.contest_name)}*."
        " I only show its password in a window, never in a message: messages stay in the history."
    )
    return plainly(text, b.actions([opening(Sub.ACCOUNT, message.channel_id, primary=True)]))


@draw.register
def _pool_alarm(message: PoolAlarm) -> Drawn:
    left = f"{count(message.left, 'account')} left" if message.left else "no account left"
    asked = f"; {mention(message.asked_by)} asked for one" if message.asked_by else ""
    return plainly(
        f"⚠️ *{name(message.contest_name)}* has {left}{asked}."
        f" Paste more with `{Command.KANTOR} {Sub.ACCOUNTS_IMPORT}`, or, on the machine where I run:"
        f" `kantor accounts import FILE --contest {name(message.slug)}`. Whoever waits gets theirs at once.",
        *pool_buttons(message.channel_id),
    )


@draw.register
def _account_free(message: AccountFree) -> Drawn:
    text = (
        f"🔑 An account for *{name(message.contest_name)}* is yours to take. I keep it for you until"
        f" {viewers_time(message.until)}; after that the next person in line gets it."
    )
    return plainly(text, b.actions([opening(Sub.ACCOUNT, message.channel_id, primary=True)]))


@draw.register
def _account_passed_on(message: AccountPassedOn) -> Drawn:
    text = (
        f"I kept an account for *{name(message.contest_name)}* for you for a day, and no longer do."
        " If you still want one, press the button: you get one at once, or a place in the line."
    )
    return plainly(text, b.actions([opening(Sub.ACCOUNT, message.channel_id)]))


@draw.register
def _account_returned(message: AccountReturned) -> Drawn:
    return plainly(
        f"↩️ {mention(message.returned_by)} gave back account {code(message.account_id)}, user"
        f" {code(message.user_name, 200)}, of *{name(message.contest_name)}*. Nobody gets it until you have set a new"
        f" password in the account system and brought it here: `{Command.KANTOR} {Sub.ACCOUNTS_IMPORT}`.",
        *pool_buttons(message.channel_id),
    )


@draw.register
def _reissue_asked(message: ReissueAsked) -> Drawn:
    text = (
        f"🔁 {mention(message.asked_by)} wants to see the password of their account once more: *{name(message.contest_name)}*,"
        f" account {code(message.account_id)}, user {code(message.user_name, 200)}. Is it really them who ask?"
    )
    return plainly(text, b.actions(decision_buttons(message.request_id)))


@draw.register
def _reissue_approved(message: ReissueApproved) -> Drawn:
    text = (
        f"🔑 You can see the password of your account for *{name(message.contest_name)}* once more, until"
        f" {viewers_time(message.until)}."
    )
    return plainly(text, b.actions([b.button("Show my password ...", Action.SHOW_AGAIN, message.request_id)]))


@draw.register
def _reissue_declined(message: ReissueDeclined) -> Drawn:
    return plainly(
        f"✋ {mention(message.declined_by)} decided that I do not show the password of your account for"
        f" *{name(message.contest_name)}* again: {name(message.reason, 1000)}\nPlease talk to them if that leaves you without one."
    )


@draw.register
def _another_asked(message: AnotherAsked) -> Drawn:
    text = (
        f"🔁 {mention(message.asked_by)} asks for another account for *{name(message.contest_name)}*: they had"
        f" {code(message.account_id)}, user {code(message.user_name, 200)}, and gave it back"
        f" {viewers_time(message.returned_at)}."
    )
    return plainly(text, b.actions(decision_buttons(message.request_id)))


@draw.register
def _another_allowed(message: AnotherAllowed) -> Drawn:
    text = f"🔑 You can have another account for *{name(message.contest_name)}*: an organizer agreed."
    return plainly(text, b.actions([opening(Sub.ACCOUNT, message.channel_id, primary=True)]))


@draw.register
def _another_declined(message: AnotherDeclined) -> Drawn:
    return plainly(
        f"✋ {mention(message.declined_by)} decided that I give you no other account for *{name(message.contest_name)}*:"
        f" {name(message.reason, 1000)}\nYou can compose without one."
    )


@draw.register
def _rotation_list(message: RotationList) -> Drawn:
    return plainly(_rotation_words(message), *fetching(message.order))


@share_comment.register
def _rotation_comment(message: RotationList) -> str:
    return _rotation_words(message)


def _rotation_words(message: RotationList) -> str:
    return (
        f"🔑 *{name(message.contest_name)}*: {count(message.accounts, 'account')} whose password somebody has seen, with who"
        " and when. It holds no password. Please rotate or close those with *yes* in the column *rotate*."
    )
