"""The account modal: terms first, then the account, with its password once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.ids import Block, Callback
from handlers.views import blocks as b
from handlers.views.text import cut, escape, escape_exactly, name

if TYPE_CHECKING:
    from bot.usecases.accounts import AccountOffer, Credentials, HeldAccount

TITLE = "Your account"
_LOST = "Lost it? Please ask an organizer: they can reset it in the account system itself."


def offer(offered: AccountOffer) -> b.View:
    """The account that the person has, or the terms to accept first."""
    return _held(offered.contest_name, offered.held) if offered.held else _terms(offered)


def _terms(offered: AccountOffer) -> b.View:
    accept = b.input_block(Block.TERMS, "Your word", b.checkboxes([b.option("I accept these terms", "accepted")]))
    blocks = [
        b.section(f"🔑 An account for *{name(offered.contest_name)}*. Please read this first:"),
        b.section(offered.terms),
        accept,
        b.context("The next window shows the password once. Have a place ready where you keep it."),
    ]
    return b.form(
        TITLE, blocks, b.Submit("Show my account", Callback.CLAIM_ACCOUNT, {"contest_id": offered.contest_id})
    )


def _held(contest_name: str, held: HeldAccount) -> b.View:
    return b.modal(
        TITLE,
        [
            b.section(f"🔑 You have your account for *{name(contest_name)}* already."),
            *_facts(held.account_id, held.user_name, held.sign_in_url),
            b.section(f"The password was shown once and is not kept in sight. {_LOST}"),
        ],
    )


def credentials(given: Credentials) -> b.View:
    """The account, and its password where this is the first time.

    The address is a link in the text, not a button: a button's click would send this whole view, password included, back to us.
    """
    facts = _facts(given.account_id, given.user_name, given.sign_in_url)
    if given.password is None:
        shown = [b.section(f"The password was shown when you took this account. {_LOST}")]
    else:
        shown = [
            b.section("*Password*"),
            _code(given.password),
            b.section("⚠️ *Copy it now:* this window is the only place that shows it, and only this once."),
        ]
    return b.modal(TITLE, [b.section("🎉 This account is yours."), *facts, *shown], close="I have copied it")


def _facts(account_id: str, user_name: str, sign_in_url: str) -> list[b.Block]:
    link = escape(sign_in_url).replace("|", "%7C")
    return [
        b.section(f"*Account*\n`{name(account_id)}`"),
        b.section(f"*User name*\n`{name(user_name, 200)}`"),
        b.section(f"*Sign in at*\n{cut(f'<{link}>', b.SECTION_TEXT)}"),
    ]


def _code(secret: str) -> b.Block:
    """The secret alone in a block to copy; one that would end the code block goes out as plain text."""
    if "`" in secret:
        return {"type": "section", "text": {"type": "plain_text", "text": secret, "emoji": False}}
    return b.section(f"```{escape_exactly(secret)}```")
