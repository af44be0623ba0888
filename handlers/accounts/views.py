"""The account modal: terms first, then the account, with its password once; or the line, where none is free, or that there was one.

The organizers' side of the accounts: how the pool stands, the paste, the retirement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.words import lifeless
from bot.usecases.accounts.accounts import AccountOffer
from bot.usecases.accounts.pools import COLUMNS, PASTED
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback, Command, Turn
from handlers.views import blocks as b
from handlers.views.buttons import opening
from handlers.views.pages import page_of, paragraphs, turns
from handlers.views.text import at_most, code, count, cut, escape, mention, name, packed, viewers_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.usecases.accounts.accounts import Credentials, HadAccount, HeldAccount, Line, OpenRequest, Returning
    from bot.usecases.accounts.pools import Imported, PoolAccount, PoolPlace, PoolStatus, PoolWait
    from bot.usecases.accounts.reissues import Decided


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
        shown = [
            b.section("*Password*"),
            b.called(Block.PASSWORD, _code(given.password.reveal_text())),
            b.section(_COPY),
        ]
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


POOL_TITLE = Sub.ACCOUNTS.row.window
IMPORT_TITLE = Sub.ACCOUNTS_IMPORT.row.window
DECLINE_TITLE = "Decline"
RETIRE_TITLE = "Retire accounts"
_LINES_A_LIST = 200
"""Eleven lines of the longest fit into a block: three such lists stay below a window's 100."""
_DECISIONS = 10
_EXAMPLE = "111122223333,lab-01,a password,https://example.com/signin"
_FITS = PASTED // 75
"""Lines of the usual length."""


def pool_status(pool: PoolStatus, page: int = 0) -> b.View:
    """How the pool stands, and what can be done about it; of what is to be decided a page."""
    return b.modal(
        POOL_TITLE,
        [
            b.section(_numbers(pool)),
            b.actions(_buttons(pool)),
            *_requests(pool, page),
            *_list("In line", [_waits(wait) for wait in pool.waiting]),
            *_list("Given back, the password is to be replaced", [_account(each) for each in pool.returned]),
            *_list("In use", [_account(each) for each in pool.held]),
        ],
    )


def _numbers(pool: PoolStatus) -> str:
    parts = [
        *([] if pool.finished else [f"*{pool.free}* free"]),
        *([f"*{pool.kept}* kept for people in line"] if pool.kept and not pool.finished else []),
        f"*{len(pool.held)}* in use",
        f"*{len(pool.returned)}* given back",
        f"*{sum(each.kept_until is None for each in pool.waiting)}* in line",
        f"*{len(pool.requests)}* to decide",
    ]
    lines = [f"🔑 *{name(pool.contest_name)}*: {count(pool.size, 'account')}", "  ·  ".join(parts)]
    if pool.retired:
        lines.append(f"I have deleted {count(pool.retired, 'password')}.")
    if not pool.size:
        lines.append(
            f"There are none yet. Paste some with the button below, or `{Command.KANTOR} {Sub.ACCOUNTS_IMPORT}`."
        )
    elif not pool.finished:
        alarm = f"when {pool.low_water} or fewer are left, and " if pool.low_water > 0 else ""
        lines.append(f"I write to you {alarm}when somebody asks in vain.")
    if pool.finished and pool.size > pool.retired:
        lines.append("The contest is over: take the list of what to rotate, then let me delete the passwords.")
    return "\n".join(lines)


def _buttons(pool: PoolStatus) -> list[b.Block]:
    buttons = [
        b.button("Bring accounts ...", Action.IMPORT_ACCOUNTS, pool.contest_id),
        b.button("Send me the list to rotate", Action.ROTATION_LIST, pool.contest_id),
    ]
    if pool.finished and pool.size > pool.retired:
        buttons.append(b.button("Delete the passwords ...", Action.RETIRE_ACCOUNTS, pool.contest_id))
    return buttons


def _requests(pool: PoolStatus, page: int) -> list[b.Block]:
    blocks: list[b.Block] = []
    shown = page_of(pool.requests, page, _DECISIONS)
    for request in shown.items:
        wish = (
            "gave theirs back and asks for another account" if request.another else "wants to see their password again"
        )
        who = f"{mention(request.user_id)} {wish}, since {viewers_time(request.asked_at)}."
        blocks += [b.section(who), b.actions(decision_buttons(request.request_id))]
    return [*blocks, *turns(Turn.POOL_PAGE, pool.contest_id, shown)]


def decision_buttons(request_id: str) -> list[b.Block]:
    """Approve, or decline with a reason."""
    return [
        b.button("Approve", Action.APPROVE_REISSUE, request_id),
        b.button("Decline ...", Action.DECLINE_REISSUE, request_id),
    ]


def pool_buttons(channel_id: str) -> list[b.Block]:
    """A row with the button that opens the pool of that channel's contest; none where the channel is not known."""
    return [b.actions([opening(Sub.ACCOUNTS, channel_id, "Accounts ...")])] if channel_id else []


def _waits(wait: PoolWait) -> str:
    kept = f", one is kept until {viewers_time(wait.kept_until)}" if wait.kept_until else ""
    return f"{mention(wait.user_id)} since {viewers_time(wait.since)}{kept}"


def _account(account: PoolAccount) -> str:
    who = f"{mention(account.who)}  ·  " if account.who else ""
    since = f"since {viewers_time(account.since)}" if account.since else ""
    return f"{who}{code(account.account_id, 40)} {code(account.user_name, 40)} {since}"


def _list(title: str, lines: Sequence[str]) -> list[b.Block]:
    if not lines:
        return []
    texts = packed(at_most(lines, _LINES_A_LIST))
    return [b.section(f"*{title}*"), *map(b.section, texts)]


def paste(place: PoolPlace, preview: Imported | None = None) -> b.View:
    """Lines to paste; with a preview, what they will do, the text still standing there.

    What was pasted is in the input alone, never in the view's facts: Slack gives those back to us, and shows them to apps.
    """
    hint = (
        f"{', '.join(COLUMNS)}: one account a line, commas, semicolons or tabs between. A line of names may come first."
    )
    element = b.text_input(placeholder=_EXAMPLE, multiline=True)
    blocks = [
        b.section(f"🔑 Accounts for *{name(place.contest_name)}*."),
        b.input_block(Block.POOL_LINES, "Your list", element, hint=hint),
        b.context(
            f"A window takes {b.INPUT_TEXT} characters, about {_FITS} lines: paste the rest afterwards, they add up. For long "
            "lists there is `kantor accounts import FILE` where I run. Please upload no such file: Slack would keep the passwords."
        ),
    ]
    facts = {"contest_id": place.contest_id, "contest_name": place.contest_name}
    if preview is None:
        return b.form(IMPORT_TITLE, blocks, b.Submit("Check", Callback.IMPORT_ACCOUNTS, facts))
    told = b.section(f"*Nothing is kept yet.* {outcome(preview)}")
    words = "Import" if preview.new or preview.replaced else "Check again"
    facts |= {"seen": seen(preview)}
    return b.form(IMPORT_TITLE, [*blocks, told], b.Submit(words, Callback.IMPORT_ACCOUNTS, facts))


def seen(preview: Imported) -> str:
    """The numbers that the organizer saw: what is imported must be that."""
    return f"{preview.new}/{preview.known}/{preview.replaced}/{preview.stale}"


def outcome(imported: Imported) -> str:
    """New, known, replaced."""
    stale = f" *{imported.stale}* given back still with the old password: they stay out." if imported.stale else ""
    return f"*{imported.new}* new, *{imported.known}* known already, *{imported.replaced}* with a new password.{stale}"


def pasted(place: Mapping[str, str], imported: Imported) -> b.View:
    """They are in the pool."""
    more = b.actions([b.button("Paste more ...", Action.IMPORT_ACCOUNTS, place["contest_id"])])
    text = f"✅ *{name(place['contest_name'])}*: {outcome(imported)} The passwords are sealed; delete your own copy of the list."
    return b.modal(IMPORT_TITLE, [b.section(text), more])


def decline(request_id: str, asked_by: str) -> b.View:
    """Asks for the reason."""
    reason = b.input_block(Block.REASON, "Why not? The person reads this.", b.text_input(max_length=300))
    lead = b.section(f"{mention(asked_by)} does not get what they asked for.")
    submit = b.Submit("Decline", Callback.DECLINE_REISSUE, {"request_id": request_id})
    return b.form(DECLINE_TITLE, [lead, reason], submit)


def decided(outcome_: Decided) -> str:
    """Who decided what."""
    what = "may see their password once more, within a day" if outcome_.approved else "may not see their password again"
    if outcome_.another:
        what = "may have another account" if outcome_.approved else "gets no other account"
    if outcome_.by_now:
        return f"{'✅' if outcome_.approved else '✋'} {mention(outcome_.asked_by)} {what}. I have written to them."
    return f"{mention(outcome_.decided_by)} decided already: {mention(outcome_.asked_by)} {what}."


def said(text: str) -> b.View:
    """What has been decided, as a window."""
    return b.modal(POOL_TITLE, [b.section(text)])


def retire(pool: PoolStatus) -> b.View:
    """What deleting the passwords means, before it is confirmed."""
    text = (
        f"Delete the passwords of all {count(pool.size - pool.retired, 'account')} of *{name(pool.contest_name)}* from my "
        "database? Nobody can see one here after that. Who had which account stays on the list to rotate: the accounts "
        "themselves are yours to empty and close."
    )
    submit = b.Submit("Delete them", Callback.RETIRE_ACCOUNTS, {"contest_id": pool.contest_id})
    return b.form(RETIRE_TITLE, [b.section(text)], submit)


def pool_retired(number: int) -> b.View:
    """They are gone."""
    return b.modal(
        RETIRE_TITLE, [b.section(f"🧹 I have deleted {count(number, 'password')}. Thank you for tidying up.")]
    )
