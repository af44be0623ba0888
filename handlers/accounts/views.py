"""The account modal: terms first, then the account, with its password once; or the line, where none is free, or that there was one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.words import lifeless
from bot.usecases.accounts.accounts import AccountOffer
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback, Command
from handlers.views import blocks as b
from handlers.views.pages import paragraphs
from handlers.views.text import code, count, cut, escape, name, viewers_time

if TYPE_CHECKING:
    from bot.usecases.accounts.accounts import Credentials, HadAccount, HeldAccount, Line, OpenRequest, Returning

TITLE = Sub.ACCOUNT.row.window
RETURN_TITLE = Sub.ACCOUNT_RETURN.row.window
AGAIN_TITLE = "Your password again"
_LOST = "Lost it? Ask to see it once more: an organizer has to agree."
_COPY = "⚠️ *Copy it now:* this window is the only place that shows it, and only this once."


def offer(offered: AccountOffer) -> b.View:
    """The account that the person has or had, the line, or the terms to accept first."""
    if offered.held:
        return _held(offered, offered.held)
    if offered.had:
        return _had(offered, offered.had)
    return _line(offered, offered.line) if offered.line else _terms(offered)


def claimed(outcome: Credentials | AccountOffer) -> b.View:
    """What the accepted terms have led to: the account, or the line where somebody else took the last one."""
    return offer(outcome) if isinstance(outcome, AccountOffer) else credentials(outcome)


def _terms(offered: AccountOffer) -> b.View:
    accept = b.input_block(Block.TERMS, "Your word", b.checkboxes([b.option("I accept these terms", "accepted")]))
    blocks = [
        b.section(f"🔑 An account for *{name(offered.contest_name)}*. Please read this first:"),
        *paragraphs(lifeless(offered.terms)),
        accept,
        b.context("The next window shows the password once. Have a place ready where you keep it."),
    ]
    return b.form(
        TITLE, blocks, b.Submit("Show my account", Callback.CLAIM_ACCOUNT, {"contest_id": offered.contest_id})
    )


def _had(offered: AccountOffer, had: HadAccount) -> b.View:
    lead = (
        f"You had account {code(had.account_id)}, user {code(had.user_name, 200)}, of *{name(offered.contest_name)}*, and "
        f"gave it back {viewers_time(had.returned_at)}. Accounts are one a person: ask an organizer if you need another one. "
        "You can compose without it, too."
    )
    if had.asked_at:
        asked = f"✉️ I asked the organizers {viewers_time(had.asked_at)}, and write to you when one of them has decided."
        return b.modal(TITLE, [b.section(lead), b.section(asked)])
    ask = b.button("Ask the organizers", Action.ASK_ANOTHER, offered.contest_id)
    return b.modal(TITLE, [b.section(lead), b.actions([ask])])


def _line(offered: AccountOffer, line: Line) -> b.View:
    contest = name(offered.contest_name)
    facts = {"contest_id": offered.contest_id}
    if line.place:
        ahead = line.place - 1
        before = f"{count(ahead, 'person')} before you" if ahead else "you are the next"
        before = before.replace("persons", "people")
        text = (
            f"⏳ You are in line for an account of *{contest}*: {before}. I write to you as soon as one is yours, "
            "and keep it for you for a day. You can compose meanwhile, without an account, too."
        )
        return b.form(TITLE, [b.section(text)], b.Submit("Leave the line", Callback.STOP_WAITING, facts))
    waiting = count(line.waiting, "person").replace("persons", "people")
    others = f" In line already: {waiting}." if line.waiting else ""
    text = (
        f"All accounts of *{contest}* are taken for now, sorry!{others} Shall I tell you when one is free? "
        "The organizers can add more, and you can compose without an account, too."
    )
    return b.form(TITLE, [b.section(text)], b.Submit("Tell me when one is", Callback.WAIT_FOR_ACCOUNT, facts))


def _held(offered: AccountOffer, held: HeldAccount) -> b.View:
    facts = _facts(held.account_id, held.user_name, held.sign_in_url)
    lead = b.section(f"🔑 You have your account for *{name(offered.contest_name)}* already.")
    request = held.request
    if request and request.approved_until:
        return _approved(lead, facts, request)
    back = b.button("Give this account back ...", Action.RETURN_ACCOUNT, offered.contest_id)
    if request:
        asked = f"You asked to see the password again {viewers_time(request.asked_at)}: an organizer will decide."
        return b.modal(TITLE, [lead, *facts, b.section(asked), b.actions([back])])
    again = b.button("Show my password again ...", Action.ASK_REISSUE, offered.contest_id)
    shown = b.section(f"The password was shown once and is not kept in sight. {_LOST}")
    return b.modal(TITLE, [lead, *facts, shown, b.actions([again, back])])


def _approved(lead: b.Block, facts: list[b.Block], request: OpenRequest) -> b.View:
    until = viewers_time(request.approved_until) if request.approved_until else ""
    ready = b.section(f"An organizer agreed: you can see the password once more, until {until}. Have a place ready.")
    return b.form(
        TITLE,
        [lead, *facts, ready],
        b.Submit("Show my password", Callback.REVEAL_PASSWORD, {"request_id": request.request_id}),
    )


def asked_again() -> b.View:
    """The organizers know."""
    return b.modal(
        TITLE,
        [
            b.section(
                "✉️ I have asked the organizers. As soon as one of them agrees I send you a button; it is good for a day, "
                "and shows the password once."
            )
        ],
    )


def ready_again(request_id: str) -> b.View:
    """Asks before the password is on the screen."""
    text = "The next window shows your password once. Have a place ready where you keep it, and nobody behind you."
    submit = b.Submit("Show my password", Callback.REVEAL_PASSWORD, {"request_id": request_id})
    return b.form(AGAIN_TITLE, [b.section(f"🔑 {text}")], submit)


def returning(account: Returning) -> b.View:
    """What giving back means, before it is confirmed."""
    text = (
        f"Give back account {code(account.account_id)}, user {code(account.user_name, 200)}, of "
        f"*{name(account.contest_name)}*? Save what you want to keep first: somebody else gets the account once an "
        "organizer has replaced its password. You get another one only if an organizer agrees."
    )
    facts = {"contest_id": account.contest_id, "row_id": account.row_id}
    return b.form(RETURN_TITLE, [b.section(text)], b.Submit("Give it back", Callback.RETURN_ACCOUNT, facts))


def returned(account: Returning) -> b.View:
    """It is no longer theirs."""
    text = (
        f"👋 Account {code(account.account_id)} is no longer yours, thank you. The organizers know that its password has "
        f"to be replaced. Should you need one again, an organizer has to agree: `{Command.KANTOR} {Sub.ACCOUNT}` asks them."
    )
    return b.modal(RETURN_TITLE, [b.section(text)])


def credentials(given: Credentials) -> b.View:
    """The account, and its password where this is the first time.

    The address is a link in the text, not a button: a button's click would send this whole view, password included, back to us.
    """
    facts = _facts(given.account_id, given.user_name, given.sign_in_url)
    if given.password is None:
        lost = f"{_LOST} `{Command.KANTOR} {Sub.ACCOUNT}` has the button."
        shown = [b.section(f"The password was shown when you took this account. {lost}")]
    else:
        # By its name the sandbox knows what to keep out of its log.
        shown = [b.section("*Password*"), b.called(Block.PASSWORD, _code(given.password)), b.section(_COPY)]
    return b.modal(TITLE, [b.section("🎉 This account is yours."), *facts, *shown], close="I have copied it")


def _facts(account_id: str, user_name: str, sign_in_url: str) -> list[b.Block]:
    link = escape(sign_in_url).replace("|", "%7C")
    return [
        b.section(f"*Account*\n{code(account_id)}"),
        b.section(f"*User name*\n{code(user_name, 200)}"),
        b.section(f"*Sign in at*\n{cut(f'<{link}>', b.SECTION_TEXT)}"),
    ]


def _code(secret: str) -> b.Block:
    """The secret alone in a block to copy; one that would end the code block goes out as plain text."""
    if "`" in secret:
        return {"type": "section", "text": {"type": "plain_text", "text": secret, "emoji": False}}
    return b.section(f"```{escape(secret)}```")
