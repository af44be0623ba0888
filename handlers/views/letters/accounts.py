"""Messages about accounts."""

from __future__ import annotations

from bot.announcements.accounts import AccountReply, PoolAlarm
from handlers.views import blocks as b
from handlers.views.buttons import account_button
from handlers.views.letters.base import Drawn, draw, plainly
from handlers.views.text import count, mention, name


@draw.register
def _account_reply(message: AccountReply) -> Drawn:
    text = (
        f"🔑 You can have an account for *{name(message.contest_name)}*."
        " I only show its password in a window, never in a message: messages stay in the history."
    )
    return plainly(text, b.actions([account_button(message.channel_id)]))


@draw.register
def _pool_alarm(message: PoolAlarm) -> Drawn:
    left = f"{count(message.left, 'account')} left" if message.left else "no account left"
    return plainly(
        f"⚠️ *{name(message.contest_name)}* has {left}; {mention(message.asked_by)} asked for one."
        f" Add more on the machine where I run: `kantor accounts import FILE --contest {name(message.slug)}`."
    )
