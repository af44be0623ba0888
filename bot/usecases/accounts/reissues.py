"""What a person gets once, a second time: a look at the password, or another account after theirs was given back.

The person asks, an organizer decides; a password that may be seen once more is shown by one window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import ConfigurationError, Refusal
from bot.usecases.accounts.accounts import APPROVAL_LASTS, Credentials, OpenRequest, had_by, named, open_request
from bot.usecases.accounts.letters import (
    AnotherAllowed,
    AnotherAsked,
    AnotherDeclined,
    ReissueApproved,
    ReissueAsked,
    ReissueDeclined,
)
from bot.usecases.accounts.looks import note_look
from bot.usecases.letters import post, post_to_organizers
from bot.usecases.people.checklists import refresh_checklist
from models.accounts import RETIRED, AccountRequest, RequestKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Clock, Ids, Vault
    from bot.usecases.accounts.accounts import AccountOffer, Accounts
    from bot.usecases.messages import Message
    from bot.usecases.people.people import People
    from models.accounts import Account, AccountReturn
    from models.contests import Contest
    from models.store import Store, Work

_ASK_AGAIN = "Please ask again with `/kantor account`."


@dataclass(frozen=True)
class Decided:
    """What has been decided about a request, by whom."""

    request_id: str
    contest_id: str
    asked_by: str
    decided_by: str
    approved: bool
    by_now: bool
    """False where somebody had decided before: theirs counts."""
    another: bool = False
    """Whether it was about another account, and not about a look at the password."""


@dataclass(frozen=True)
class Reissues:
    """Ask for a password once more or for another account, decide about it, and show the password."""

    store: Store
    people: People
    accounts: Accounts
    vault: Vault
    clock: Clock
    ids: Ids

    def ask(self, user_id: str, contest_id: str) -> OpenRequest:
        """Ask the organizers; an open request is not doubled. Raises Refusal for those who hold no account."""
        now = self.clock.now()
        with self.store.write() as work:
            contest = work.contests.lock(contest_id)
            account = None if contest is None else work.accounts.held_by(contest.id, user_id)
            if contest is None or account is None:
                raise Refusal(
                    "You have no account there, so there is no password to show. `/kantor account` gets you one."
                )
            if account.sealed_password == RETIRED:
                raise Refusal(f"*{contest.name}* is over, and I have deleted the passwords of its accounts.")
            request = open_request(work, contest, account, now)
            return request or self._write(work, contest, account, now)

    def ask_another(self, user_id: str, contest_id: str) -> AccountOffer:
        """Ask the organizers for another account, after one was given back; an open request is not doubled. What the modal shows then.

        Nothing is asked for those who may have one as things stand. Raises Refusal for those who are not entitled to any.
        """
        contest = self.accounts.contest(contest_id)
        self.people.require_entitled(contest, user_id)
        with self.store.write() as work:
            work.contests.lock(contest.id)
            had, past = had_by(work, contest, user_id), work.accounts.returns.barring(contest.id, user_id)
            if had is not None and past is not None and had.asked_at is None:
                self._write_another(work, contest, past, self.clock.now())
            return self.accounts.offer_in(work, contest, user_id)

    def decide(self, organizer: str, request_id: str, *, approve: bool, reason: str = "") -> Decided:
        """Let the person look once more or have another account, or not. Decided before: says how, and changes nothing. Raises Refusal."""
        contest_id = self._request(request_id).contest_id
        self.people.require_organizer(organizer, contest_id)
        if not approve and not reason.strip():
            raise Refusal("Please write a line that tells the person why.", field="reason")
        now = self.clock.now()
        with self.store.write() as work:
            contest = work.contests.lock(contest_id)
            request = work.accounts.requests.get(request_id)
            account = None if request is None else work.accounts.get(request.account_row_id)
            if contest is None or request is None or account is None:
                raise Refusal("That request is gone: the account was given back.")
            by_now = request.decided_at is None
            if by_now:
                request.decided_by, request.decided_at, request.approved = organizer, now, approve
                if request.kind is RequestKind.ANOTHER:
                    self._settle_another(work, contest, request, account, reason.strip())
                else:
                    self._tell(work, contest, request, account, reason.strip())
            return Decided(
                request_id=request.id,
                contest_id=contest.id,
                asked_by=request.user_id,
                decided_by=str(request.decided_by),
                approved=bool(request.approved),
                by_now=by_now,
                another=request.kind is RequestKind.ANOTHER,
            )

    def asked_by(self, organizer: str, request_id: str) -> str:
        """Whose request an organizer is about to decline. Raises Refusal where it is decided."""
        request = self._request(request_id)
        self.people.require_organizer(organizer, request.contest_id)
        if request.decided_at is not None:
            raise Refusal(f"<@{request.decided_by}> has decided about that already.")
        return request.user_id

    def reveal(self, user_id: str, request_id: str, view_id: str) -> Credentials:
        """The account with its password, once an approval; a redelivery of the same view shows it again. Raises Refusal."""
        now = self.clock.now()
        contest = None
        try:
            with self.store.write() as work:
                request = work.accounts.requests.get(request_id)
                contest = None if request is None else work.contests.lock(request.contest_id)
                account = None if request is None else work.accounts.get(request.account_row_id)
                if request is None or contest is None or account is None or not _lets_look(request, user_id):
                    raise Refusal(f"I know no such permission of yours. {_ASK_AGAIN}")
                _require_usable(request, account, view_id, now)
                note_look(work, contest, user_id, view_id, now)
                request.reveal_view_id = view_id
                self._note(work, contest, user_id, "account.revealed_again", now, account)
                password = self.vault.unseal(account.sealed_password, account.id)
                return Credentials(account.account_id, account.user_name, password, account.sign_in_url)
        except ConfigurationError as error:
            raise (self.accounts.sealed_for_good(contest) if contest else error) from error

    def _request(self, request_id: str) -> AccountRequest:
        with self.store.read() as work:
            request = work.accounts.requests.get(request_id)
        if request is None:
            raise Refusal("That request is gone: the account was given back.")
        return request

    def _write(self, work: Work, contest: Contest, account: Account, now: datetime) -> OpenRequest:
        user_id = str(account.holder)
        request = self._add(work, contest, user_id, RequestKind.PASSWORD, account.id, now)
        self._note(work, contest, user_id, "account.reissue_asked", now, account)
        asked = ReissueAsked(
            request_id=request.id,
            contest_name=contest.name,
            asked_by=user_id,
            account_id=account.account_id,
            user_name=account.user_name,
        )
        post_to_organizers(work, f"reissue_asked:{request.id}", contest, asked, now, self.people.organizer_ids)
        return OpenRequest(request.id, now, None)

    def _write_another(self, work: Work, contest: Contest, past: AccountReturn, now: datetime) -> None:
        account = work.accounts.get(past.account_row_id)
        if account is None:
            return
        request = self._add(work, contest, past.user_id, RequestKind.ANOTHER, account.id, now)
        self._note(work, contest, past.user_id, "account.another_asked", now, account)
        asked = AnotherAsked(
            request_id=request.id,
            contest_name=contest.name,
            asked_by=past.user_id,
            account_id=account.account_id,
            user_name=account.user_name,
            returned_at=past.returned_at,
        )
        post_to_organizers(work, f"another_asked:{request.id}", contest, asked, now, self.people.organizer_ids)

    def _add(  # noqa: PLR0913, PLR0917 - who asks for what, when, about which account
        self, work: Work, contest: Contest, user_id: str, kind: RequestKind, account_row_id: str, now: datetime
    ) -> AccountRequest:
        request = AccountRequest(
            id=self.ids.new(),
            contest_id=contest.id,
            user_id=user_id,
            kind=kind,
            account_row_id=account_row_id,
            asked_at=now,
        )
        work.accounts.requests.add(request)
        return request

    def _tell(self, work: Work, contest: Contest, request: AccountRequest, account: Account, reason: str) -> None:
        now, organizer = self.clock.now(), str(request.decided_by)
        verb = "approved" if request.approved else "declined"
        more = {"reason": reason} if reason else {}
        self._note(work, contest, organizer, f"account.reissue_{verb}", now, account, person=request.user_id, **more)
        answer: ReissueApproved | ReissueDeclined = (
            ReissueApproved(request_id=request.id, contest_name=contest.name, until=now + APPROVAL_LASTS)
            if request.approved
            else ReissueDeclined(contest_name=contest.name, declined_by=organizer, reason=reason)
        )
        post(work, f"reissue_decided:{request.id}", request.user_id, answer, now, contest_id=contest.id)

    def _settle_another(
        self, work: Work, contest: Contest, request: AccountRequest, account: Account, reason: str
    ) -> None:
        now, organizer = self.clock.now(), str(request.decided_by)
        more = {"reason": reason} if reason else {}
        verb = "allowed" if request.approved else "declined"
        self._note(work, contest, organizer, f"account.another_{verb}", now, account, person=request.user_id, **more)
        answer: Message = AnotherDeclined(contest_name=contest.name, declined_by=organizer, reason=reason)
        if request.approved:
            work.accounts.returns.allow(contest.id, request.user_id, organizer)
            refresh_checklist(work, contest, request.user_id, now)
            answer = AnotherAllowed(contest_name=contest.name, channel_id=contest.channel_id)
        post(work, f"another_decided:{request.id}", request.user_id, answer, now, contest_id=contest.id)

    def _note(  # noqa: PLR0913, PLR0917 - who did what, when, to which account
        self, work: Work, contest: Contest, actor: str, action: str, now: datetime, account: Account, **facts: str
    ) -> None:
        work.audit.note(
            self.ids.new(), at=now, actor=actor, action=action, contest_id=contest.id, **named(account), **facts
        )


def _lets_look(request: AccountRequest, user_id: str) -> bool:
    return request.kind is RequestKind.PASSWORD and request.user_id == user_id


def _require_usable(request: AccountRequest, account: Account, view_id: str, now: datetime) -> None:
    if account.holder != request.user_id:
        raise Refusal("That account is no longer yours. `/kantor account` shows what you have.")
    if not request.approved or request.decided_at is None:
        raise Refusal("No organizer has approved that yet. I write to you as soon as one has.")
    if request.reveal_view_id not in {None, view_id}:
        raise Refusal(f"I have shown it once after that approval. {_ASK_AGAIN}")
    if request.reveal_view_id is None and now >= request.decided_at + APPROVAL_LASTS:
        raise Refusal(f"That approval was good for a day, and the day is over. {_ASK_AGAIN}")
    if account.sealed_password == RETIRED:
        raise Refusal("The contest is over, and I have deleted the passwords of its accounts.")
