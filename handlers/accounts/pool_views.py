"""The organizers' side of the accounts: how the pool stands, the paste, the retirement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.accounts.poolrows import COLUMNS, PASTED
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback, Command, Turn
from handlers.views import blocks as b
from handlers.views.buttons import opening
from handlers.views.pages import page_of, turns
from handlers.views.text import at_most, code, count, mention, name, packed, viewers_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.usecases.accounts.pools import Imported, PoolAccount, PoolPlace, PoolStatus, PoolWait
    from bot.usecases.accounts.reissues import Decided

TITLE = Sub.ACCOUNTS.row.window
IMPORT_TITLE = Sub.ACCOUNTS_IMPORT.row.window
DECLINE_TITLE = "Decline"
RETIRE_TITLE = "Retire accounts"
_LINES_A_LIST = 200
"""Eleven lines of the longest fit into a block: three such lists stay below a window's 100."""
_DECISIONS = 10
_EXAMPLE = "111122223333,lab-01,a password,https://example.com/signin"
_FITS = PASTED // 75
"""Lines of the usual length."""


def status(pool: PoolStatus, page: int = 0) -> b.View:
    """How the pool stands, and what can be done about it; of what is to be decided a page."""
    return b.modal(
        TITLE,
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
    return b.modal(TITLE, [b.section(text)])


def retire(pool: PoolStatus) -> b.View:
    """What deleting the passwords means, before it is confirmed."""
    text = (
        f"Delete the passwords of all {count(pool.size - pool.retired, 'account')} of *{name(pool.contest_name)}* from my "
        "database? Nobody can see one here after that. Who had which account stays on the list to rotate: the accounts "
        "themselves are yours to empty and close."
    )
    submit = b.Submit("Delete them", Callback.RETIRE_ACCOUNTS, {"contest_id": pool.contest_id})
    return b.form(RETIRE_TITLE, [b.section(text)], submit)


def retired(number: int) -> b.View:
    """They are gone."""
    return b.modal(
        RETIRE_TITLE, [b.section(f"🧹 I have deleted {count(number, 'password')}. Thank you for tidying up.")]
    )
