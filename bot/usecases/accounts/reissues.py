"""What a person gets once, a second time: a look at the password, or another account after theirs was given back.

The person asks, an organizer decides; a password that may be seen once more is shown by one window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import ConfigurationError, Refusal
from bot.rules.words import quoted
from bot.usecases.accounts.accounts import (
    APPROVAL_LASTS,
    Credentials,
    OpenRequest,
    had_by,
    named,
    note_look,
    offer_in,
    open_request,
)
from bot.usecases.accounts.bindings import used
from bot.usecases.accounts.handover import require_entitled
from bot.usecases.accounts.letters import (
    AnotherAllowed,
    AnotherAsked,
    AnotherDeclined,
    ReissueApproved,
    ReissueAsked,
    ReissueDeclined,
)
from bot.usecases.happenings import AccountChanged
from models.accounts import RETIRED, AccountRequest, RequestKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Vault
    from bot.usecases.accounts.accounts import AccountOffer, Accounts
    from bot.usecases.desk import Desk, Matter
    from bot.usecases.messages import Message
    from models.accounts import Account, AccountReturn

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

    desk: Desk
    accounts: Accounts
    vault: Vault

    def ask(self, user_id: str, contest_id: str) -> OpenRequest:
        """Ask the organizers; an open request is not doubled. Raises Refusal for those who hold no account."""
        with self.desk.anyone(user_id) as work:
            contest = work.lock(contest_id)
            account = None if contest is None else work.accounts.held_by(contest.id, user_id)
            if contest is None or account is None:
                raise Refusal(
                    "You have no account there, so there is no password to show. `/kantor account` gets you one."
                )
            if account.sealed_password == RETIRED:
                raise Refusal(f"*{quoted(contest.name)}* is over, and I have deleted the passwords of its accounts.")
            request = open_request(work, contest, account, work.now)
            if request is None:
                asked = _ask(work.about(contest), RequestKind.PASSWORD, account)
                request = OpenRequest(asked.id, work.now, None)
            return request

    def ask_another(self, user_id: str, contest_id: str) -> AccountOffer:
        """Ask the organizers for another account, after one was given back; an open request is not doubled. What the modal shows then.

        Nothing is asked for those who may have one as things stand. Raises Refusal for those who are not entitled to any.
        """
        contest = self.accounts.contest(contest_id)
        require_entitled(self.desk.who, contest, user_id)
        with self.desk.person(user_id, contest.id) as work:
            contest = work.contest
            had, past = had_by(work, contest, user_id), work.accounts.returns.barring(contest.id, user_id)
            account = None if past is None else work.accounts.get(past.account_row_id)
            if had is not None and account is not None and had.asked_at is None:
                _ask(work, RequestKind.ANOTHER, account, past)
            return offer_in(work)

    def decide(self, organizer: str, request_id: str, *, approve: bool, reason: str = "") -> Decided:
        """Let the person look once more or have another account, or not. Decided before: says how, and changes nothing. Raises Refusal."""
        contest_id = self._request(request_id).contest_id
        with self.desk.organizer(organizer, contest_id) as work:
            if not approve and not reason.strip():
                raise Refusal("Please write a line that tells the person why.", field="reason")
            contest, request = work.contest, work.accounts.requests.get(request_id)
            account = None if request is None else work.accounts.get(request.account_row_id)
            if request is None or account is None:
                raise Refusal("That request is gone: the account was given back.")
            by_now = request.decided_at is None
            if by_now:
                request.decided_by, request.decided_at, request.approved = organizer, work.now, approve
                _settle(work, request, account, reason.strip())
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
        self.desk.who.require_organizer(organizer, request.contest_id)
        if request.decided_at is not None:
            raise Refusal(f"<@{request.decided_by}> has decided about that already.")
        return request.user_id

    def reveal(self, user_id: str, request_id: str, view_id: str) -> Credentials:
        """The account with its password, once an approval; a redelivery of the same view shows it again. Raises Refusal."""
        with self.desk.store.read() as work:
            known = work.accounts.requests.get(request_id)
        if known is not None:
            self.accounts.require_key(self.accounts.contest(known.contest_id))
        contest = None
        try:
            with self.desk.anyone(user_id) as work:
                now = work.now
                request = work.accounts.requests.get(request_id)
                contest = None if request is None else work.lock(request.contest_id)
                account = None if request is None else work.accounts.get(request.account_row_id)
                if request is None or contest is None or account is None or not _lets_look(request, user_id):
                    raise Refusal(f"I know no such permission of yours. {_ASK_AGAIN}")
                _require_usable(request, account, view_id, now)
                note_look(work.about(contest), view_id)
                request.reveal_view_id = view_id
                work.about(contest).note("account.revealed_again", **named(account))
                password = used(self.vault, account)
                return Credentials(account.account_id, account.user_name, password, account.sign_in_url)
        except ConfigurationError as error:
            raise (self.accounts.sealed_for_good(contest) if contest else error) from error

    def _request(self, request_id: str) -> AccountRequest:
        with self.desk.store.read() as work:
            request = work.accounts.requests.get(request_id)
        if request is None:
            raise Refusal("That request is gone: the account was given back.")
        return request


def _ask(work: Matter, kind: RequestKind, account: Account, past: AccountReturn | None = None) -> AccountRequest:
    """Write the request down, and pass it on to those who decide."""
    request = AccountRequest(
        id=work.desk.ids.new(),
        contest_id=work.contest.id,
        user_id=work.actor,
        kind=kind,
        account_row_id=account.id,
        asked_at=work.now,
    )
    work.accounts.requests.add(request)
    facts = {"request_id": request.id, "contest_name": work.contest.name, "asked_by": work.actor}
    facts |= {"account_id": account.account_id, "user_name": account.user_name}
    asked = ReissueAsked(**facts) if past is None else AnotherAsked(**facts, returned_at=past.returned_at)
    work.note(f"account.{asked.kind}", **named(account))  # the trail has the letters' words
    work.post_to_organizers(f"{asked.kind}:{request.id}", asked)
    return request


def _settle(work: Matter, request: AccountRequest, account: Account, reason: str) -> None:
    """Tell the person what was decided; who may have another account reads so in the checklist, too."""
    contest, what = work.contest, "another" if request.kind is RequestKind.ANOTHER else "reissue"
    told = {"contest_name": contest.name, "declined_by": work.actor, "reason": reason}
    answer: Message = AnotherDeclined(**told) if what == "another" else ReissueDeclined(**told)
    if request.approved and what == "another":
        work.accounts.returns.allow(contest.id, request.user_id, work.actor)
        work.happened(AccountChanged(request.user_id))
        answer = AnotherAllowed(contest_name=contest.name, channel_id=contest.channel_id)
    elif request.approved:
        answer = ReissueApproved(request_id=request.id, contest_name=contest.name, until=work.now + APPROVAL_LASTS)
    more = {"reason": reason} if reason else {}
    work.note(f"account.{answer.kind}", **named(account), person=request.user_id, **more)
    work.post(f"{what}_decided:{request.id}", request.user_id, answer)


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
