"""Lab accounts: one of the imported pool for each person who is entitled to it.

How often one person may look at passwords is limited: a hand that empties a pool, or a stolen session, is slow.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import ConfigurationError, Refusal, Unavailable
from bot.rules.moments import spoken
from bot.rules.words import quoted
from bot.usecases.accounts.bindings import let_go, passed_on, used
from bot.usecases.accounts.handover import (
    KEPT,
    hand_over,
    has_one_for,
    place_in_line,
    pool_count,
    require_entitled,
    require_pool,
)
from bot.usecases.accounts.letters import AccountReturned, PoolAlarm
from bot.usecases.desk import KANTOR
from bot.usecases.finding import known
from bot.usecases.happenings import AccountChanged
from bot.usecases.messages import TroubleAlarm
from bot.usecases.who import remember
from models.accounts import RequestKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Vault
    from bot.rules.secret import Secret
    from bot.usecases.desk import Desk, Matter
    from models.accounts import Account
    from models.contests import Contest
    from models.store import Work


TERMS = (
    "• This account is for the contest only, and for you alone: please pass it on to nobody.\n"
    "• Keep personal or confidential data out of it; the organizers can see what is in it.\n"
    "• Use what you need, and switch off what you started: it costs real money.\n"
    "• After the contest the account is emptied and closed, so keep copies of what you want to keep."
)
"""What people accept before they get an account, in mrkdwn."""

HINT = "Please ask again with `/kantor account`."
"""What to do where the contest is gone."""

APPROVAL_LASTS = KEPT
"""So long after an organizer's approval the password may be looked at once more."""


@dataclass(frozen=True)
class OpenRequest:
    """The person has asked to see the password once more, or for another account."""

    request_id: str
    asked_at: datetime
    approved_until: datetime | None
    """None while an organizer has not decided."""


@dataclass(frozen=True)
class HeldAccount:
    """An account that the person has already: everything but the password."""

    account_id: str
    user_name: str
    sign_in_url: str
    request: OpenRequest | None = None


@dataclass(frozen=True)
class HadAccount:
    """The account that the person has had and gave back: another one is for the organizers to allow."""

    account_id: str
    user_name: str
    returned_at: datetime
    asked_at: datetime | None
    """When they asked for another one; None where they have not, or an organizer declined."""


@dataclass(frozen=True)
class Line:
    """Nothing is free for this person now."""

    place: int
    """In the line, from 1; 0 for somebody who does not wait."""
    waiting: int
    """How many wait, the person included where they do."""


@dataclass(frozen=True)
class AccountOffer:
    """What the modal shows before anything is handed out: what is held, or was, or the line, or else the terms."""

    contest_id: str
    contest_name: str
    terms: str
    """A few lines of mrkdwn."""
    held: HeldAccount | None
    line: Line | None = None
    had: HadAccount | None = None


@dataclass(frozen=True)
class ClaimAccount:
    """The submitted modal."""

    user_id: str
    contest_id: str
    view_id: str
    """Slack's id of the modal: the same one delivered again shows the password again."""
    accepted_terms: bool


@dataclass(frozen=True)
class Credentials:
    """A person's account. The password is given once, and never printed."""

    account_id: str
    user_name: str
    password: Secret | None
    sign_in_url: str


@dataclass(frozen=True)
class Returning:
    """The account that somebody is about to give back, or has given back."""

    contest_id: str
    contest_name: str
    row_id: str
    """Of the account: a second delivery must not give back another one."""
    account_id: str
    user_name: str


@dataclass(frozen=True)
class Accounts:
    """Hand out accounts, keep the line of those who wait, and take accounts back."""

    desk: Desk
    vault: Vault

    def offer(self, user_id: str, channel_id: str) -> AccountOffer:
        """What this person could have. Raises Refusal for guests, people outside the contest's channel, and without any pool."""
        contest = self.desk.who.contest_for_account(user_id, channel_id)
        require_entitled(self.desk.who, contest, user_id)
        with self.desk.person(user_id, contest.id, reads=True, hint=HINT) as work:
            require_pool(work, work.contest)
            return offer_in(work)

    def claim(self, command: ClaimAccount) -> Credentials | AccountOffer:
        """Give the person their account, or say how it stands where none is free any more.

        The password comes with the first claim only, and with a redelivery of that same view.
        """
        contest = self.contest(command.contest_id)
        profile = require_entitled(self.desk.who, contest, command.user_id)
        self.require_key(contest)
        try:
            with self.desk.person(command.user_id, contest.id, hint=HINT) as work:
                remember(work, profile, work.now)
                account = self._hand_out(work, command)
                # Before the commit: an account whose password does not open stays in the pool.
                return offer_in(work) if account is None else self._shown(account, command)
        except ConfigurationError as error:
            raise self.sealed_for_good(contest) from error

    def wait(self, user_id: str, contest_id: str) -> AccountOffer:
        """Put the person into the line, unless there is one for them now: what the modal shows then."""
        contest = self.contest(contest_id)
        profile = require_entitled(self.desk.who, contest, user_id)
        with self.desk.person(user_id, contest.id, hint=HINT) as work:
            contest, now = work.contest, work.now
            remember(work, profile, now)
            require_pool(work, contest)
            hand_over(work)
            held = work.accounts.held_by(contest.id, user_id)
            barred = work.accounts.returns.barring(contest.id, user_id) is not None
            if held is None and not barred and not has_one_for(work, contest, user_id, now):
                if work.accounts.waits.join(contest.id, user_id, now=now):
                    work.note("account.waits")
                _alarm_empty(work)
            return offer_in(work)

    def stop_waiting(self, user_id: str, contest_id: str) -> AccountOffer:
        """Take the person off the line; what is kept for them goes to the next."""
        with self.desk.person(user_id, contest_id, hint=HINT) as work:
            if work.accounts.waits.leave(contest_id, user_id):
                work.note("account.waits_no_more")
            hand_over(work)
            return offer_in(work)

    def returning(self, user_id: str, channel_id: str) -> Returning:
        """The account that the person could give back. Raises Refusal where they have none."""
        return self.returning_of(user_id, self.desk.who.contest_for_account(user_id, channel_id).id)

    def returning_of(self, user_id: str, contest_id: str) -> Returning:
        """As ``returning``, for a contest that is known."""
        with self.desk.person(user_id, contest_id, reads=True, hint=HINT) as work:
            contest, held = work.contest, work.accounts.held_by(contest_id, user_id)
        if held is None:
            raise Refusal(f"You have no account of *{quoted(contest.name)}*, so there is nothing to give back.")
        return Returning(contest.id, contest.name, held.id, held.account_id, held.user_name)

    def give_back(self, user_id: str, contest_id: str, row_id: str) -> Returning:
        """Take the account back; nobody gets it until its password has been replaced. Done before: says so again."""
        with suppress(ConfigurationError, Unavailable):  # nobody needs a key to give something back
            self.vault.prepare()
        with self.desk.person(user_id, contest_id, hint=HINT) as work:
            contest, account = work.contest, work.accounts.get(row_id)
            if account is None or account.contest_id != contest.id:
                raise Refusal("I cannot find that account any more. `/kantor account` shows what you have.")
            if account.holder == user_id:
                self._take_back(work, account)
            elif account.returned_at is None:
                raise Refusal("That account is no longer yours. `/kantor account` shows what you have.")
            return Returning(contest.id, contest.name, account.id, account.account_id, account.user_name)

    def require_key(self, contest: Contest) -> None:
        """Fetch the key of passwords, before a transaction. Raises Refusal where that does not work, and tells the organizers."""
        try:
            self.vault.prepare()
        except (ConfigurationError, Unavailable) as error:
            raise self.sealed_for_good(
                contest, f"nobody can get an account, because the key of passwords is out of reach: {error}"
            ) from error

    def sealed_for_good(self, contest: Contest, why: str = "") -> Refusal:
        """The key of now is not the one of the import, or ``why``: only whoever runs the bot can help, so the organizers learn of it."""
        what = why or (
            "nobody can get an account, because the secret key is not the one that the passwords were sealed with. Please give "
            "me that key again where I run (KANTOR_SECRET_KEY, or secret.key in the data folder)"
        )
        with self.desk.person(KANTOR, contest.id, hint=HINT) as work:
            alarm = TroubleAlarm(contest_name=contest.name, what=what)
            work.post_to_organizers(f"key_alarm:{contest.id}:{work.now:%Y-%m-%d}", alarm)
        return Refusal(
            "I cannot open the accounts right now: that is our fault, not yours. I have told the organizers, and no account is "
            "used up. Please ask again a little later."
        )

    def contest(self, contest_id: str) -> Contest:
        """The contest of that id. Raises Refusal where it is gone."""
        with self.desk.store.read() as work:
            return known(work.contests.get(contest_id), HINT)

    def _shown(self, account: Account, command: ClaimAccount) -> Credentials:
        shows = account.reveal_view_id == command.view_id
        password = used(self.vault, account) if shows else None
        return Credentials(account.account_id, account.user_name, password, account.sign_in_url)

    def _hand_out(self, work: Matter, command: ClaimAccount) -> Account | None:
        contest, now = work.contest, work.now
        held = work.accounts.held_by(contest.id, command.user_id)
        if held is not None:
            action = "account.revealed" if held.reveal_view_id == command.view_id else "account.shown"
            work.note(action, **named(held))
            return held
        if not command.accepted_terms:
            raise Refusal(
                "Please accept the terms first: tick the box, then press the button again.", field="accepted_terms"
            )
        require_pool(work, contest)
        if work.accounts.returns.barring(contest.id, command.user_id) is not None:
            return None
        account = None
        if has_one_for(work, contest, command.user_id, now):
            account = work.accounts.take_free(contest.id, command.user_id, view_id=command.view_id, now=now)
        if account is None:
            _alarm_empty(work)
            return None
        passed_on(self.vault, account, None)
        note_look(work, command.view_id)
        work.accounts.waits.leave(contest.id, command.user_id)
        work.note("account.claimed", **named(account))
        work.happened(AccountChanged(command.user_id))
        _alarm_low(work)
        return account

    def _take_back(self, work: Matter, account: Account) -> None:
        contest, user_id, now = work.contest, work.actor, work.now
        let_go(self.vault, account)
        account.holder, account.claimed_at, account.reveal_view_id, account.returned_at = None, None, None, now
        work.accounts.requests.forget(account.id)
        work.accounts.returns.note(contest.id, user_id, account.id, now=now)
        work.note("account.returned", **named(account))
        work.happened(AccountChanged(user_id))
        news = AccountReturned(
            contest_name=contest.name,
            account_id=account.account_id,
            user_name=account.user_name,
            returned_by=user_id,
            channel_id=contest.channel_id,
        )
        work.post_to_organizers(f"account_returned:{account.id}:{now.isoformat()}", news)


def offer_in(work: Matter) -> AccountOffer:
    """What the modal shows whoever asks."""
    contest, user_id, now = work.contest, work.actor, work.now
    terms = str(contest.texts.get("terms") or TERMS)
    account = work.accounts.held_by(contest.id, user_id)
    if account is not None:
        request = open_request(work, contest, account, now)
        held = HeldAccount(account.account_id, account.user_name, account.sign_in_url, request)
        return AccountOffer(contest.id, contest.name, terms, held)
    had = had_by(work, contest, user_id)
    if had is not None:
        return AccountOffer(contest.id, contest.name, terms, None, had=had)
    if has_one_for(work, contest, user_id, now):
        return AccountOffer(contest.id, contest.name, terms, None)
    waiting = pool_count(work, contest, now).waiting
    return AccountOffer(contest.id, contest.name, terms, None, Line(place_in_line(work, contest, user_id), waiting))


def _alarm_empty(work: Matter) -> None:
    # Once a day: ten people who ask in vain are one alarm.
    key = f"pool_alarm:{work.contest.id}:{work.now:%Y-%m-%d}"
    work.post_to_organizers(key, _alarm_of(work.contest, 0, work.actor))


def _alarm_low(work: Matter) -> None:
    pool = pool_count(work, work.contest, work.now)
    if pool.free <= low_water(pool.size):
        key = f"pool_low:{work.contest.id}:{work.now:%Y-%m-%d}"
        work.post_to_organizers(key, _alarm_of(work.contest, pool.free, ""))


def _alarm_of(contest: Contest, left: int, asked_by: str) -> PoolAlarm:
    return PoolAlarm(
        contest_name=contest.name, slug=contest.slug, left=left, asked_by=asked_by, channel_id=contest.channel_id
    )


def named(account: Account) -> dict[str, str]:
    """Which account it is, as the audit trail names it."""
    return {"account": account.account_id, "user": account.user_name}


def low_water(size: int) -> int:
    """From so few free accounts on the organizers are told: a tenth of the pool; -1, never, below ten."""
    return size // 10 or -1


def open_request(work: Work, contest: Contest, account: Account, now: datetime) -> OpenRequest | None:
    """The holder's wish to see the password once more, where it is undecided, or approved and not used yet."""
    request = work.accounts.requests.latest(contest.id, str(account.holder), RequestKind.PASSWORD)
    if request is None or request.account_row_id != account.id:
        return None
    if request.decided_at is None:
        return OpenRequest(request.id, request.asked_at, None)
    until = request.decided_at + APPROVAL_LASTS
    usable = request.approved and request.reveal_view_id is None and now < until
    return OpenRequest(request.id, request.asked_at, until) if usable else None


def had_by(work: Work, contest: Contest, user_id: str) -> HadAccount | None:
    """What the person has had and gave back, where no organizer has allowed another one since."""
    past = work.accounts.returns.barring(contest.id, user_id)
    account = None if past is None else work.accounts.get(past.account_row_id)
    if past is None or account is None:
        return None
    request = work.accounts.requests.latest(contest.id, user_id, RequestKind.ANOTHER)
    asked_at = request.asked_at if request is not None and request.decided_at is None else None
    return HadAccount(account.account_id, account.user_name, past.returned_at, asked_at)


LOOKS, WITHIN = 3, timedelta(hours=1)
"""So many windows show one person a password within that time, of all contests together."""


def note_look(work: Matter, view_id: str) -> None:
    """That window shows the person a password; one that has shown it counts once. Raises Refusal where it is one too many."""
    contest, user_id, now = work.contest, work.actor, work.now
    work.accounts.looks.lock(user_id)
    before = [look for look in work.accounts.looks.since(user_id, now - WITHIN) if look.at <= now]
    new = work.accounts.looks.note(contest.id, user_id, view_id, now=now)
    if new and len(before) >= LOOKS:
        again = spoken(before[-LOOKS].at + WITHIN, work.people.zone_of(user_id, contest.time_zone))
        raise Refusal(
            f"I have shown you {LOOKS} passwords within an hour, and show no more than that. Please come back on {again}."
        )
