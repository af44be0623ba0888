"""Lab accounts: one of the imported pool for each person who is entitled to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.announcements.accounts import PoolAlarm
from bot.announcements.contests import TroubleAlarm
from bot.errors import ConfigurationError, Refusal
from bot.usecases.letters import post_to_organizers
from bot.usecases.people import remember, require_pool
from models.account import Account

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.ports import Clock, Ids, Vault
    from bot.usecases.people import People
    from models.contest import Contest
    from models.store import Store, Work

TERMS = (
    "• This account is for the contest only, and for you alone: please pass it on to nobody.\n"
    "• Keep personal or confidential data out of it; the organizers can see what is in it.\n"
    "• Use what you need, and switch off what you started: it costs real money.\n"
    "• After the contest the account is emptied and closed, so keep copies of what you want to keep."
)
"""What people accept before they get an account, in mrkdwn."""

_CLI = "cli"


@dataclass(frozen=True)
class HeldAccount:
    """An account that the person has already: everything but the password."""

    account_id: str
    user_name: str
    sign_in_url: str


@dataclass(frozen=True)
class AccountOffer:
    """What the modal shows before anything is handed out."""

    contest_id: str
    contest_name: str
    terms: str
    """A few lines of mrkdwn."""
    held: HeldAccount | None


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
    password: str | None = field(repr=False)
    sign_in_url: str


@dataclass(frozen=True)
class PoolRow:
    """One line of the organizers' list."""

    account_id: str
    user_name: str
    password: str = field(repr=False)
    sign_in_url: str
    line: int = field(default=0, compare=False)
    """Where it stands in the organizers' file; 0 where it came from none."""


COLUMNS = ("account_id", "user_name", "password", "sign_in_url")
"""What each line of the organizers' list must give."""


@dataclass(frozen=True)
class Imported:
    """How many rows were new, and how many were there already (those are left as they are)."""

    new: int
    known: int


@dataclass(frozen=True)
class Accounts:
    """Hand out accounts, and take in the pool."""

    store: Store
    people: People
    vault: Vault
    clock: Clock
    ids: Ids

    def offer(self, user_id: str, channel_id: str) -> AccountOffer:
        """What this person could have. Raises Refusal for guests, people outside the contest's channel, and without any pool."""
        contest = self.people.contest_for_account(user_id, channel_id)
        self.people.require_entitled(contest, user_id)
        with self.store.read() as work:
            require_pool(work, contest, user_id)
            account = work.accounts.held_by(contest.id, user_id)
        held = None if account is None else HeldAccount(account.account_id, account.user_name, account.sign_in_url)
        return AccountOffer(contest.id, contest.name, TERMS, held)

    def claim(self, command: ClaimAccount) -> Credentials:
        """Give the person their account. The password comes with the first claim only, and with a redelivery of that same view."""
        with self.store.read() as work:
            contest = work.contests.get(command.contest_id)
        if contest is None:
            raise Refusal("I cannot find that contest any more. Please ask again with `/kantor account`.")
        profile = self.people.require_entitled(contest, command.user_id)
        now = self.clock.now()
        try:
            with self.store.write() as work:
                remember(work, profile, now)
                account = self._hand_out(work, contest, command, now)
                # Before the commit: an account whose password does not open stays in the pool.
                given = None if account is None else self._shown(account, command)
        except ConfigurationError as error:
            raise self._sealed_for_good(contest, now) from error
        if given is None:
            raise Refusal(
                "All accounts are taken for now, sorry! I have told the organizers, who can add more. Please ask again a little later; "
                "you can compose without an account, too."
            )
        return given

    def import_pool(self, slug: str, rows: Iterable[PoolRow]) -> Imported:
        """Seal and keep a list of accounts. Raises Refusal, and keeps none, where a row is incomplete."""
        pool = _checked(rows)
        now = self.clock.now()
        with self.store.write() as work:
            contest = work.contests.by_slug(slug)
            if contest is None:
                slugs = ", ".join(known.slug for known in work.contests.newest_first()) or "none yet"
                raise Refusal(f"There is no contest with the slug “{slug}”. Contests: {slugs}.", field="slug")
            work.contests.lock(contest.id)
            new = sum(self._keep(work, contest, row) for row in pool)
            imported = Imported(new, len(pool) - new)
            self._note(work, contest, _CLI, "accounts.imported", now, new=imported.new, known=imported.known)
        return imported

    def _shown(self, account: Account, command: ClaimAccount) -> Credentials:
        shows = account.reveal_view_id == command.view_id
        password = self.vault.unseal(account.sealed_password, account.id) if shows else None
        return Credentials(account.account_id, account.user_name, password, account.sign_in_url)

    def _sealed_for_good(self, contest: Contest, now: datetime) -> Refusal:
        """The key of now is not the one of the import: only whoever runs the bot can help."""
        what = (
            "nobody can get an account, because the secret key is not the one that the passwords were sealed with. Please give "
            "me that key again where I run (KANTOR_SECRET_KEY, or secret.key in the data folder)"
        )
        with self.store.write() as work:
            alarm = TroubleAlarm(contest_name=contest.name, what=what)
            self._alarm(work, f"key_alarm:{contest.id}:{now:%Y-%m-%d}", contest, alarm, now)
        return Refusal(
            "I cannot open the accounts right now: that is our fault, not yours. I have told the organizers, and no account is "
            "used up. Please ask again a little later."
        )

    def _alarm(self, work: Work, key: str, contest: Contest, alarm: PoolAlarm | TroubleAlarm, now: datetime) -> None:
        post_to_organizers(work, key, contest, alarm, now, self.people.organizer_ids)

    def _hand_out(self, work: Work, contest: Contest, command: ClaimAccount, now: datetime) -> Account | None:
        work.contests.lock(contest.id)  # two claims of one person take their turns
        held = work.accounts.held_by(contest.id, command.user_id)
        if held is not None:
            action = "account.revealed" if held.reveal_view_id == command.view_id else "account.shown"
            self._note(work, contest, command.user_id, action, now, account=held.account_id, user=held.user_name)
            return held
        if not command.accepted_terms:
            raise Refusal(
                "Please accept the terms first: tick the box, then press the button again.", field="accepted_terms"
            )
        require_pool(work, contest, command.user_id)
        account = work.accounts.take_free(contest.id, command.user_id, view_id=command.view_id, now=now)
        if account is None:
            alarm = PoolAlarm(contest_name=contest.name, slug=contest.slug, left=0, asked_by=command.user_id)
            # Once a day: ten people who ask in vain are one alarm.
            self._alarm(work, f"pool_alarm:{contest.id}:{now:%Y-%m-%d}", contest, alarm, now)
            return None
        facts = {"account": account.account_id, "user": account.user_name}
        self._note(work, contest, command.user_id, "account.claimed", now, **facts)
        return account

    def _keep(self, work: Work, contest: Contest, row: PoolRow) -> bool:
        if work.accounts.find(contest.id, row.account_id, row.user_name) is not None:
            return False
        row_id = self.ids.new()
        work.accounts.add(
            Account(
                id=row_id,
                contest_id=contest.id,
                account_id=row.account_id,
                user_name=row.user_name,
                sealed_password=self.vault.seal(row.password, row_id),
                sign_in_url=row.sign_in_url,
            )
        )
        return True

    def _note(self, work: Work, contest: Contest, actor: str, action: str, now: datetime, **facts: str | int) -> None:
        work.audit.note(self.ids.new(), at=now, actor=actor, action=action, contest_id=contest.id, **facts)


def _checked(rows: Iterable[PoolRow]) -> Sequence[PoolRow]:
    pool = tuple(rows)
    for number, row in enumerate(pool, start=1):
        line = row.line or number
        missing = [column for column in COLUMNS if not getattr(row, column).strip()]
        if missing:
            raise Refusal(f"Line {line}: {', '.join(missing)} is empty. Nothing was imported.")
        if not row.sign_in_url.startswith("https://"):
            raise Refusal(
                f"Line {line}: sign_in_url must start with https://, as in https://example.com/console. Nothing was imported."
            )
    return pool
