"""The pool of accounts, as organizers see it: bringing accounts, how they stand, and taking their passwords out of our hands.

Lines of their list are read and checked. No sentence of this module shows a cell: it could be a password.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import ConfigurationError, Problems, Refusal
from bot.ports import Binding
from bot.rules.naming import natural
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.rules.secret import Secret
from bot.rules.words import quoted
from bot.usecases.accounts.accounts import low_water, named
from bot.usecases.accounts.bindings import bound, opened, purged
from bot.usecases.accounts.handover import KEPT, hand_over, is_kept, pool_count
from models.accounts import RETIRED, Account, RequestKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.ports import Vault
    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.store import Work


_HINT = "`/kantor accounts` begins anew."
_CLI = "cli"


@dataclass(frozen=True)
class Imported:
    """What became of a list of accounts."""

    new: int
    known: int
    """Those that were there already are left as they are."""
    replaced: int = 0
    """Given back by somebody, and free again with their new password."""
    stale: int = 0
    """Given back by somebody, and still with the password that was seen: not free."""


@dataclass(frozen=True)
class PoolPlace:
    """Where accounts are brought to."""

    contest_id: str
    contest_name: str


@dataclass(frozen=True)
class PoolAccount:
    """An account in the organizers' list."""

    account_id: str
    user_name: str
    who: str | None
    """Who has it; None for one that was given back."""
    since: datetime | None


@dataclass(frozen=True)
class PoolWait:
    """Somebody in the line."""

    user_id: str
    since: datetime
    kept_until: datetime | None
    """An account is kept for them until then; None while they wait."""


@dataclass(frozen=True)
class PoolRequest:
    """Somebody who wants to see the password once more, or have another account."""

    request_id: str
    user_id: str
    asked_at: datetime
    another: bool = False
    """It is another account that they ask for."""


@dataclass(frozen=True)
class PoolStatus:
    """How the pool stands."""

    contest_id: str
    contest_name: str
    finished: bool
    size: int
    free: int
    """For whoever asks: what is kept for people in line is not."""
    kept: int
    """For people in line who were told."""
    low_water: int
    """An alarm goes out from so few free ones on; below 0: only when somebody asks in vain."""
    held: tuple[PoolAccount, ...]
    returned: tuple[PoolAccount, ...]
    waiting: tuple[PoolWait, ...]
    requests: tuple[PoolRequest, ...]
    retired: int
    """How many passwords we have deleted."""


@dataclass(frozen=True)
class Pools:
    """Bring accounts, see how they stand, retire them."""

    desk: Desk
    vault: Vault

    def status(self, user_id: str, channel_id: str) -> PoolStatus | None:
        """How the pool of the contest meant stands; None for those who do not organize it. May raise Refusal or Unavailable."""
        contest = self.desk.who.contest_for_account(user_id, channel_id)
        if Role.ORGANIZER not in self.desk.who.roles(user_id, contest.id):
            return None
        with self.desk.store.read() as work:
            return self._status(work, contest)

    def status_of(self, user_id: str, contest_id: str) -> PoolStatus:
        """How the pool of that contest stands. Raises Refusal for those who do not organize it."""
        with self.desk.organizer(user_id, contest_id, reads=True, hint=_HINT) as work:
            return self._status(work, work.contest)

    def place(self, user_id: str, channel_id: str) -> PoolPlace:
        """The contest that accounts would be brought to. Raises Refusal for those who do not organize it."""
        contest = self.desk.who.contest_for_account(user_id, channel_id)
        self.desk.who.require_organizer(user_id, contest.id)
        return PoolPlace(contest.id, contest.name)

    def preview(self, user_id: str, contest_id: str, rows: Sequence[PoolRow]) -> Imported:
        """What an import of these rows would do. Raises Refusal."""
        self.vault.prepare()
        with self.desk.organizer(user_id, contest_id, reads=True, hint=_HINT) as work:
            return _counted([self._fate(work, work.contest, row) for row in checked(rows)])

    def bring(self, user_id: str, contest_id: str, rows: Sequence[PoolRow]) -> Imported:
        """Seal and keep these accounts, and hand what is free now to those who wait. Raises Refusal."""
        self.vault.prepare()
        with self.desk.organizer(user_id, contest_id, hint=_HINT) as work:
            return self._import(work, checked(rows))

    def import_pool(self, slug: str, rows: Iterable[PoolRow]) -> Imported:
        """As ``bring``, for whoever runs the bot. Raises Refusal, and keeps none, where a row is incomplete."""
        self.vault.prepare()
        problems = Problems()
        pool = problems.of((), checked, rows)
        with self.desk.anyone(_CLI) as work:
            contest = problems.of(None, _of_slug, work, slug)
            problems.settle()
            assert contest is not None
            work.lock(contest.id)
            return self._import(work.about(contest), pool)

    def retire(self, user_id: str, contest_id: str) -> int:
        """Delete all passwords of a contest that is over; how many were here. Raises Refusal before the end."""
        with self.desk.organizer(user_id, contest_id, hint=_HINT) as work:
            if work.contest.phase != Phase.FINISHED:
                raise Refusal("People still need their accounts: retire them when the contest is finished.")
            number = purged(work, contest_id)
            if number:
                work.note("accounts.retired", count=number)
            return number

    def pass_on(self) -> None:
        """Upkeep: what was kept in vain goes to the next in line, in all contests that run."""
        with self.desk.anyone() as work:
            for contest in sorted(work.contests.unfinished(), key=lambda each: each.id):
                if work.accounts.waits.queue(contest.id):
                    work.lock(contest.id)
                    hand_over(work.about(contest))

    def _import(self, work: Matter, pool: Sequence[PoolRow]) -> Imported:
        imported = _counted([self._keep(work, row) for row in pool])
        work.note("accounts.imported", new=imported.new, known=imported.known, replaced=imported.replaced)
        if work.contest.phase != Phase.FINISHED:
            hand_over(work)
        return imported

    def _keep(self, work: Matter, row: PoolRow) -> str:
        contest = work.contest
        fate = self._fate(work, contest, row)
        account = work.accounts.find(contest.id, row.account_id, row.user_name)
        if account is None:
            row_id = self.desk.ids.new()
            sealed = self.vault.seal(row.password, Binding(row_id, contest.id))
            names = {"account_id": row.account_id, "user_name": row.user_name, "sign_in_url": row.sign_in_url}
            work.accounts.add(Account(id=row_id, contest_id=contest.id, sealed_password=sealed, **names))
        elif fate == "replaced":
            account.sealed_password = self.vault.seal(row.password, bound(account))
            account.sign_in_url, account.returned_at, account.reveal_view_id = row.sign_in_url, None, None
            account.replaced_at = work.now
            work.note("account.replaced", **named(account))
        return fate

    def _fate(self, work: Work, contest: Contest, row: PoolRow) -> str:
        """What becomes of the row: a field of Imported."""
        account = work.accounts.find(contest.id, row.account_id, row.user_name)
        if account is None:
            return "new"
        retired = account.sealed_password == RETIRED
        if account.holder is not None or (account.returned_at is None and not retired):
            return "known"
        return "stale" if not retired and self._is_same(account, row) else "replaced"

    def _is_same(self, account: Account, row: PoolRow) -> bool:
        try:
            return opened(self.vault, account) == row.password
        except ConfigurationError:  # sealed with another key: nobody will ever hand out that one
            return False

    def _status(self, work: Work, contest: Contest) -> PoolStatus:
        now = self.desk.clock.now()
        rows, counted = work.accounts.of_contest(contest.id), pool_count(work, contest, now)
        pool = sorted(rows, key=lambda each: (natural(each.account_id), natural(each.user_name)))
        return PoolStatus(
            contest_id=contest.id,
            contest_name=contest.name,
            finished=contest.phase == Phase.FINISHED,
            size=len(pool),
            free=counted.free,
            kept=counted.kept,
            low_water=low_water(len(pool)),
            held=tuple(
                PoolAccount(each.account_id, each.user_name, each.holder, each.claimed_at)
                for each in pool
                if each.holder is not None
            ),
            returned=tuple(
                PoolAccount(each.account_id, each.user_name, None, each.returned_at)
                for each in pool
                if each.returned_at is not None and each.sealed_password != RETIRED
            ),
            waiting=tuple(
                PoolWait(wait.user_id, wait.since, wait.told_at + KEPT if wait.told_at and is_kept(wait, now) else None)
                for wait in work.accounts.waits.queue(contest.id)
            ),
            requests=tuple(
                PoolRequest(request.id, request.user_id, request.asked_at, request.kind is RequestKind.ANOTHER)
                for request in work.accounts.requests.undecided(contest.id)
            ),
            retired=sum(each.sealed_password == RETIRED for each in pool),
        )


def _of_slug(work: Work, slug: str) -> Contest | None:
    """Raises Refusal where there is no such contest."""
    contest = work.contests.by_slug(slug)
    if contest is None:
        slugs = ", ".join(known.slug for known in work.contests.newest_first()) or "none yet"
        raise Refusal(f"There is no contest with the slug “{quoted(slug)}”. Contests: {slugs}.", field="slug")
    return contest


def _counted(fates: Sequence[str]) -> Imported:
    return Imported(*(fates.count(fate) for fate in ("new", "known", "replaced", "stale")))


COLUMNS = ("account_id", "user_name", "password", "sign_in_url")
"""What each line of the organizers' list must give."""

PASTED = 3000
"""So many characters go into an input of Slack's."""

_TOLD = 5
"""So many wrong lines are told at once."""


@dataclass(frozen=True)
class PoolRow:
    """One line of the organizers' list."""

    account_id: str
    user_name: str
    password: Secret
    sign_in_url: str
    line: int = field(default=0, compare=False)
    """Where it stands in the organizers' list; 0 where it came from none."""


def row_of(cells: Mapping[str, str | None], line: int) -> PoolRow:
    """The row with the cells of these columns; what is missing is empty."""
    account_id, user_name, password, sign_in_url = ((cells.get(column) or "").strip() for column in COLUMNS)
    return PoolRow(account_id, user_name, Secret(password), sign_in_url, line)


def checked(rows: Iterable[PoolRow]) -> Sequence[PoolRow]:
    """The rows, where each is whole. Raises Refusal with the first few lines that are not."""
    pool = tuple(rows)
    wrong = _wrong(pool)
    if wrong:
        raise _refusal(wrong)
    return pool


def pasted_rows(text: str) -> Sequence[PoolRow]:
    """The rows of a pasted list: commas, semicolons or tabs between the cells, with or without a line of column names.

    Raises Refusal (field ``pool_passwords``) with the lines that are wrong.
    """
    head, cells = _cells(text)
    if not cells:
        raise Refusal("I see no account there: one line each, as in the example.", field="pool_passwords")
    if len(text) >= PASTED:
        whole = len(cells) - 1
        raise Refusal(
            f"A window takes {PASTED} characters, so the end was cut off. Paste {whole} lines at a time, the rest afterwards; "
            "for long lists there is `kantor accounts import` on the machine where I run.",
            field="pool_passwords",
        )
    crowded = {line: len(row) for line, row in cells if len(row) > len(head)}
    # Of a line with too many cells nobody knows which is which.
    pool = tuple(_row(head, line, row) for line, row in cells if line not in crowded)
    wrong = [
        f"Line {line}: {number} cells in place of {len(head)}. Put double quotes around a cell with a comma."
        for line, number in crowded.items()
    ]
    wrong += [*_wrong(pool), *_repeated(pool)]
    if wrong:
        raise _refusal(wrong, field="pool_passwords")
    return pool


def _cells(text: str) -> tuple[Sequence[str], list[tuple[int, list[str]]]]:
    """The names of the columns, and each line's number and cells; empty lines are left out."""
    reader = csv.reader(io.StringIO(text.strip("\n")), delimiter=_delimiter(text), skipinitialspace=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except csv.Error:
        raise Refusal(
            f"Line {reader.line_num} is no line of cells. Nothing was imported.",
            field="pool_passwords",
        ) from None
    first = [cell.casefold() for cell in lines[0][1]] if lines else []
    if set(COLUMNS) <= set(first):
        return first, lines[1:]
    return COLUMNS, lines


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    # A spreadsheet copies its cells with tabs; a European one saves them with semicolons.
    if "\t" in first:
        return "\t"
    return ";" if first.count(";") >= len(COLUMNS) - 1 and first.count(",") < len(COLUMNS) - 1 else ","


def _row(head: Sequence[str], line: int, cells: Sequence[str]) -> PoolRow:
    named = dict(zip(head, cells, strict=False))
    return row_of(named, line)


def _wrong(pool: Sequence[PoolRow]) -> list[str]:
    wrong = []
    for number, row in enumerate(pool, start=1):
        line = row.line or number
        missing = [column for column in COLUMNS if not _is_given(getattr(row, column))]
        if missing:
            wrong.append(f"Line {line}: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} empty.")
        if "sign_in_url" not in missing and not row.sign_in_url.startswith("https://"):
            wrong.append(f"Line {line}: sign_in_url must start with https://, as in https://example.com/console.")
    return wrong


def _is_given(cell: str | Secret) -> bool:
    return bool(cell.strip() if isinstance(cell, str) else cell)


def _repeated(pool: Sequence[PoolRow]) -> list[str]:
    first: dict[tuple[str, str], int] = {}
    return [
        f"Line {row.line} is about the same account and user as line {first[row.account_id, row.user_name]}."
        for row in pool
        if first.setdefault((row.account_id, row.user_name), row.line) != row.line
    ]


def _refusal(wrong: Sequence[str], field: str | None = None) -> Refusal:
    more = [f"{len(wrong) - _TOLD} more lines are wrong."] if len(wrong) > _TOLD else []
    return Refusal(" ".join([*wrong[:_TOLD], *more, "Nothing was imported."]), field=field)
